"""The unprinted card: pale blue paper, guilloche, white map and globe, and the diagonal micro-text band.

Invariant: a style number always gives the same artwork; styles are drawn once per process and then tinted per card.
The artwork is our own approximation made of waves, ellipses and rough island outlines; no security feature is copied.
"""

import random
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from .ink import ASPECT, SANS, _font

STYLES = 16
MARGIN = 1.06
"""Artwork is drawn this much larger than the card, so that its position can differ from card to card."""
PITCH_TO_2016, PITCH_FROM_2017 = 0.0067, 0.0075
"""Guilloche pitch in card heights, measured."""

ISLANDS = [
    [(.10, .30), (.14, .31), (.24, .46), (.31, .62), (.30, .66), (.24, .60), (.15, .42)],
    [(.30, .70), (.36, .70), (.45, .73), (.52, .76), (.51, .79), (.42, .77), (.31, .74)],
    [(.38, .38), (.46, .34), (.53, .30), (.57, .36), (.54, .48), (.50, .60), (.42, .58), (.37, .48)],
    [(.60, .44), (.68, .38), (.70, .41), (.64, .46), (.67, .52), (.65, .58), (.62, .52), (.61, .64), (.58, .62), (.59, .50)],
    [(.80, .52), (.86, .50), (.97, .56), (.97, .74), (.92, .68), (.86, .62), (.81, .58)],
    [(.55, .78), (.60, .78), (.66, .80), (.65, .82), (.56, .81)], [(.69, .84), (.76, .80), (.77, .82), (.70, .87)],
    [(.72, .42), (.74, .36), (.75, .42), (.73, .48)], [(.76, .55), (.80, .56), (.79, .58), (.76, .57)],
]


def _guilloche(rng: random.Random, width: int, height: int, card_height: float, pitch: float) -> np.ndarray:
    """Fine near-horizontal lines on long shallow arches that bunch into small waves; 1 on a line's middle."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u = x / width - rng.uniform(0.45, 0.55)
    arch = rng.uniform(0.04, 0.16) * card_height * (u * u * 4.0) * (0.4 + 0.6 * y / height)
    waves = rng.uniform(8, 20)
    knots = rng.uniform(0.3, 1.3) * pitch * card_height * np.sin(2 * np.pi * waves * u + rng.uniform(0, 6))
    bunch = np.sin(2 * np.pi * (y / height * rng.uniform(2, 5) + u * rng.uniform(-1, 1)))
    phase = (y + arch + knots * bunch) / (pitch * card_height)
    line = np.abs(phase - np.floor(phase) - 0.5) * 2.0
    return np.clip(1.0 - (1.0 - line) / rng.uniform(0.30, 0.42), 0.0, 1.0)


def _micro_text(rng: random.Random, width: int, height: int) -> np.ndarray:
    """The repeated title rising from left to right through the lower third."""
    band = Image.new("L", (width * 2, height))
    draw = ImageDraw.Draw(band)
    size = max(6.0, width * 0.0085)
    text = "KARTU TANDA PENDUDUK  " * 40
    for row in range(rng.randint(5, 9)):
        draw.text((-row * size * 3, int(height * 0.3 + row * size * 1.45)), text, font=_font(SANS, size), fill=255)
    angle = rng.uniform(9, 20)
    turn = cv2.getRotationMatrix2D((width * 0.5, height * 0.4), angle, 1.0)
    turn[1, 2] += rng.uniform(0.22, 0.36) * height
    return cv2.warpAffine(np.asarray(band), turn, (width, height), flags=cv2.INTER_LINEAR).astype(np.float32) / 255.0


def _map_and_globe(rng: random.Random, width: int, height: int) -> np.ndarray:
    """White artwork: islands as relief and a globe's meridians; 1 is fully white."""
    art = np.zeros((height, width), np.uint8)
    dx, dy, k = rng.uniform(-.04, .04), rng.uniform(-.08, .04), rng.uniform(0.85, 1.1)
    for outline in ISLANDS:
        points = [((.5 + (px - .5) * k + dx) * width * 8, (.5 + (py - .5) * k + dy) * height * 8) for px, py in outline]
        cv2.fillPoly(art, [np.int32(points)], rng.randint(90, 170), cv2.LINE_AA, 3)
    centre = (int(width * rng.uniform(.35, .6)), int(height * rng.uniform(.4, .6)))
    radius = int(height * rng.uniform(.38, .5))
    for part in (1.0, 0.78, 0.5, 0.2):
        for axes in ((int(radius * part), radius), (radius, int(radius * part))):
            cv2.ellipse(art, centre, axes, rng.uniform(-4, 4), 0, 360, rng.randint(110, 200), max(1, width // 500), cv2.LINE_AA)
    return cv2.GaussianBlur(art, (0, 0), width * 0.0012).astype(np.float32) / 255.0


@lru_cache(maxsize=64)
def _style(index: int, width_px: int, pitch: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Guilloche, white art (128 is none) and blue art of one style, uint8 planes."""
    rng = random.Random(7_000 + index)
    width, height = int(width_px * MARGIN), int(width_px / ASPECT * MARGIN)
    lines = _guilloche(rng, width, height, width_px / ASPECT, pitch)
    white = _map_and_globe(rng, width, height)
    blue = _micro_text(rng, width, height) * rng.uniform(0.4, 1.0)
    noise = np.random.default_rng(index).standard_normal((12, 18)).astype(np.float32)
    clouds = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    white = np.clip(128 + 127 * (white + 0.12 * clouds), 0, 255)
    return (lines * 255).astype(np.uint8), white.astype(np.uint8), (blue * 255).astype(np.uint8)


def draw_paper(rng: random.Random, width_px: int, year: int, orange: bool = False) -> np.ndarray:
    """A card without personal print: BGR uint8."""
    height_px = round(width_px / ASPECT)
    planes = _style(rng.randrange(STYLES), width_px, PITCH_TO_2016 if year < 2017 else PITCH_FROM_2017)
    y = rng.randint(0, planes[0].shape[0] - height_px)
    x = rng.randint(0, planes[0].shape[1] - width_px)
    lines, white, blue = (plane[y:y + height_px, x:x + width_px] for plane in planes)
    green = rng.uniform(222, 236)
    base = np.array([green * rng.gauss(1.055, 0.012), green, green * rng.gauss(0.90, 0.025)])
    absorb = np.array([0.35, 0.65, 1.15])
    if orange:
        base, absorb = base[::-1] * np.array([0.85, 0.95, 1.0]), absorb[::-1]
    whiteness = 2 * rng.uniform(0.02, 0.10)
    depth = cv2.addWeighted(lines, rng.uniform(0.24, 0.80), blue, rng.uniform(0.03, 0.10), 40 + 128 * whiteness)
    depth = cv2.addWeighted(depth, 1.0, white, -whiteness, 0)
    absorbed = (np.arange(256)[:, None] - 40) / 255.0 * absorb
    table = np.clip(base * (1.0 - absorbed), 0, 255).astype(np.uint8)
    return cv2.merge([cv2.LUT(depth, table[:, channel].copy()) for channel in range(3)])
