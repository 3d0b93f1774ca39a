"""Live faces and recaptures of the same kind of picture, for the passive net.

Purpose: 128-px crops (1.6 × the face box) of people in front of the camera, and of prints, cut-outs and screens held before it.
Invariant: both classes come from the same tiles, rooms and cameras, and both are resampled at random, so that neither the
renderer nor one resampling more gives the answer away.
Deliberately lacks masks of silicone, deep fakes and injected streams: a still picture cannot tell them.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from . import webcam
from .backdrops import Backdrops
from .interiors import clouds
from .pool import Pool
from .scenes import blend, premultiplied

SIDE_PX, MARGIN = 128, 1.6
SPECIES = ("live", "print", "cut-out", "screen")
_WIDTH, _HEIGHT = 320, 240


@dataclass
class Capture:
    image: np.ndarray  # (128, 128, 3) uint8 RGB
    species: int  # index into SPECIES
    labels: np.ndarray


def _person(rng: np.random.Generator, heads: Pool, backdrop: np.ndarray, face_px: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Picture 0…1, coverage of the person, face box, the tile's labels."""
    tile, labels = heads.draw(rng)
    box, (h, w) = labels[:4].astype(float), backdrop.shape[:2]
    scale = face_px / np.sqrt((box[2] - box[0]) * (box[3] - box[1]))
    matrix = np.array([[scale, 0, w * rng.uniform(0.35, 0.65) - scale * (box[0] + box[2]) / 2], [0, scale, h * rng.uniform(0.4, 0.55) - scale * (box[1] + box[3]) / 2]])
    low = (matrix @ [0, tile.shape[0], 1])[1]
    if low < h:
        matrix[1, 2] += h - low + 1
    layer = premultiplied(tile)
    if scale < 0.75:
        layer = cv2.GaussianBlur(layer, (0, 0), 0.38 / scale)
    drawn = cv2.warpAffine(layer, matrix, (w, h))
    image = backdrop.copy()
    blend(image, drawn)
    return image, drawn[..., 3], (box.reshape(2, 2) @ matrix[:, :2].T + matrix[:, 2]).ravel(), labels


