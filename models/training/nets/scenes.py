"""Small scenes with a card in them, for the localiser.

Purpose: letterboxed 256-px pictures as the localiser sees them: whole frames (card at 12–105 % of the frame, any
rotation, portrait, cut off, squeezed, in hands, among other papers) and the close crops of its own refinement.
Invariant: the quad is the card's own four corners, top-left of the print first, also where they lie outside the frame.
Deliberately lacks fine print detail: at this size only layout, colour and edges count.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from .bank import Bank

SIDE_PX, LONG_PX = 256, 232
GREY = 114
ASPECT = 1.5858
_REFINE_W, _REFINE_H = 232, 160


@dataclass
class Scene:
    image: np.ndarray  # (256, 256, 3) uint8 BGR
    quad: np.ndarray  # (4, 2) float32 px: TL TR BR BL
    has_card: bool


def rounded_mask(h: int, w: int, radius: int) -> np.ndarray:
    mask = np.zeros((h, w), np.float32)
    cv2.rectangle(mask, (radius, 0), (w - radius, h), 1.0, -1)
    cv2.rectangle(mask, (0, radius), (w, h - radius), 1.0, -1)
    for x in (radius, w - radius):
        for y in (radius, h - radius):
            cv2.circle(mask, (x, y), radius, 1.0, -1)
    return mask


def oriented_quad(rng: random.Random, noise, width: float, angle_deg: float, perspective: float) -> np.ndarray:
    """Card of `width` px around the origin."""
    h = width / ASPECT
    corners = np.array([[-width, -h], [width, -h], [width, h], [-width, h]]) / 2
    rx, ry = noise.randn(2) * perspective
    corners = corners / np.maximum(0.4, 1 + (corners[:, :1] * rx + corners[:, 1:] * ry) / width)
    a = np.deg2rad(angle_deg)
    return corners @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]).T


def paste(rng: random.Random, image: np.ndarray, card: np.ndarray, quad: np.ndarray, gain=1.0) -> np.ndarray:
    h, w = image.shape[:2]
    ch, cw = card.shape[:2]
    wanted = max(16, int(1.3 * max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))))
    if wanted < cw:  # shrink first: warping alone would alias
        card = cv2.resize(card, (wanted, max(10, int(ch * wanted / cw))), interpolation=cv2.INTER_AREA)
        ch, cw = card.shape[:2]
    matrix = cv2.getPerspectiveTransform(np.float32([[0, 0], [cw, 0], [cw, ch], [0, ch]]), np.float32(quad))
    mask = cv2.warpPerspective(rounded_mask(ch, cw, int(rng.choice([0.037, 0.037, 0.037, 0.01]) * cw)), matrix, (w, h))[..., None]
    if rng.random() < 0.6:  # shadow beside the card
        shadow = cv2.GaussianBlur(mask[..., 0], (0, 0), rng.uniform(0.7, 6))
        shadow = np.roll(shadow, (rng.randint(-5, 7), rng.randint(-5, 7)), (0, 1))
        image = image * (1 - shadow[..., None] * rng.uniform(0.1, 0.7))
    return image * (1 - mask) + cv2.warpPerspective(card, matrix, (w, h)).astype(np.float32) * gain * mask


def other_document(rng: random.Random, backdrops: np.ndarray, width: int = 400) -> np.ndarray:
    """A card or paper that is no KTP: plain or busy ground, text, boxes."""
    u = rng.uniform
    h = int(width / rng.choice([1.5858, 1.5858, 1.41, 0.707, 0.63]))
    if rng.random() < 0.7:
        image = np.full((h, width, 3), [u(90, 255) for _ in range(3)], np.uint8)
    else:
        image = cv2.resize(backdrops[rng.randrange(len(backdrops))], (width, h))
    for _ in range(rng.randint(1, 16)):
        text = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUabcdeimno 0123456789") for _ in range(rng.randint(3, 26)))
        at = (int(u(0, 0.7) * width), int(u(0.05, 1) * h))
        cv2.putText(image, text, at, rng.choice([0, 2, 3, 6]), u(0.3, 1.0), [u(0, 120)] * 3, rng.randint(1, 2), cv2.LINE_AA)
    if rng.random() < 0.4:  # a portrait box
        x, y = int(u(0, 0.7) * width), int(u(0.1, 0.6) * h)
        cv2.rectangle(image, (x, y), (x + int(0.2 * width), y + int(0.25 * width)), [u(0, 255) for _ in range(3)], -1)
    if rng.random() < 0.4:  # a coloured band
        cv2.rectangle(image, (0, int(u(0, 0.3) * h)), (width, int(u(0.1, 0.4) * h)), [u(0, 255) for _ in range(3)], -1)
    return image


class SceneMaker:
    """Scene k is a function of its seed alone."""

    def __init__(self, bank: Bank):
        self.bank = bank
        self.cards = [cv2.resize(np.asarray(c), (400, 252), interpolation=cv2.INTER_AREA) for c in bank.cards]

    def __call__(self, seed: int) -> Scene:
        rng, noise = random.Random(seed), np.random.RandomState(seed % (1 << 32))
        refine = rng.random() < 0.35
        w, h = (_REFINE_W, _REFINE_H) if refine else self._frame_size(rng)
        image = self._ground(rng, noise, w, h)
        has_card = rng.random() >= (0.05 if refine else 0.14)
        quad = np.zeros((4, 2))
        if has_card:
            quad = self._close(rng, noise, w, h) if refine else self._anywhere(rng, noise, w, h)
            image = self._with_card(rng, noise, image, quad)
        elif rng.random() < 0.5:
            at = oriented_quad(rng, noise, w * rng.uniform(0.4, 0.95), rng.uniform(-20, 20), 0.1) + [w / 2, h / 2]
            image = paste(rng, image, other_document(rng, self.bank.backdrops), at, rng.uniform(0.6, 1.1))
        image = _light_and_sensor(rng, noise, image)
        if refine and has_card and rng.random() < 0.15:  # the frame ended here: the reader fills with letterbox grey
            image, quad = _cut(rng, image, quad)
        canvas = np.full((SIDE_PX, SIDE_PX, 3), GREY, np.uint8)
        x, y = (SIDE_PX - w) // 2, (SIDE_PX - h) // 2
        canvas[y : y + h, x : x + w] = image
        return Scene(canvas, (quad + [x, y]).astype(np.float32), has_card)

    def _frame_size(self, rng: random.Random) -> tuple[int, int]:
        aspect = ASPECT * rng.uniform(0.93, 1.07) if rng.random() < 0.18 else rng.choice([4 / 3, 4 / 3, 16 / 9, 16 / 9, 1.5, 1.0, 0.75, 0.75, 9 / 16, 2 / 3])
        return (LONG_PX, int(LONG_PX / aspect)) if aspect >= 1 else (int(LONG_PX * aspect), LONG_PX)

    def _ground(self, rng: random.Random, noise, w: int, h: int) -> np.ndarray:
        picture = self.bank.backdrops[rng.randrange(len(self.bank.backdrops))]
        y, x = rng.randint(0, picture.shape[0] - h), rng.randint(0, picture.shape[1] - w)
        image = picture[y : y + h, x : x + w].astype(np.float32)
        if rng.random() < 0.5:
            image = image[:, ::-1]
        if rng.random() < 0.2:
            image = cv2.GaussianBlur(np.ascontiguousarray(image), (0, 0), rng.uniform(2, 8))
        q = rng.random()
        if q < 0.12:
            image = np.full((h, w, 3), rng.uniform(200, 255), np.float32)
        elif q < 0.19:
            image = np.full((h, w, 3), rng.uniform(0, 40), np.float32)
        if rng.random() < 0.3:
            image = image[..., noise.permutation(3)]
        for _ in range(rng.choice([0, 0, 0, 0, 1, 1, 2, 3])):
            at = oriented_quad(rng, noise, w * rng.uniform(0.2, 0.9), rng.uniform(0, 360), 0.15) + [rng.uniform(0, w), rng.uniform(0, h)]
            image = paste(rng, image, other_document(rng, self.bank.backdrops), at, rng.uniform(0.6, 1.1))
        return np.ascontiguousarray(image, np.float32)

    def _close(self, rng: random.Random, noise, w: int, h: int) -> np.ndarray:
        """Left-over error of a first guess whose rectangle is inset by 8–12 %."""
        error = rng.choice([0.008, 0.02, 0.04, 0.07])
        inset = rng.uniform(0.06, 0.14)
        base = np.array([[inset, inset], [1 - inset, inset], [1 - inset, 1 - inset], [inset, 1 - inset]])
        return (base + noise.randn(4, 2) * error + noise.randn(2) * error * 0.7) * [w, h]

    def _anywhere(self, rng: random.Random, noise, w: int, h: int) -> np.ndarray:
        for _ in range(60):
            upright = 0 if rng.random() < 0.6 else rng.choice([90, 180, 270])
            angle = upright + (rng.gauss(0, 6) if rng.random() < 0.7 else rng.uniform(-45, 45))
            q = rng.random()
            if q < 0.24:
                width = w * rng.uniform(0.12, 0.40)
            elif q < 0.42:
                width = w * rng.uniform(0.85, 1.05)
            elif upright in (90, 270) and h > w:
                width = h * rng.uniform(0.45, 1.0)
            else:
                width = w * rng.uniform(0.38, 1.0)
            quad = oriented_quad(rng, noise, max(width, 26), angle, rng.uniform(0, 0.2))
            if rng.random() < 0.05:
                quad = quad * ([rng.uniform(0.65, 1), 1] if rng.random() < 0.5 else [1, rng.uniform(0.65, 1)])
            low, high = quad.min(0), quad.max(0)
            over = rng.choice([0.005, 0.005, 0.05, 0.15])  # share of the frame a corner may lie outside
            size = np.array([w, h])
            if ((high - low) > size * (1 + 2 * over)).any():
                continue
            start, end = -low - over * size, size * (1 + over) - high
            return quad + [rng.uniform(a, b) for a, b in zip(start, end)]
        return oriented_quad(rng, noise, 0.6 * min(w, h * ASPECT), 0, 0) + [w / 2, h / 2]

    def _with_card(self, rng: random.Random, noise, image: np.ndarray, quad: np.ndarray) -> np.ndarray:
        u, centre = rng.uniform, quad.mean(0)
        if rng.random() < 0.12:  # sleeve or paper under the card
            around = centre + (quad - centre) * u(1.03, 1.3) + noise.randn(2) * 3
            image = paste(rng, image, np.full((80, 127, 3), u(120, 255), np.uint8), around)
        tint = u(0.5, 1.15) * np.array([u(0.8, 1.15), u(0.95, 1.03), u(0.78, 1.12)], np.float32)
        card = self.cards[rng.randrange(len(self.cards))]
        image = np.ascontiguousarray(paste(rng, image, card, quad, tint), np.float32)
        if rng.random() < 0.1:  # glossy sleeve over it
            outline, veiled = (centre + (quad - centre) * u(1.0, 1.15)).astype(np.int32), image.copy()
            cv2.fillPoly(veiled, [outline], [u(150, 255)] * 3)
            image = image * 0.85 + veiled * 0.15
            cv2.polylines(image, [outline], True, [u(180, 255)] * 3, 1, cv2.LINE_AA)
        if rng.random() < 0.4:
            _fingers(rng, noise, image, quad)
        return image


def _fingers(rng: random.Random, noise, image: np.ndarray, quad: np.ndarray) -> None:
    u, centre, width = rng.uniform, quad.mean(0), np.linalg.norm(quad[0] - quad[1])
    skin = np.array([u(50, 160), u(80, 185), u(110, 235)])
    for _ in range(rng.randint(1, 4)):
        k, along = rng.randrange(4), u(0.05, 0.95)
        root = quad[k] * (1 - along) + quad[(k + 1) % 4] * along
        start = root + (root - centre) * u(0.4, 1.2) + noise.randn(2) * 8
        tip = root + (centre - root) * u(0, 0.25)
        thick = max(2, int(width * u(0.05, 0.12)))
        cv2.line(image, start.astype(int).tolist(), tip.astype(int).tolist(), (skin * u(0.85, 1)).tolist(), thick, cv2.LINE_AA)
        cv2.circle(image, tip.astype(int).tolist(), max(1, thick // 3), (skin * 1.1).tolist(), -1, cv2.LINE_AA)


def _light_and_sensor(rng: random.Random, noise, image: np.ndarray) -> np.ndarray:
    u, (h, w) = rng.uniform, image.shape[:2]
    xs, ys = np.linspace(-1, 1, w, dtype=np.float32)[None], np.linspace(-1, 1, h, dtype=np.float32)[:, None]
    image = image * (u(0.4, 1.2) * (1 + u(0, 0.6) * (xs * u(-1, 1) + ys * u(-1, 1))))[..., None]
    if rng.random() < 0.25:
        image += (np.exp(-(((xs - u(-0.8, 0.8)) / u(0.1, 0.4)) ** 2 + ((ys - u(-0.8, 0.8)) / u(0.1, 0.5)) ** 2)) * u(40, 220))[..., None]
    if rng.random() < 0.25:
        shade = np.zeros((h, w), np.float32)
        cv2.fillConvexPoly(shade, cv2.convexHull(noise.randint(-50, 300, (5, 2)).astype(np.int32)), 1.0)
        image = image * (1 - cv2.GaussianBlur(shade, (0, 0), u(1, 8))[..., None] * u(0.15, 0.6))
    if rng.random() < 0.08:
        image = image.mean(2, keepdims=True) * np.ones(3, np.float32)
    if rng.random() < 0.6:
        image = cv2.GaussianBlur(image, (0, 0), u(0.2, 1.3))
    image = np.clip(image + noise.randn(h, w, 1).astype(np.float32) * u(0, 8), 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 95)])[1], 1)
    return image


def _cut(rng: random.Random, image: np.ndarray, quad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = quad.min(0), quad.max(0)
    size, image = high - low, image.copy()
    side = rng.choice(["bottom", "bottom", "left", "right", "top"])
    if side == "bottom":
        image[max(1, int(high[1] - size[1] * rng.uniform(0, 0.22))) :] = GREY
    elif side == "top":
        image[: max(0, int(low[1] + size[1] * rng.uniform(0, 0.05)))] = GREY
    elif side == "left":
        image[:, : max(0, int(low[0] + size[0] * rng.uniform(0, 0.05)))] = GREY
    else:
        image[:, int(high[0] - size[0] * rng.uniform(0, 0.08)) :] = GREY
    return image, quad
