"""Close crops of one face with its state, for the crop net.

Purpose: 96-px squares around a face's box (1.25 × its longer side, as the product cuts them) with left-over box error,
tilt, occluders and camera faults.
Invariant: labels follow the picture through mirror and tilt; what cannot be seen has weight 0.
Deliberately lacks several faces: the detector's box says which face is meant.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from . import wearout
from .backdrops import Backdrops
from .interiors import natural_colour
from .pool import STATES, Pool
from .scenes import blend, premultiplied

SIDE_PX, MARGIN = 96, 1.25
OUTPUTS = ("eye open on the picture's left", "eye open on its right", "mouth open", "smile", "covered")
_AT = {name: 17 + k for k, name in enumerate(STATES)}


@dataclass
class Crop:
    image: np.ndarray  # (96, 96, 3) uint8 RGB
    points: np.ndarray  # (5, 2) in 0…1 of the crop
    angles: np.ndarray  # yaw, pitch, roll, degrees
    states: np.ndarray  # (5,) 0…1: `OUTPUTS`
    weights: np.ndarray  # (5,)
    seen: float  # 0 when so much is hidden that points and pose cannot be known
    labels: np.ndarray  # the tile's own row, for figures by group


def square_of(box: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and side of the square that is cut for a face's box."""
    return np.array([box[0] + box[2], box[1] + box[3]]) / 2, MARGIN * float(max(box[2] - box[0], box[3] - box[1]))


def turn(angles: np.ndarray, tilt_deg: float) -> np.ndarray:
    """Yaw, pitch, roll after the picture is turned counter-clockwise."""
    yaw, pitch, roll = np.radians(angles)
    x, y, z = np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)
    c, s = np.cos(np.radians(tilt_deg)), np.sin(np.radians(tilt_deg))
    x, y = c * x - s * y, s * x + c * y
    return np.array([np.degrees(np.arctan2(x, z)), np.degrees(np.arcsin(np.clip(y, -1, 1))), np.degrees(roll) - tilt_deg])


def _states(labels: np.ndarray, mirrored: bool) -> tuple[np.ndarray, np.ndarray]:
    get = lambda name: float(labels[_AT[name]])
    eyes = [1 - get("shut_right"), 1 - get("shut_left")]  # the subject's right eye is on the picture's left
    seen = [1.0 - get("dark_glasses")] * 2
    yaw = labels[14]
    if abs(yaw) > 45:
        seen[1 if yaw > 0 else 0] = 0.0  # turned to the picture's right: the eye there is behind the nose
    if mirrored:
        eyes, seen = eyes[::-1], seen[::-1]
    mouth, smile, lower = min(1.0, 1.8 * get("mouth_open")), min(1.0, 1.4 * get("smile")), 1.0 - get("mask")
    covered = max(get("mask"), get("dark_glasses"))
    return np.array([*eyes, mouth, smile, covered], np.float32), np.array([*seen, lower, lower, 1.0], np.float32)


class CropMaker:
    """Crop k is a function of its seed and the pool."""

    def __init__(self, heads: Pool, hands: Pool, backdrops: Backdrops):
        self.heads, self.hands, self.backdrops = heads, hands, backdrops

    def __call__(self, seed: int) -> Crop:
        rng = np.random.default_rng((seed, 71))
        tile, labels = self.heads.draw(rng)
        centre, side = square_of(labels[:4].astype(float))
        side *= np.exp(rng.normal(0, 0.09))
        centre = centre + rng.normal(0, 0.045, 2) * side
        tilt = rng.normal(0, 7) if rng.random() < 0.85 else rng.uniform(-30, 30)
        scale = SIDE_PX / side
        matrix = cv2.getRotationMatrix2D(tuple(centre), tilt, scale)
        matrix[0] *= np.exp(rng.normal(0, 0.04))
        matrix[:, 2] += SIDE_PX / 2 - matrix @ [*centre, 1]
        layer = premultiplied(tile)
        if scale < 0.75:
            layer = cv2.GaussianBlur(layer, (0, 0), 0.38 / scale)
        drawn = cv2.warpAffine(layer, matrix, (SIDE_PX, SIDE_PX))
        points = (labels[4:14].reshape(5, 2) @ matrix[:, :2].T + matrix[:, 2]) / SIDE_PX
        angles, mirrored = turn(labels[14:17].astype(float), tilt), bool(rng.random() < 0.5)
        if mirrored:
            drawn = drawn[:, ::-1]
            points[:, 0] = 1 - points[:, 0]
            points, angles = points[[1, 0, 2, 4, 3]], angles * [-1, 1, -1]
        image = self.backdrops(rng, SIDE_PX, SIDE_PX)
        blend(image, drawn)
        states, weights = _states(labels, mirrored)
        seen = 1.0
        if rng.random() < 0.2:
            hidden = self._occlude(rng, image, points)
            states[4] = max(states[4], float(np.clip((hidden - 0.08) / 0.17, 0, 1)))
            if hidden > 0.08:
                weights[:4] = 0
            seen = float(hidden < 0.5)
        if rng.random() < 0.12:
            self._cut_off(rng, image)
        return Crop(wearout.camera(rng, image), points.astype(np.float32), angles.astype(np.float32), states, weights, np.float32(seen), labels)

    def _occlude(self, rng: np.random.Generator, image: np.ndarray, points: np.ndarray) -> float:
        """Puts a hand or thing over the picture; the share of the inner face that is hidden."""
        mask = np.zeros((SIDE_PX, SIDE_PX), np.float32)
        at = rng.uniform(0.1, 0.9, 2) * SIDE_PX
        if rng.random() < 0.6:
            tile, _ = self.hands.draw(rng)
            scale = rng.uniform(0.5, 1.3) * SIDE_PX / tile.shape[0]
            matrix = cv2.getRotationMatrix2D((tile.shape[1] / 2, tile.shape[0] / 2), rng.uniform(0, 360), scale)
            matrix[:, 2] += at - tile.shape[0] / 2
            layer = cv2.warpAffine(premultiplied(tile), matrix, (SIDE_PX, SIDE_PX))
            blend(image, layer)
            mask = layer[..., 3]
        else:
            if rng.random() < 0.5:
                corners = at + rng.normal(0, 0.3, (4, 2)) * SIDE_PX
                cv2.fillConvexPoly(mask, cv2.convexHull(corners.astype(np.float32)).astype(np.int32), 1.0)
            else:
                axes = tuple(int(v) for v in rng.uniform(0.08, 0.35, 2) * SIDE_PX)
                cv2.ellipse(mask, tuple(int(v) for v in at), axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
            image += (natural_colour(rng).astype(np.float32) - image) * mask[..., None]
        inner = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
        cv2.fillConvexPoly(inner, cv2.convexHull(((points - points.mean(0)) * 1.35 + points.mean(0)).astype(np.float32) * SIDE_PX).astype(np.int32), 1)
        return float((mask * inner).sum() / max(1, inner.sum()))

    def _cut_off(self, rng: np.random.Generator, image: np.ndarray) -> None:
        """The frame ended here: the product fills with letterbox grey."""
        edge = int(rng.uniform(0.02, 0.22) * SIDE_PX)
        part = (slice(0, edge), slice(None)), (slice(-edge, None), slice(None)), (slice(None), slice(0, edge)), (slice(None), slice(-edge, None))
        image[part[int(rng.integers(4))]] = 114 / 255