def _paper(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Printed: less contrast, paper's tint, dots or grain, sometimes few colours."""
    black, white = rng.uniform(0.03, 0.18), rng.uniform(0.72, 0.98)
    shown = black + (white - black) * np.clip(image, 0, 1) ** np.float32(rng.uniform(0.8, 1.3))
    shown = shown * (1 + rng.normal(0, 0.03, 3)).astype(np.float32)
    grey = shown.mean(2, keepdims=True)
    shown = grey + (shown - grey) * np.float32(0 if rng.random() < 0.12 else rng.uniform(0.5, 1.1))
    h, w = shown.shape[:2]
    if rng.random() < 0.6:  # halftone
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        pitch, depth = rng.uniform(1.7, 4), rng.uniform(0.02, 0.10)
        for c, angle in enumerate(np.radians([15, 75, 45]) + rng.normal(0, 0.1)):
            u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
            shown[..., c] += depth * np.sin(u * 2 * np.pi / pitch) * np.sin(v * 2 * np.pi / pitch)
    shown = shown + rng.uniform(0, 0.03) * rng.standard_normal((h, w, 1)).astype(np.float32)
    if rng.random() < 0.5:  # creases, uneven paper
        shown = shown * (1 + rng.uniform(0, 0.06) * clouds(rng, h, w, (3, 7)))[..., None]
    return cv2.GaussianBlur(shown, (0, 0), float(rng.uniform(0.3, 0.9)))


def _display(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Shown on a phone or monitor: tone, blue white, glowing black; the sub-pixel grid comes when it is photographed."""
    lift = rng.uniform(0.01, 0.10)
    shown = lift + (1 - lift) * np.clip(image, 0, 1) ** np.float32(rng.uniform(0.75, 1.35))
    shown = shown * (np.array([1 - rng.uniform(0, 0.12), 1, 1 + rng.uniform(-0.02, 0.12)]) * rng.uniform(0.75, 1.3)).astype(np.float32)
    grey = shown.mean(2, keepdims=True)
    return np.clip(grey + (shown - grey) * np.float32(rng.uniform(0.85, 1.35)), 0, 1.2)


def _grid(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    """Beat of a display's stripes with the sensor, per channel; the pitch is in sensor pixels and may lie below two."""
    pitch, angle, depth = rng.uniform(0.7, 3.8), rng.normal(0, 0.12), rng.uniform(0.02, 0.2)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    x, y = x + rng.normal(0, 2e-4) * x * y, y + rng.normal(0, 2e-4) * x * y  # keystone bends the fringes
    u = (x * np.cos(angle) + y * np.sin(angle)) / pitch * 2 * np.pi
    v = (y * np.cos(angle) - x * np.sin(angle)) / pitch * 2 * np.pi
    rows, shift = 1 + 0.5 * depth * np.sin(v), rng.uniform(0.6, 2.1)
    return np.stack([(1 + depth * np.sin(u + shift * k)) * rows for k in range(3)], -1)


def _sheen(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    cx, cy, sx, sy, turn = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.06, 0.5) * w, rng.uniform(0.1, 0.8) * h, rng.uniform(-1, 1)
    u, v = (x - cx) + turn * (y - cy), (y - cy)
    return (rng.uniform(0.03, 0.4) * np.exp(-((u / sx) ** 2 + (v / sy) ** 2)))[..., None].astype(np.float32)


class CaptureMaker:
    """Capture k is a function of its seed and the pool."""

    def __init__(self, heads: Pool, backdrops: Backdrops):
        self.heads, self.backdrops = heads, backdrops

    def __call__(self, seed: int) -> Capture:
        rng = np.random.default_rng((seed, 81))
        species = int(rng.choice(4, p=[0.5, 0.18, 0.1, 0.22]))
        image, cover, box, labels = _person(rng, self.heads, self.backdrops(rng, _WIDTH, _HEIGHT), rng.uniform(75, 130))
        if species:
            image, box = self._recapture(rng, species, image, cover, box)
        elif rng.random() < 0.5:  # a live picture is resampled as well
            f = float(rng.uniform(0.55, 1.0))
            image = cv2.resize(cv2.resize(image, None, fx=f, fy=f, interpolation=cv2.INTER_AREA), (_WIDTH, _HEIGHT), interpolation=cv2.INTER_LINEAR)
        return Capture(self._photograph(rng, image, box), species, labels)

    def _recapture(self, rng, species: int, image: np.ndarray, cover: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        first = webcam.draw(rng)
        first.noise *= 0.5
        taken = webcam.recompress(webcam.expose(image, first, rng), int(rng.integers(70, 96))).astype(np.float32) / 255
        medium = _display(rng, taken) if species == 3 else _paper(rng, taken)
        mask = np.ones((_HEIGHT, _WIDTH), np.float32)
        if species == 2:
            grown = cv2.dilate(cover, np.ones((3, 3)), iterations=int(rng.integers(0, 4)))
            mask = (cv2.GaussianBlur(grown, (0, 0), 1.0) > 0.4).astype(np.float32)
        elif rng.random() < 0.6:
            medium, mask = self._frame(rng, species, medium, box)
        matrix, around = self._hold(rng, box), self.backdrops(rng, _WIDTH, _HEIGHT)
        if species != 3 and rng.random() < 0.4:
            medium, mask = _bend(rng, medium), _bend(rng, mask)
        held = cv2.warpPerspective(medium, matrix, (_WIDTH, _HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        where = cv2.warpPerspective(mask, matrix, (_WIDTH, _HEIGHT))[..., None]
        if species == 3:
            held = held * _grid(rng, _HEIGHT, _WIDTH)
        if rng.random() < 0.6:
            held = held + _sheen(rng, _HEIGHT, _WIDTH)
        light = 1 + rng.normal(0, 0.15) * np.linspace(-1, 1, _WIDTH, dtype=np.float32)[None, :, None]
        corners = cv2.perspectiveTransform(np.float32([[[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]]]), matrix)[0]
        return around * (1 - where) + held * light * where, np.concatenate([corners.min(0), corners.max(0)])

    def _frame(self, rng, species: int, medium: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The medium ends near the face: a paper's white margin or a display's bezel."""
        w, h = box[2] - box[0], box[3] - box[1]
        x0, x1 = int(max(0, box[0] - w * rng.uniform(0.1, 1))), int(min(_WIDTH, box[2] + w * rng.uniform(0.1, 1)))
        y0, y1 = int(max(0, box[1] - h * rng.uniform(0.1, 0.6))), int(min(_HEIGHT, box[3] + h * rng.uniform(0.1, 0.6)))
        edge = int(rng.integers(0, 14))
        tint = rng.uniform(0.01, 0.12) * np.ones(3) if species == 3 else rng.uniform(0.75, 1.0) * np.ones(3)
        out, mask = medium.copy(), np.zeros((_HEIGHT, _WIDTH), np.float32)
        mask[max(0, y0 - edge) : y1 + edge, max(0, x0 - edge) : x1 + edge] = 1
        inside = np.zeros((_HEIGHT, _WIDTH, 1), bool)
        inside[y0:y1, x0:x1] = True
        return np.where(inside, out, tint.astype(np.float32)).astype(np.float32), mask

    def _hold(self, rng, box: np.ndarray) -> np.ndarray:
        """Perspective of the medium in front of the second camera; the face keeps a like size."""
        w, h = box[2] - box[0], box[3] - box[1]
        middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
        scale = rng.uniform(75, 130) / np.sqrt(w * h)
        square = np.float32([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [w, h]
        angle = rng.normal(0, 0.08)
        turned = square @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) * scale * (1 + rng.normal(0, 0.04, (4, 2)))
        aim = [rng.uniform(0.38, 0.62) * _WIDTH, rng.uniform(0.42, 0.58) * _HEIGHT]
        return cv2.getPerspectiveTransform((square + middle).astype(np.float32), (turned + aim).astype(np.float32))

    def _photograph(self, rng, image: np.ndarray, box: np.ndarray) -> np.ndarray:
        camera = webcam.draw(rng)
        gain = np.float32(np.exp(rng.normal(0, 0.2))) * (1 + rng.normal(0, 0.06, 3)).astype(np.float32)
        if rng.random() < 0.15:
            gain = gain * (0.3 + 0.7 * rng.random(3)).astype(np.float32)  # a coloured flash
        frame = webcam.expose(np.clip(image * gain, 0, 1).astype(np.float32), camera, rng)
        if rng.random() < 0.7:
            frame = webcam.recompress(frame, camera.quality)
        side = MARGIN * max(box[2] - box[0], box[3] - box[1]) * np.exp(rng.normal(0, 0.06))
        centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2 + rng.normal(0, 0.03, 2) * side
        scale = SIDE_PX / side
        matrix = np.array([[scale, 0, SIDE_PX / 2 - scale * centre[0]], [0, scale, SIDE_PX / 2 - scale * centre[1]]])
        crop = cv2.warpAffine(np.ascontiguousarray(frame), matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR, borderValue=(114, 114, 114))
        return np.ascontiguousarray(crop[:, ::-1] if rng.random() < 0.5 else crop)


def _bend(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """A sheet curved about a vertical axis."""
    h, w = image.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    t, strength = (x - w / 2) / (w / 2), np.float32(rng.uniform(-0.12, 0.12))
    return cv2.remap(image, x + strength * w / 2 * t * (1 - t * t), y + strength * 0.3 * h * (t * t - 0.3), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
