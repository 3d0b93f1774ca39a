"""What lens, sensor and codec do to a picture: blur, motion, sharpening, noise, moire, JPEG generations.

Invariant: functions take and return BGR arrays of unchanged size unless they say so. They know nothing of cards.
"""

import random
from functools import lru_cache

import cv2
import numpy as np

NOISE_TILE = 1400
_DARK_NOISE = np.float32(1.0 + 3.0 * np.clip(1.0 - np.arange(256) / 190.0, 0.0, 1.0))


def defocus(rng: random.Random, image: np.ndarray, sigma_px: float, uneven: bool = False) -> np.ndarray:
    """Gaussian blur; uneven focus blends towards a blurrier picture along one direction."""
    if sigma_px < 0.25:
        return image
    blurred = cv2.GaussianBlur(image, (0, 0), sigma_px)
    if not uneven:
        return blurred
    worse = cv2.GaussianBlur(image, (0, 0), sigma_px * rng.uniform(1.4, 2.0))
    height, width = image.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    share = np.clip(0.5 + 0.6 * (x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))), 0, 1)
    return cv2.blendLinear(worse, blurred, share, 1.0 - share)


def motion_blur(rng: random.Random, image: np.ndarray, length_px: float) -> np.ndarray:
    """A straight hand movement of so many pixels in any direction."""
    size = int(np.ceil(length_px)) | 1
    if size < 3:
        return image
    kernel, angle, middle = np.zeros((size * 4, size * 4), np.float32), rng.uniform(0, np.pi), size * 2
    step = (np.cos(angle) * length_px * 2, np.sin(angle) * length_px * 2)
    start, end = (middle - step[0], middle - step[1]), (middle + step[0], middle + step[1])
    cv2.line(kernel, tuple(map(round, start)), tuple(map(round, end)), 1.0, 2, cv2.LINE_AA)
    kernel = cv2.resize(kernel, (size, size), interpolation=cv2.INTER_AREA)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def sharpen(image: np.ndarray, amount: float, radius_px: float = 1.0) -> np.ndarray:
    """Unsharp masking as cameras and scanners do it: leaves halos."""
    return cv2.addWeighted(image, 1.0 + amount, cv2.GaussianBlur(image, (0, 0), radius_px), -amount, 0)


@lru_cache(maxsize=4)
def _noise_tile(index: int) -> np.ndarray:
    return np.random.default_rng(100 + index).standard_normal((NOISE_TILE, NOISE_TILE), np.float32)


def _noise(rng: random.Random, height: int, width: int) -> np.ndarray:
    """A window of unit noise; frames larger than a tile see it repeat."""
    tile = _noise_tile(rng.randrange(4))
    if height >= NOISE_TILE or width >= NOISE_TILE:
        tile = np.tile(tile, (height // NOISE_TILE + 2, width // NOISE_TILE + 2))
    y, x = rng.randint(0, tile.shape[0] - height - 1), rng.randint(0, tile.shape[1] - width - 1)
    return tile[y:y + height, x:x + width]


def sensor_noise(rng: random.Random, image: np.ndarray, luma: float, chroma: float) -> np.ndarray:
    """Adds luma noise, stronger in the dark as tone curves make it, and coarse colour blotches as left by denoising."""
    height, width = image.shape[:2]
    strength = cv2.LUT(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), _DARK_NOISE * np.float32(luma))
    grain = cv2.merge([cv2.multiply(_noise(rng, height, width), strength)] * 3)
    if chroma > 0.2:
        coarse = cv2.merge([_noise(rng, height // 4 + 1, width // 4 + 1) for _ in range(3)])
        grain = cv2.scaleAdd(cv2.resize(coarse, (width, height)), chroma, grain)
    return cv2.add(image, grain, dtype=cv2.CV_8U)


def denoise(image: np.ndarray, strength: float) -> np.ndarray:
    """Smears grain and faint strokes as a webcam's noise filter does; edges stay."""
    return cv2.bilateralFilter(image, 5, 14 + 30 * strength, 1.2 + 1.3 * strength)


def flicker(rng: random.Random, image: np.ndarray, depth: float) -> np.ndarray:
    """Bands of a mains-driven lamp under a rolling shutter."""
    rows = np.arange(image.shape[0], dtype=np.float32) / image.shape[0]
    gain = 1.0 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * (rows * rng.uniform(1.0, 5.0) + rng.random())))
    return cv2.multiply(image, cv2.merge([np.repeat(gain[:, None].astype(np.float32), image.shape[1], 1)] * 3), dtype=cv2.CV_8U)


def screen_grid(rng: random.Random, image: np.ndarray) -> np.ndarray:
    """A picture of a screen: sub-pixel stripes beat with the sensor, blacks glow."""
    height, width = image.shape[:2]
    pitch, angle = rng.uniform(2.15, 3.6), rng.gauss(0, 0.06)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    u = (x * np.cos(angle) + y * np.sin(angle)) / pitch * 2 * np.pi
    v = (y * np.cos(angle) - x * np.sin(angle)) / pitch * 2 * np.pi
    depth, shift = rng.uniform(0.05, 0.20), rng.uniform(0.6, 2.1)
    rows = 1.0 + 0.4 * depth * np.sin(v)
    stripes = np.stack([(1.0 + depth * np.sin(u + shift * k)) * rows for k in range(3)], -1)
    lift = rng.uniform(8, 30)
    return np.clip((lift + image.astype(np.float32) * (1 - lift / 255)) * stripes, 0, 255).astype(np.uint8)


def photocopy(rng: random.Random, image: np.ndarray) -> np.ndarray:
    """A black-and-white copy: steep tone curve, toner grain, dirty drum lines."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    middle, steep = rng.uniform(95, 135), rng.uniform(30, 60)
    tone = 255.0 / (1.0 + np.exp(-(gray - middle) / steep * 2.2))
    tone += _noise(rng, *gray.shape) * rng.uniform(4, 14)
    for _ in range(rng.choice([0, 0, 1, 2])):
        column = rng.randrange(gray.shape[1])
        tone[:, column:column + rng.randint(1, 3)] *= rng.uniform(0.6, 0.9)
    return cv2.cvtColor(np.clip(tone, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)


def encode_jpeg(image: np.ndarray, quality: int, full_chroma: bool = False) -> bytes:
    """JPEG bytes, 4:2:0 unless full chroma is asked for."""
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if full_chroma else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return cv2.imencode(".jpg", image, options)[1].tobytes()


def decode(data: bytes) -> np.ndarray:
    """The BGR picture in encoded bytes."""
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
