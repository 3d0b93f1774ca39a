"""Small pictures with none, one or several faces, for the detector.

Purpose: letterboxed 192-px pictures composed from pool tiles: rooms, tilted and cut-off people, framed portraits, hands,
bodies without a head, occluders; a sixth and more have no face at all.
Invariant: scene k is a function of its seed and the pool; faces too covered or cut off to demand are in `ignored`.
Deliberately lacks fine facial states: the crop net learns those from larger crops.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from . import wearout
from .backdrops import Backdrops
from .interiors import natural_colour
from .pool import Pool

SIDE_PX, GREY = 192, 114
_ASPECTS = (4 / 3, 4 / 3, 4 / 3, 16 / 9, 16 / 9, 1.5, 1.0, 0.8, 0.75, 2 / 3, 9 / 16)
_LARGEST = 0.92  # of the frame's shorter side


@dataclass
class Scene:
    image: np.ndarray  # (192, 192, 3) uint8 RGB
    boxes: np.ndarray  # (n, 4) x0 y0 x1 y1
    points: np.ndarray  # (n, 5, 2)
    ignored: np.ndarray  # (m, 4)


def letterbox(aspect: float) -> tuple[int, int, int, int]:
    """x, y, width, height of a frame of this aspect in the square."""
    w, h = (SIDE_PX, max(1, round(SIDE_PX / aspect))) if aspect >= 1 else (max(1, round(SIDE_PX * aspect)), SIDE_PX)
    return (SIDE_PX - w) // 2, (SIDE_PX - h) // 2, w, h


def premultiplied(tile: np.ndarray) -> np.ndarray:
    alpha = tile[..., 3:4].astype(np.float32) / 255
    return np.concatenate([tile[..., :3].astype(np.float32) / 255 * alpha, alpha], -1)


def blend(image: np.ndarray, layer: np.ndarray) -> None:
    image[:] = layer[..., :3] + image * (1 - layer[..., 3:4])


class _Canvas:
    def __init__(self, image: np.ndarray):
        self.image = image
        self.boxes: list[np.ndarray] = []
        self.points: list[np.ndarray] = []
        self.ignored: list[np.ndarray] = []

    def cover(self, box: np.ndarray) -> None:
        """Earlier faces that the new head hides are no longer demanded."""
        hw, hh = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        for j in range(len(self.boxes) - 1, -1, -1):
            o = self.boxes[j]
            w = min(o[2], box[2] + hw * 0.5) - max(o[0], box[0] - hw * 0.5)
            h = min(o[3], box[3] + hh * 2) - max(o[1], box[1] - hh * 0.4)
            if w > 0 and h > 0 and w * h > 0.3 * (o[2] - o[0]) * (o[3] - o[1]):
                self.ignored.append(self.boxes.pop(j))
                self.points.pop(j)


def _framed(rng: np.random.Generator, layer: np.ndarray, box: np.ndarray) -> np.ndarray:
    """A portrait photograph: plain ground behind the bust, cut off by its frame."""
    side, cx, cy = layer.shape[0], (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    size = np.sqrt((box[2] - box[0]) * (box[3] - box[1]))
    ground = natural_colour(rng) if rng.random() < 0.4 else np.array([[0.75, 0.1, 0.1], [0.1, 0.25, 0.7], [0.9, 0.9, 0.9]])[rng.integers(3)] * rng.uniform(0.7, 1.1)
    x0, x1 = max(0, int(cx - size * rng.uniform(0.6, 1.1))), min(side, int(cx + size * rng.uniform(0.6, 1.1)))
    y0, y1 = max(0, int(cy - size * rng.uniform(0.8, 1.2))), min(side, int(cy + size * rng.uniform(0.7, 1.2)))
    mask = np.zeros((side, side, 1), np.float32)
    mask[y0:y1, x0:x1] = 1
    return np.concatenate([(layer[..., :3] + ground * (1 - layer[..., 3:])) * mask, mask], -1).astype(np.float32)


class SceneMaker:
    def __init__(self, heads: Pool, hands: Pool, backdrops: Backdrops):
        self.heads, self.hands, self.backdrops = heads, hands, backdrops

    def __call__(self, seed: int) -> Scene:
        rng = np.random.default_rng((seed, 61))
        x, y, w, h = letterbox(float(rng.choice(_ASPECTS)) * np.exp(rng.normal(0, 0.03)))
        canvas = _Canvas(self.backdrops(rng, w, h))
        count = int(rng.choice(6, p=[0.26, 0.55, 0.12, 0.04, 0.02, 0.01]))
        if rng.random() < (0.45 if count == 0 else 0.12):
            self._headless(rng, canvas)
        for _ in range(int(rng.integers(1, 4)) if rng.random() < (0.5 if count == 0 else 0.12) else 0):
            self._hand(rng, canvas.image, rng.uniform(0.25, 1.3) * w, (rng.uniform(0, w), rng.uniform(0.2, 1) * h))
        largest = _LARGEST * min(w, h) if count <= 2 else 60
        for _ in range(count):
            self._head(rng, canvas, np.exp(rng.uniform(np.log(13), np.log(largest))))
        self._occlude(rng, canvas)
        picture = np.full((SIDE_PX, SIDE_PX, 3), GREY, np.uint8)
        picture[y : y + h, x : x + w] = wearout.camera(rng, canvas.image)
        shift = np.array([x, y], np.float32)
        return Scene(
            picture, np.array(canvas.boxes, np.float32).reshape(-1, 4) + np.tile(shift, 2), np.array(canvas.points, np.float32).reshape(-1, 5, 2) + shift,
            np.array(canvas.ignored, np.float32).reshape(-1, 4) + np.tile(shift, 2),
        )

    def _place(self, rng: np.random.Generator, box: np.ndarray, tile: int, face_px: float, w: int, h: int) -> np.ndarray:
        size = np.sqrt((box[2] - box[0]) * (box[3] - box[1]))
        cx, cy, scale = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, face_px / size
        bottom = rng.random() < 0.55
        angle = 0.0 if bottom and rng.random() < 0.4 else rng.normal(0, 8) if rng.random() < 0.8 else rng.uniform(-35, 35)
        matrix = cv2.getRotationMatrix2D((cx, cy), angle, scale)
        matrix[0] *= np.exp(rng.normal(0, 0.06))
        central = face_px > 0.35 * min(w, h)
        aim = np.array([rng.uniform(0.3, 0.7) * w, rng.uniform(0.3, 0.65) * h]) if central else np.array([rng.uniform(0.06, 0.94) * w, rng.uniform(0.12, 0.88) * h])
        matrix[:, 2] += aim - matrix @ [cx, cy, 1]
        low = (matrix @ [cx, tile, 1])[1]
        if bottom and low < h:
            matrix[1, 2] += h - low + 1  # the body reaches the lower edge
        return matrix

    def _head(self, rng: np.random.Generator, canvas: _Canvas, face_px: float) -> None:
        tile, labels = self.heads.draw(rng)
        box, points, (h, w) = labels[:4].astype(float), labels[4:14].reshape(5, 2).astype(float), canvas.image.shape[:2]
        matrix = self._place(rng, box, tile.shape[0], face_px, w, h)
        layer = premultiplied(tile)
        if rng.random() < 0.18:
            layer = _framed(rng, layer, box)
        scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
        if scale < 0.7:
            layer = cv2.GaussianBlur(layer, (0, 0), 0.38 / scale)
        drawn = cv2.warpAffine(layer, matrix, (w, h), flags=cv2.INTER_LINEAR)
        corners = np.array([[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]])
        corners, points = corners @ matrix[:, :2].T + matrix[:, 2], points @ matrix[:, :2].T + matrix[:, 2]
        if rng.random() < 0.5:
            drawn = drawn[:, ::-1]
            corners[:, 0], points[:, 0] = w - corners[:, 0], w - points[:, 0]
            points = points[[1, 0, 2, 4, 3]]
        blend(canvas.image, drawn)
        middle, u, v = corners.mean(0), (corners[1] - corners[0]) / 2, (corners[3] - corners[0]) / 2
        half = np.array([np.hypot(u[0], v[0]), np.hypot(u[1], v[1])])  # the ellipse inscribed in the turned box
        new = np.concatenate([middle - half, middle + half])
        canvas.cover(new)
        shown = np.clip(new, 0, [w, h, w, h])
        visible = (shown[2] - shown[0]) * (shown[3] - shown[1]) / (4 * half[0] * half[1])
        if visible > 0.6 and 0 <= middle[0] < w and 0 <= middle[1] < h and face_px > 12:
            canvas.boxes.append(new)
            canvas.points.append(points)
        else:
            canvas.ignored.append(new)

    def _headless(self, rng: np.random.Generator, canvas: _Canvas) -> None:
        """A body whose head is out of the picture, or hidden behind something."""
        tile, labels = self.heads.draw(rng)
        box, (h, w) = labels[:4].astype(float), canvas.image.shape[:2]
        layer = premultiplied(tile)
        layer[: max(0, int(box[3] + 0.03 * (box[3] - box[1])))] = 0
        matrix = self._place(rng, box, tile.shape[0], np.exp(rng.uniform(np.log(25), np.log(150))), w, h)
        if rng.random() < 0.5:
            matrix[1, 2] -= (matrix @ [(box[0] + box[2]) / 2, box[3], 1])[1] - rng.uniform(-10, 0.3 * h)
        blend(canvas.image, cv2.warpAffine(layer, matrix, (w, h)))

    def _hand(self, rng: np.random.Generator, image: np.ndarray, size: float, at: tuple[float, float]) -> None:
        tile, _ = self.hands.draw(rng)
        side, scale = tile.shape[0], size / tile.shape[0]
        matrix = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(0, 360), scale)
        matrix[:, 2] += np.array(at) - side / 2
        layer = premultiplied(tile)
        if scale < 0.7:
            layer = cv2.GaussianBlur(layer, (0, 0), 0.38 / scale)
        blend(image, cv2.warpAffine(layer, matrix, (image.shape[1], image.shape[0])))

    def _occlude(self, rng: np.random.Generator, canvas: _Canvas) -> None:
        if not canvas.boxes or rng.random() > 0.15:
            return
        box = canvas.boxes[rng.integers(len(canvas.boxes))]
        w = box[2] - box[0]
        at = (box[0] + rng.uniform(-0.1, 1.1) * w, box[1] + rng.uniform(0.2, 1.2) * (box[3] - box[1]))
        if rng.random() < 0.5:
            self._hand(rng, canvas.image, w * rng.uniform(0.6, 1.2), at)
        else:
            axes = (int(w * rng.uniform(0.1, 0.3)) + 1, int(w * rng.uniform(0.1, 0.3)) + 1)
            cv2.ellipse(canvas.image, tuple(int(v) for v in at), axes, float(rng.uniform(0, 180)), 0, 360, natural_colour(rng).tolist(), -1)
