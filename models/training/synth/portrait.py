"""The photograph and the signature on a card: drawn stand-ins with face-like shading, nobody's likeness.

Invariant: the backdrop is red for odd birth years and blue for even ones, as cards have it. No face model, no texture files.
"""

import math
import random

import cv2
import numpy as np

Colour = tuple[float, float, float]


def _skin(rng: random.Random) -> np.ndarray:
    light, dark = np.array([140, 175, 222], np.float32), np.array([50, 75, 115], np.float32)
    return dark + (light - dark) * rng.uniform(0.05, 1.0)


def _oval(height: int, width: int, cx: float, cy: float, rx: float, ry: float, soft: float = 1.2) -> np.ndarray:
    """Anti-aliased ellipse coverage; centre and radii in fractions of the picture width and height."""
    mask = np.zeros((height, width), np.uint8)
    axes = (max(1, int(rx * width * 8)), max(1, int(ry * height * 8)))
    cv2.ellipse(mask, (int(cx * width * 8), int(cy * height * 8)), axes, 0, 0, 360, 255, -1, cv2.LINE_AA, 3)
    return cv2.GaussianBlur(mask, (0, 0), soft).astype(np.float32)[..., None] / 255.0


def _blend(picture: np.ndarray, mask: np.ndarray, colour: np.ndarray | Colour) -> np.ndarray:
    return picture + (np.asarray(colour, np.float32) - picture) * mask


def _features(rng: random.Random, picture: np.ndarray, skin: np.ndarray, cx: float, cy: float) -> np.ndarray:
    """Brows, eyes, nose shadow and mouth at the places a face has them."""
    height, width = picture.shape[:2]
    dark = skin * 0.25
    for side in (-1, 1):
        x = cx + side * 0.085
        picture = _blend(picture, _oval(height, width, x, cy - 0.065, 0.05, 0.010) * 0.8, dark)
        picture = _blend(picture, _oval(height, width, x, cy - 0.02, 0.042, 0.015) * 0.85, (225, 228, 232))
        picture = _blend(picture, _oval(height, width, x, cy - 0.02, 0.018, 0.014) * 0.95, (25, 25, 30))
    picture = _blend(picture, _oval(height, width, cx + 0.012, cy + 0.07, 0.035, 0.018, 2.5) * 0.5, skin * 0.6)
    lips = skin * np.array([0.75, 0.7, 0.95], np.float32)
    return _blend(picture, _oval(height, width, cx, cy + 0.135, rng.uniform(.055, .075), rng.uniform(.012, .02)) * 0.9, lips)


def draw_portrait(rng: random.Random, width: int, height: int, birth_year: int, female: bool) -> np.ndarray:
    """A head-and-shoulders stand-in, BGR uint8; drawn at half size, for printed portraits are soft."""
    picture = _head_and_shoulders(rng, (width + 1) // 2, (height + 1) // 2, birth_year % 2 == 1, female)
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)


def _head_and_shoulders(rng: random.Random, width: int, height: int, red: bool, female: bool) -> np.ndarray:
    backdrop = np.array([35, 30, 195] if red else [190, 80, 30], np.float32) * rng.uniform(0.75, 1.15)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.array([height, width], np.float32)[:, None, None]
    picture = np.ones((height, width, 3), np.float32) * backdrop * (1.0 - 0.12 * y[..., None])
    skin, cx, cy = _skin(rng), rng.uniform(0.47, 0.53), rng.uniform(0.40, 0.47)
    rx, ry = rng.uniform(0.19, 0.23), rng.uniform(0.205, 0.235)
    cloth = np.array([rng.uniform(20, 235) for _ in range(3)], np.float32)
    hair = np.array([22, 20, 22], np.float32) + rng.choice([0, 0, 0, 90])
    veil = female and rng.random() < 0.55
    hair_colour = cloth * 0.9 if veil else hair
    grow = 1.42 if veil else (1.3 if female else 1.12)
    picture = _blend(picture, _oval(height, width, cx, cy - 0.02 + (0.06 if veil else 0), rx * grow, ry * grow * 1.02), hair_colour)
    picture = _blend(picture, _oval(height, width, cx, 1.06, rng.uniform(0.42, 0.52), rng.uniform(0.30, 0.36)), cloth)
    if not veil:
        picture = _blend(picture, _oval(height, width, cx, cy + ry * 0.95, rx * 0.6, 0.13), skin * 0.82)
    side = rng.uniform(-0.5, 0.5)
    shade = np.clip(1.05 - 1.6 * (x - cx - side * 0.1) ** 2 / (rx * rx) * 0.18 - 0.5 * np.abs(y - cy), 0.5, 1.2)[..., None]
    face = _oval(height, width, cx, cy + 0.02, rx * 0.93, ry)
    picture = picture * (1 - face) + skin * shade * face
    if not female and not veil:
        crown = _oval(height, width, cx, cy - ry * 0.95, rx * 1.02, ry * 0.42)
        picture = _blend(picture, crown, (30, 25, 25) if rng.random() < 0.12 else hair)
    picture = _features(rng, picture, skin, cx, cy + 0.02)
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal((height, width), np.float32)
    mottle = cv2.resize(noise[:height // 2, :width // 2], (width, height)) * 12 * math.exp(rng.gauss(0, .5))
    grain = (noise * rng.uniform(2, 12) + mottle)[..., None]
    return np.clip(cv2.GaussianBlur(picture, (0, 0), width / 260) + grain, 0, 255).astype(np.uint8)


def draw_signature(rng: random.Random, height: int, width: int, touches_date: bool, over_date: bool = False) -> np.ndarray:
    """Coverage (uint8) of a handwritten scrawl on the card's lower right; `over_date`: across city and date of issue."""
    mask = np.zeros((height, width), np.uint8)
    span, count = rng.uniform(0.10, 0.25) * width, rng.randint(7, 16)
    reach = (0.69, 0.76) if over_date else (0.74, 0.82) if touches_date else (0.82, 0.89)
    centre_y = rng.uniform(*reach) * height
    start = (0.845 + rng.uniform(-0.02, 0.02)) * width - span / 2
    swing = rng.uniform(0.02, 0.07) * height
    xs = start + np.linspace(0, span, count) + np.array([rng.gauss(0, span * 0.08) for _ in range(count)])
    ys = centre_y + np.array([rng.gauss(0, 1) * swing * (1.5 if k < 3 else 1.0) for k in range(count)])
    if rng.random() < 0.04:
        ys = centre_y + np.linspace(0, rng.gauss(0, swing), count)
    t = np.linspace(0, count - 1, count * 12)
    points = np.stack([cv2.GaussianBlur(np.interp(t, range(count), v).astype(np.float32)[None], (25, 1), 4)[0] for v in (xs, ys)], 1)
    pen = rng.choice([1.2, 1.6, 2, 2.5, 3, 4.5]) * (rng.choice([1.0, 1.4, 1.8]) if over_date else 1.0)
    thick = max(1, round(width / 1000 * pen))
    cv2.polylines(mask, [np.int32(points * 8)], False, 255, thick, cv2.LINE_AA, 3)
    return mask
