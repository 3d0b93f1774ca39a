"""Camera and light: a posed person becomes a linear-light RGBA picture with exact labels.

Invariant: labels come from the same projection that draws the picture. Yaw is positive when the face turns to the
picture's right, pitch when it looks up, roll when the head tilts clockwise in the picture; degrees, seen from the camera.
Deliberately lacks sensor and codec (see `webcam`).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from . import raster
from .assets import Assets
from .head import Posed
from .solid import Solid


@dataclass
class Camera:
    position: np.ndarray
    target: np.ndarray
    focal_px: float
    centre_px: tuple[float, float]

    @property
    def axes(self) -> np.ndarray:
        """Rows: right, up, forward."""
        forward = self.target - self.position
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, [0, 1, 0])
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(right, forward), forward])

    def project(self, points: np.ndarray) -> np.ndarray:
        """x px, y px, 1 / distance."""
        seen = (points - self.position) @ self.axes.T
        scale = self.focal_px / seen[:, 2]
        return np.stack([self.centre_px[0] + seen[:, 0] * scale, self.centre_px[1] - seen[:, 1] * scale, 1 / seen[:, 2]], 1).astype(np.float32)


@dataclass
class Light:
    directions: np.ndarray  # (k, 3) towards the light
    colours: np.ndarray  # (k, 3) linear
    ambient: np.ndarray  # (3, 9) spherical harmonics
    look: np.ndarray  # skin wrap, gloss, gloss power, hair sheen, shadow softness px, bump


@dataclass
class Labels:
    box: np.ndarray  # x0 y0 x1 y1 px
    points: np.ndarray  # (5, 2) px
    angles_deg: np.ndarray  # yaw, pitch, roll


def indoor(rng: np.random.Generator, screen: np.ndarray | None = None, even: float = 0.0) -> Light:
    """Lamps and windows; `screen` adds the light of a display beside the camera; `even` calms the contrast."""
    count = int(rng.integers(1, 4))
    directions, colours = [], []
    for k in range(count):
        d = np.array([rng.normal(0, 0.8), rng.uniform(-0.1, 1.2), rng.uniform(0.15, 1.2)])
        directions.append(d / np.linalg.norm(d))
        warm = np.array([1 + rng.normal(0, 0.12), 1, 1 - rng.normal(0, 0.15)])
        colours.append(warm * (rng.uniform(0.2, 1.1) if k == 0 else rng.uniform(0.05, 0.5)) * (1 - 0.5 * even))
    if screen is not None:
        d = np.array([rng.normal(0, 0.08), rng.normal(-0.12, 0.06), 1.0])
        directions.append(d / np.linalg.norm(d))
        colours.append(np.asarray(screen, float))
    level, white = rng.uniform(0.18 + 0.15 * even, 0.6), np.array([1 + rng.normal(0, 0.08), 1, 1 + rng.normal(0, 0.1)])
    ambient = np.zeros((3, 9), np.float32)
    ambient[:, 0], ambient[:, 1] = level * white, level * rng.uniform(0, 0.5) * white
    ambient[:, 2] = level * rng.uniform(-0.2, 0.5)
    ambient[:, 3] = level * rng.normal(0, 0.35) * (1 - even) * np.array([1 + rng.normal(0, 0.1), 1, 1 + rng.normal(0, 0.1)])
    ambient[:, 4:] = rng.normal(0, 0.06, (3, 5)) * level
    look = np.array([rng.uniform(0.15, 0.5), rng.uniform(0.15, 1.3), rng.uniform(8, 40), rng.uniform(0.02, 0.25), rng.uniform(0.6, 3), rng.uniform(0, 5)])
    return Light(np.array(directions, np.float32), np.array(colours, np.float32), ambient, look.astype(np.float32))


def labels_of(posed: Posed, camera: Camera) -> Labels:
    outline = camera.project(posed.face)[:, :2]
    seen = camera.axes @ posed.turn
    forward, side = seen[:, 2], seen[:, 0]
    yaw, pitch = np.arctan2(forward[0], -forward[2]), np.arcsin(np.clip(forward[1], -1, 1))
    roll = -np.arctan2(side[1], side[0])
    return Labels(np.concatenate([outline.min(0), outline.max(0)]), camera.project(posed.points)[:, :2], np.degrees([yaw, pitch, roll]))


def _shadow_map(assets: Assets, solid: Solid, centre: np.ndarray, direction: np.ndarray, side: int, extent: float) -> tuple[np.ndarray, np.ndarray]:
    u = np.cross(direction, [0.1, 1, 0.05])
    u /= np.linalg.norm(u)
    v = np.cross(direction, u)
    matrix = np.zeros((3, 4), np.float32)
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = u * side / extent, v * side / extent, direction
    matrix[:, 3] = np.array([side / 2, side / 2, 20]) - matrix[:, :3] @ centre
    s, t = solid, assets.textures
    points = np.ascontiguousarray(s.vertices @ matrix[:, :3].T + matrix[:, 3], np.float32)
    depth, owner, bary = np.zeros((side, side), np.float32), np.zeros((side, side), np.int32), np.zeros((side, side, 2), np.float32)
    raster.fill(points, s.faces, s.uv, s.texture, t.texels, t.offsets, t.side_array, False, depth, owner, bary)
    return depth, matrix


def draw(assets: Assets, posed: Posed, camera: Camera, light: Light, width: int, height: int, over: int = 1) -> np.ndarray:
    """Linear RGBA float32 (premultiplied), `over`-fold supersampled."""
    return draw_solid(assets, posed.solid, posed.face.mean(0) + [0, -0.2, -0.5], camera, light, width, height, over)


def draw_solid(assets: Assets, solid: Solid, centre: np.ndarray, camera: Camera, light: Light, width: int, height: int, over: int = 1) -> np.ndarray:
    """`centre` is where the shadow map looks."""
    w, h = width * over, height * over
    fine = Camera(camera.position, camera.target, camera.focal_px * over, (camera.centre_px[0] * over, camera.centre_px[1] * over))
    s, t = solid, assets.textures
    depth, owner, bary = np.zeros((h, w), np.float32), np.full((h, w), -1, np.int32), np.zeros((h, w, 2), np.float32)
    raster.fill(fine.project(s.vertices), s.faces, s.uv, s.texture, t.texels, t.offsets, t.side_array, True, depth, owner, bary)
    shadow, matrix = _shadow_map(assets, solid, centre, light.directions[0], 320 if over < 2 else 640, 3.8)
    look = light.look.copy()
    look[4] *= 1 if over < 2 else 2
    out = np.zeros((h, w, 4), np.float32)
    raster.shade(
        owner, bary, s.faces, s.uv, s.texture, s.material, s.tint, t.texels, t.offsets, t.side_array, raster.LINEAR, s.vertices,
        raster.normals(s.vertices, s.faces), s.occlusion, camera.position.astype(np.float32), light.ambient, light.directions, light.colours,
        shadow, matrix, look, out,
    )
    return out if over == 1 else cv2.resize(out, (width, height), interpolation=cv2.INTER_AREA)
