"""What cameras do to a picture, at random: light, colour, blur, noise, compression.

Invariant: float32 RGB in 0…1 goes in, uint8 RGB of the same size comes out.
Deliberately lacks geometry.
"""

import cv2
import numpy as np

from . import webcam


def _light(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    height, width = x.shape[:2]
    x = x * rng.uniform(0.5, 1.5) + rng.normal(0, 0.05)
    if rng.random() < 0.5:
        x = x * (1 + rng.normal(0, 0.12, 3).astype(np.float32))
    x = np.clip(x, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.3)))
    if rng.random() < 0.4:
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * rng.uniform(0, 1.7)
    if rng.random() < 0.3:
        u, v = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
        x = x * (1 + rng.normal(0, 0.3) * v[:, None, None] + rng.normal(0, 0.3) * u[None, :, None])
    if rng.random() < 0.3:
        x = (x - 0.5) * rng.uniform(0.4, 1.5) + 0.5
    if rng.random() < 0.12:
        x = x * (rng.random(3) ** 0.5 * 1.2).astype(np.float32)  # a coloured flash
    return x


def _optics(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    height, width = x.shape[:2]
    kind = rng.random()
    if kind < 0.25:
        return cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.3, 1.6)))
    if kind < 0.33:
        n = int(rng.integers(3, 8))
        kernel = np.zeros((n, n), np.float32)
        cv2.line(kernel, (0, int(rng.integers(n))), (n - 1, int(rng.integers(n))), 1, 1)
        return cv2.filter2D(x, -1, kernel / kernel.sum())
    if kind < 0.45:
        f = float(rng.uniform(0.35, 0.9))
        return cv2.resize(cv2.resize(x, None, fx=f, fy=f, interpolation=cv2.INTER_AREA), (width, height), interpolation=cv2.INTER_LINEAR)
    if kind < 0.6:
        return x + (x - cv2.GaussianBlur(x, (0, 0), 1)) * np.float32(rng.uniform(0.3, 1.5))
    return x


def camera(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    x = np.ascontiguousarray(x, np.float32)
    if rng.random() < 0.85:
        x = _light(rng, x)
    if rng.random() < 0.15:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    x = _optics(rng, np.ascontiguousarray(x, np.float32))
    if rng.random() < 0.65:
        x = x + rng.normal(0, rng.uniform(0, 0.05), (*x.shape[:2], 1 if rng.random() < 0.5 else 3)).astype(np.float32)
    out = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    return webcam.recompress(out, int(rng.integers(25, 95))) if rng.random() < 0.5 else out
