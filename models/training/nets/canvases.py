"""Rectified card canvases for the line finder.

Purpose: grey 640×400 pictures of a card as the localiser leaves it (corner errors, light, blur, objects), with its lines.
Invariant: the canvas shows the card inset by 2.5 % of each side; a line box is its left and right mid points and its
cap height, in canvas px.
Deliberately lacks colour, and colons: they belong to neither ribbon.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from .bank import Bank
from .scenes import rounded_mask

WIDTH_PX, HEIGHT_PX, MARGIN = 640, 400, 0.025
CARD_QUAD = np.float32([[MARGIN, MARGIN], [1 - MARGIN, MARGIN], [1 - MARGIN, 1 - MARGIN], [MARGIN, 1 - MARGIN]]) * [WIDTH_PX, HEIGHT_PX]


@dataclass
class LineBox:
    left: tuple[float, float]
    right: tuple[float, float]
    height: float
    is_label: bool


@dataclass
class Canvas:
    image: np.ndarray  # (400, 640) uint8
    boxes: list[LineBox]


def line_boxes(lines: list[dict], card_to_canvas: np.ndarray, card_w: int, card_h: int) -> list[LineBox]:
    boxes = []
    for line in lines:
        if line["kind"] == "colon":
            continue
        x0, x1, y0, y1 = line["x0"] * card_w, line["x1"] * card_w, line["y0"] * card_h, line["y1"] * card_h
        p = cv2.perspectiveTransform(np.float32([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]]), card_to_canvas)[0]
        left, right = (p[0] + p[3]) / 2, (p[1] + p[2]) / 2
        height = (p[3, 1] - p[0, 1] + p[2, 1] - p[1, 1]) / 2
        boxes.append(LineBox(tuple(left.tolist()), tuple(right.tolist()), float(height), line["kind"] == "label"))
    return boxes


class CanvasMaker:
    """Canvas k is a function of its seed alone."""

    def __init__(self, bank: Bank):
        self.bank = bank

    def __call__(self, seed: int) -> Canvas:
        rng, noise = random.Random(seed), np.random.RandomState(seed % (1 << 32))
        u, k = rng.uniform, rng.randrange(len(self.bank.cards))
        card = np.asarray(self.bank.cards[k])
        h, w = card.shape[:2]
        error = noise.randn(4, 2) * [WIDTH_PX, HEIGHT_PX] * rng.choice([0.004, 0.01, 0.01, 0.02, 0.03])
        quad = np.float32(CARD_QUAD + error + noise.randn(2) * [WIDTH_PX, HEIGHT_PX] * 0.006)
        matrix = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), quad)
        grey = cv2.cvtColor(card, cv2.COLOR_BGR2GRAY) if rng.random() < 0.8 else card[..., rng.randrange(3)]
        res = WIDTH_PX if rng.random() < 0.4 else int(u(300, WIDTH_PX))
        if res < WIDTH_PX:
            grey = cv2.GaussianBlur(grey, (0, 0), WIDTH_PX / res * 0.35)
        ground = self.bank.backdrops[rng.randrange(len(self.bank.backdrops))]
        ground = cv2.resize(cv2.cvtColor(np.asarray(ground), cv2.COLOR_BGR2GRAY), (WIDTH_PX, HEIGHT_PX)).astype(np.float32)
        mask = cv2.warpPerspective(rounded_mask(h, w, int(0.037 * w)), matrix, (WIDTH_PX, HEIGHT_PX))
        x = cv2.warpPerspective(grey.astype(np.float32), matrix, (WIDTH_PX, HEIGHT_PX))
        x = _objects(rng, noise, _light(rng, noise, ground * (1 - mask) + x * mask))
        return Canvas(_sensor(rng, noise, x, res), line_boxes(self.bank.lines[k], matrix, w, h))


def _light(rng: random.Random, noise, x: np.ndarray) -> np.ndarray:
    u = rng.uniform
    xs, ys = np.linspace(-1, 1, WIDTH_PX, dtype=np.float32)[None], np.linspace(-1, 1, HEIGHT_PX, dtype=np.float32)[:, None]
    mean = x.mean()
    x = (mean + (x - mean) * u(0.35, 1.1)) * u(0.4, 1.15) * (1 + u(0, 0.6) * (xs * u(-1, 1) + ys * u(-1, 1)))
    if rng.random() < 0.35:  # glare
        x = x + np.exp(-(((xs - u(-0.9, 0.9)) / u(0.08, 0.4)) ** 2 + ((ys - u(-0.9, 0.9)) / u(0.08, 0.5)) ** 2)) * u(40, 220)
    if rng.random() < 0.25:  # shadow
        shade = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        cv2.fillConvexPoly(shade, cv2.convexHull(noise.randint(-100, 700, (5, 2)).astype(np.int32)), 1.0)
        x = x * (1 - cv2.GaussianBlur(shade, (0, 0), u(1, 10)) * u(0.15, 0.6))
    if rng.random() < 0.3:  # moiré
        angle = u(0, 3.14)
        x = x + np.sin((xs * WIDTH_PX / 2 * np.cos(angle) + ys * HEIGHT_PX / 2 * np.sin(angle)) / u(0.6, 3)) * u(3, 18)
    if rng.random() < 0.3:
        x = x + cv2.resize(noise.randn(20, 30).astype(np.float32), (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC) * u(3, 20)
    return x.astype(np.float32)


def _objects(rng: random.Random, noise, x: np.ndarray) -> np.ndarray:
    """Scratches, sleeve edges, a finger."""
    if rng.random() < 0.2:
        x = np.ascontiguousarray(x)
        for _ in range(rng.randint(1, 4)):
            a, b = noise.randint(0, WIDTH_PX, 2).tolist(), noise.randint(0, WIDTH_PX, 2).tolist()
            cv2.line(x, a, b, rng.uniform(30, 230), rng.choice([1, 1, 2, 25]), cv2.LINE_AA)
    return x


def _sensor(rng: random.Random, noise, x: np.ndarray, res: int) -> np.ndarray:
    u = rng.uniform
    if rng.random() < 0.6:
        x = cv2.GaussianBlur(x, (0, 0), u(0.3, 1.6))
    if res < WIDTH_PX:
        rows = int(res * HEIGHT_PX / WIDTH_PX)
        small = cv2.resize(x, (res, rows), interpolation=cv2.INTER_AREA) + noise.randn(rows, res).astype(np.float32) * u(0, 6)
        x = cv2.resize(small, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    else:
        x = x + noise.randn(HEIGHT_PX, WIDTH_PX).astype(np.float32) * u(0, 10)
    if rng.random() < 0.2:
        x = x + (x - cv2.GaussianBlur(x, (0, 0), 1.5)) * u(0.5, 1.5)
    x = np.clip(x, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        x = cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 90)])[1], 0)
    return x
