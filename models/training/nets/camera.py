"""Photographs a strip and cuts the crop a line finder would give.

Purpose: geometry of an imperfect line box, then light, optics, sensor, sharpening and compression, in four severities
(0 flat scan, 1 good photo, 2 webcam or mediocre photo, 3 bad), with blur tied to the cap height as on real pictures.
Invariant: the crop is 32 px high, grey; the answer carries a colon only where the whole colon is in the crop.
Deliberately lacks colour: the recogniser reads grey.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from .ink import CAP_PX, Strip

CROP_HEIGHT_PX = 32
SEVERITY_SHARES = [2.0, 3.5, 4.0, 2.6]
# Cap height of body text in px, by severity; NIK digits and headers are larger on the card.
_CAP_PX = [(12, 28), (10.5, 24), (8.5, 19), (6.5, 13)]
_CAP_SCALE = {"nik": 1.65, "header": 1.28}
_SIGMA_PER_CAP = [(0.035, 0.5), (0.06, 0.32), (0.085, 0.30), (0.105, 0.28)]  # lognormal (median, sd); real edge/cap .06-.28
_NOISE = [(0, 3), (0.5, 4), (1, 5.5), (1, 7.5)]
_JPEG = [(80, 98), (60, 95), (42, 85), (28, 70)]
_CONTRAST = [(0.75, 1.0), (0.55, 1.0), (0.45, 0.95), (0.33, 0.85)]
_RAMP = [0.1, 0.3, 0.5, 0.65]
_GLARE = [0.0, 0.05, 0.14, 0.25]
_MOTION = [0.0, 0.12, 0.22, 0.35]
_BOX_ERROR = [0.5, 0.8, 1.0, 1.3]


@dataclass
class Crop:
    image: np.ndarray  # (32, W) uint8
    text: str
    kind: str
    severity: int


def photograph(strip: Strip, rng: random.Random, noise: np.random.RandomState, severity: int | None = None) -> Crop:
    level = rng.choices(range(4), SEVERITY_SHARES)[0] if severity is None else severity
    scale = _CAP_SCALE.get(strip.kind, 1.0) if rng.random() < 0.85 else 1.0
    cap = rng.uniform(*_CAP_PX[level]) * scale
    image, text = _expose(strip, rng, noise, level, cap)
    image = _light(image, rng, level)
    # Blur scales with the card: its measure is the body cap height, also for larger print.
    median, spread = _SIGMA_PER_CAP[level]
    image = _optics(image, rng, level, min(0.17, rng.lognormvariate(np.log(median), spread)) * cap / scale)
    image = _sensor(image, rng, noise, level)
    return Crop(_normalise_height(image, rng), text, strip.kind, level)


def _box(strip: Strip, rng: random.Random, level: int) -> tuple[float, float, float, float, str]:
    """Crop edges at strip scale: left, right, top, bottom, and the answer for exactly this cut."""
    cap, error = strip.cap_bottom - strip.cap_top, _BOX_ERROR[level]
    if rng.random() < 0.6:  # as the reader cuts: box height ± .33
        margin, shift = max(0.1, rng.gauss(0.33, 0.08 * error)), rng.gauss(0, 0.05 * error)
        top, bottom = margin + shift, margin - shift
    else:
        top, bottom = rng.uniform(0.1, 0.6), rng.uniform(0.1, 0.6)
    left, right = rng.uniform(0.1, 1.0) * cap, rng.uniform(0.1, 1.3) * cap
    if rng.random() < 0.06:  # the box starts or ends inside the first or last letter
        left = -rng.uniform(0, 0.18) * cap
    if rng.random() < 0.04:
        right = -rng.uniform(0, 0.15) * cap
    x0, text = strip.x0 - left, strip.text
    if strip.colon_x0 is not None and x0 < strip.x0 - 0.1 * cap:
        if rng.random() < 0.4:
            x0 = strip.colon_x0 - rng.uniform(0.08, 0.6) * cap
        if x0 <= strip.colon_x0 - 0.04 * cap:
            text = ": " + text
    return max(1.0, x0), strip.x1 + right, strip.cap_top - top * cap, strip.cap_bottom + bottom * cap, text


def _expose(strip: Strip, rng: random.Random, noise: np.random.RandomState, level: int, cap: float) -> tuple[np.ndarray, str]:
    x0, x1, y0, y1, text = _box(strip, rng, level)
    error, s = _BOX_ERROR[level], cap / CAP_PX
    squeeze = rng.uniform(0.93, 1.07) if rng.random() < 0.9 else rng.uniform(0.75, 1.25)
    w, h = max(8, round((x1 - x0) * s * squeeze)), max(8, round((y1 - y0) * s))
    tilt = rng.gauss(0, 0.012) * error * min(x1 - x0, CAP_PX * 14)
    slant = rng.gauss(0, 0.06) * CAP_PX * error
    lean = lambda: rng.gauss(0, 0.05) * CAP_PX * error
    source = np.float32([[x0, y0 - tilt / 2], [x1, y0 + tilt / 2], [x1 + lean() + slant, y1 + tilt / 2 + lean()], [x0 + lean() + slant, y1 - tilt / 2]])
    target = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    depth = rng.uniform(8, 50) if rng.random() < 0.9 else rng.uniform(50, 100)
    scene = strip.paper * (1 - strip.ink) + depth * strip.ink
    if s < 0.9 and rng.random() > 0.08:  # the rest is point-sampled: moiré
        scene = cv2.GaussianBlur(scene, (0, 0), 0.34 / s)
    if error > 0.9 and rng.random() < 0.25:
        scene = _bend(scene, rng)
    matrix = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(scene, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), text


def _bend(scene: np.ndarray, rng: random.Random) -> np.ndarray:
    h, w = scene.shape
    xs = np.arange(w, dtype=np.float32)
    offset = (rng.gauss(0, 0.08) * CAP_PX * np.sin(xs / (w * rng.uniform(0.7, 2)) * 6.283 + rng.uniform(0, 6.283))).astype(np.float32)
    ys = np.arange(h, dtype=np.float32)[:, None] + offset[None]
    return cv2.remap(scene, np.ascontiguousarray(np.broadcast_to(xs, (h, w))), ys, cv2.INTER_LINEAR)


def _light(image: np.ndarray, rng: random.Random, level: int) -> np.ndarray:
    h, w = image.shape
    xs, ys = np.linspace(-1, 1, w, dtype=np.float32)[None], np.linspace(-1, 1, h, dtype=np.float32)[:, None]
    tilt = rng.uniform(-1, 1)
    image = image * ((1 + rng.uniform(0, _RAMP[level]) * (tilt * xs + (1 - abs(tilt)) * ys * rng.choice([-0.5, 0.5]))) * rng.uniform(0.5, 1.12))
    contrast, mean = rng.uniform(*_CONTRAST[level]), image.mean()
    image = mean + (image - mean) * contrast + rng.uniform(-30, 50) * (1 - contrast)
    if rng.random() < 0.12:  # one part faded: hologram or veil
        part = 1 / (1 + np.exp(-(xs - rng.uniform(-0.8, 0.8)) / rng.uniform(0.05, 0.4)))
        image = image + (image.max() - image) * part * rng.uniform(0.1, 0.5)
    if rng.random() < _GLARE[level]:
        blob = np.exp(-(((xs - rng.uniform(-1, 1)) / rng.uniform(0.04, 0.5)) ** 2 + ((ys - rng.uniform(-1.5, 1.5)) / rng.uniform(0.6, 2.5)) ** 2))
        image = image + blob * rng.uniform(30, 150)
    if rng.random() < 0.08 and w > 40:
        image[:, rng.randint(5, w - 5) :] *= rng.uniform(0.5, 0.85)
    return np.minimum(image, 255).astype(np.float32)


def _optics(image: np.ndarray, rng: random.Random, level: int, sigma_px: float) -> np.ndarray:
    if sigma_px > 0.25:
        image = cv2.GaussianBlur(image, (0, 0), sigma_px)
    if rng.random() < _MOTION[level]:
        length, angle = rng.uniform(1.2, 3.2), rng.uniform(0, np.pi)
        size = int(length * 2) | 1
        kernel, c = np.zeros((size, size), np.float32), size // 2
        dx, dy = np.cos(angle) * length / 2, np.sin(angle) * length / 2
        cv2.line(kernel, (round(c - dx), round(c - dy)), (round(c + dx), round(c + dy)), 1.0)
        image = cv2.filter2D(image, -1, kernel / kernel.sum())
    return image


def _sensor(image: np.ndarray, rng: random.Random, noise: np.random.RandomState, level: int) -> np.ndarray:
    image = image + noise.randn(*image.shape).astype(np.float32) * rng.uniform(*_NOISE[level])
    if rng.random() < 0.25:  # denoise and sharpen as webcams do: halo beside strokes
        soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 1.8))
        image = image + (image - soft) * rng.uniform(0.3, 1.8)
    image = np.clip(image, 0, 255).astype(np.uint8)
    quality = rng.randint(*_JPEG[level])
    if quality >= 96:
        return image
    # The 8-px block grid falls anywhere on a line.
    dy, dx = rng.randrange(8), rng.randrange(8)
    padded = cv2.copyMakeBorder(image, dy, 0, dx, 0, cv2.BORDER_REPLICATE)
    coded = cv2.imencode(".jpg", padded, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)[dy:, dx:]


def _normalise_height(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """As the reader does it: sometimes through an enlarged rectified card, then to 32 px."""
    h, w = image.shape
    if h < 26 and rng.random() < 0.5:
        f = rng.uniform(1.1, 1.6)
        image = cv2.resize(image, (max(8, round(w * f)), max(8, round(h * f))), interpolation=cv2.INTER_CUBIC)
    width = int(np.clip(round(w * CROP_HEIGHT_PX / h), 16, 1600))
    shrink = cv2.INTER_AREA if image.shape[0] > CROP_HEIGHT_PX * 1.3 else rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC])
    return cv2.resize(image, (width, CROP_HEIGHT_PX), interpolation=shrink)
