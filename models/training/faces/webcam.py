"""From linear light to a webcam's frame: exposure, tone curve, sharpening, noise, JPEG.

Invariant: frames are RGB uint8 of unchanged size; the same `Webcam` and generator state give the same frame.
Deliberately lacks lens distortion.
"""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass
class Webcam:
    exposure: float
    shoulder: float  # 0 hard clip … 1 soft
    gamma: float
    balance: np.ndarray
    saturation: float
    blur_px: float
    sharpen: float
    noise: float  # display values
    quality: int


def draw(rng: np.random.Generator) -> Webcam:
    return Webcam(
        np.exp(rng.uniform(np.log(0.5), np.log(1.35))), rng.uniform(0.2, 1), rng.uniform(1.9, 2.5), 1 + rng.normal(0, 0.05, 3), rng.uniform(0.7, 1.25),
        rng.uniform(0.2, 1.0), rng.uniform(0, 1.2), rng.uniform(0.002, 0.03), int(rng.integers(45, 95)),
    )


def tone(linear: np.ndarray, webcam: Webcam) -> np.ndarray:
    """Display values 0…1 of linear light."""
    light = np.maximum(linear * webcam.exposure * webcam.balance, 0).astype(np.float32)
    light = (1 - webcam.shoulder) * np.minimum(light, 1) + webcam.shoulder * (1 - np.exp(-1.25 * light))
    shown = light ** (1 / webcam.gamma)
    grey = shown.mean(-1, keepdims=True)
    return np.clip(grey + (shown - grey) * webcam.saturation, 0, 1).astype(np.float32)


def expose(shown: np.ndarray, webcam: Webcam, rng: np.random.Generator) -> np.ndarray:
    """Lens, sensor and the camera's own processing of a picture in display values."""
    height, width = shown.shape[:2]
    image = cv2.GaussianBlur(shown, (0, 0), webcam.blur_px) if webcam.blur_px > 0.25 else shown
    grain = rng.standard_normal((height, width, 1)).astype(np.float32)
    coarse = cv2.resize(rng.standard_normal((height // 3 + 1, width // 3 + 1, 3)).astype(np.float32), (width, height))
    dark = 1.4 - 0.9 * image.mean(-1, keepdims=True)
    image = image + webcam.noise * dark * (grain + 0.5 * coarse)
    if webcam.sharpen > 0.05:
        image = image + webcam.sharpen * (image - cv2.GaussianBlur(image, (0, 0), 1.2))
    return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def jpeg(frame: np.ndarray, quality: int) -> bytes:
    return cv2.imencode(".jpg", np.ascontiguousarray(frame[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def recompress(frame: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg(frame, quality), np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
