"""What is worn on a head: hijab, peci, glasses, surgical mask, beard.

Invariant: every function takes the shaped body and returns parts in the rest pose, so that they bend with the head.
Deliberately lacks cloth simulation: drapes are convex envelopes of the profile with folds.
"""

import cv2
import numpy as np

from . import raster
from .assets import Assets
from .solid import Part, part, quads, smoothstep, tube

_TURNS, _ROWS = 96, 72


def clouds(rng: np.random.Generator, side: int, cells=(4, 8, 16, 32, 64), fade: float = 0.6) -> np.ndarray:
    """Fractal noise of zero mean and unit deviation."""
    out, amount = np.zeros((side, side), np.float32), 1.0
    for count in cells:
        out += amount * cv2.resize(rng.standard_normal((count, count)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
        amount *= fade
    return (out - out.mean()) / (out.std() + 1e-6)


def _cloth_colour(rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.4:
        return np.ones(3) * rng.choice([0.03, 0.05, 0.9, 0.75, 0.4]) * rng.uniform(0.8, 1.1, 3)
    return rng.random(3) ** 0.9 * rng.uniform(0.15, 1)


def paint_fabric(rng: np.random.Generator, texture: np.ndarray) -> None:
    """Plain, striped or flowered cloth into a reserved texture, opaque."""
    side = texture.shape[0]
    cloth = np.ones((side, side, 3), np.float32) * np.clip(_cloth_colour(rng), 0.01, 1) ** (1 / 2.2)
    kind = rng.random()
    if kind < 0.15:
        angle, yx = rng.random() * np.pi, np.mgrid[0:side, 0:side] / side
        stripes = np.sin((yx[1] * np.cos(angle) + yx[0] * np.sin(angle)) * rng.integers(6, 60) * 2 * np.pi) > rng.uniform(-0.5, 0.8)
        cloth[stripes] = rng.random(3) ** 1.3
    elif kind < 0.28:
        cloth[clouds(rng, side, (24, 48)) > 0.7] = rng.random(3) ** 1.2
    cloth *= (1 + 0.03 * clouds(rng, side, (128, 256)))[..., None]
    texture[..., :3], texture[..., 3] = np.clip(cloth * 255, 0, 255), 255


def _outline(radius: np.ndarray, height: np.ndarray, top: float) -> np.ndarray:
    """Upper convex hull of a profile, as points sorted downwards."""
    points = np.stack([np.r_[radius, 0.02, 1.0], np.r_[height, top, -3.0]], 1)
    hull: list[np.ndarray] = []
    for p in points[np.argsort(-points[:, 1])]:
        while len(hull) >= 2:
            a, b = hull[-2], hull[-1]
            if (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) < 0:
                break
            hull.pop()
        hull.append(p)
    return np.array(hull)


def _drape(assets: Assets, body: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Centre, heights, radius of the envelope per direction and height, top."""
    points = body[np.unique(assets.faces)]
    centre = np.array([0, assets.joint(body, "l-eye")[1], assets.joint(body, "head")[2] + 0.15])
    rest = points - centre
    angle, radius, height = np.arctan2(rest[:, 0], rest[:, 2]), np.hypot(rest[:, 0], rest[:, 2]), rest[:, 1]
    top = float(points[:, 1].max() - centre[1])
    heights = np.linspace(top + 0.03, -2.9, _ROWS)
    bins = ((angle + np.pi) / (2 * np.pi) * _TURNS).astype(int) % _TURNS
    grid = np.zeros((_TURNS, _ROWS), np.float32)
    for k in range(_TURNS):
        near = (np.isin(bins, [(k - 1) % _TURNS, k, (k + 1) % _TURNS])) & (height > -3.0)
        hull = _outline(np.minimum(radius[near], 1.9), height[near], top)
        grid[k] = np.interp(-heights, -hull[:, 1], hull[:, 0])
    wrapped = cv2.GaussianBlur(np.concatenate([grid[-6:], grid, grid[:6]]), (0, 0), 1.6)
    return centre, heights, wrapped[6:-6], top


def _folds(rng: np.random.Generator, turns: np.ndarray, heights: np.ndarray) -> np.ndarray:
    fold = np.zeros((len(turns), len(heights)), np.float32)
    for _ in range(5):
        wave = rng.integers(3, 15) * turns[:, None] + rng.uniform(0, 6) + rng.uniform(-2, 2) * heights[None] * 2
        fold += rng.uniform(0.008, 0.035) * np.sin(wave)
    return fold + 0.02 * cv2.resize(rng.standard_normal((12, 10)).astype(np.float32), (len(heights), len(turns)), interpolation=cv2.INTER_CUBIC)


def _veil(assets: Assets, body: np.ndarray, seed: int, slot: str, inner: float, opening: float) -> Part:
    rng = np.random.default_rng((seed, 21))
    centre, heights, grid, top = _drape(assets, body)
    turns = (np.arange(_TURNS) + 0.5) / _TURNS * 2 * np.pi - np.pi
    loose = smoothstep(0.2, -1.6, heights)[None]
    radius = grid + 0.10 - inner + _folds(rng, turns, heights) * (0.25 + 1.6 * loose)
    raised = np.where(heights > 0, heights * (1 + 0.13 * (1 - inner * 5) / top), heights)
    points = np.stack([np.sin(turns)[:, None] * radius, np.repeat((raised + centre[1])[None], _TURNS, 0), np.cos(turns)[:, None] * radius + centre[2]], -1)
    index = np.arange(_TURNS * _ROWS).reshape(_TURNS, _ROWS)
    faces = quads(index, close_first=True)
    column, row = faces // _ROWS, faces % _ROWS
    column = np.where((column == 0) & (column.max(1, keepdims=True) == _TURNS - 1), _TURNS, column)
    uv = np.stack([column / _TURNS, 1 - row / (_ROWS - 1)], -1)
    texture = assets.textures.view(assets.textures.index[slot])
    paint_fabric(np.random.default_rng((seed, 22, int(inner * 100))), texture)
    side = texture.shape[0]
    across = (np.arange(side) + 0.5) / side * 2 * np.pi - np.pi
    down = np.interp((np.arange(side) + 0.5) / side, np.linspace(0, 1, _ROWS), heights)
    chin = assets.joint(body, "jaw")[1] - centre[1]
    high, low, wide = rng.uniform(0.42, 0.72) * top, chin + rng.uniform(-0.02, 0.14), rng.uniform(0.6, 0.8) * opening
    edge = (np.abs(across[None]) / wide) ** 2.3 + (np.abs(down[:, None] - (high + low) / 2) / ((high - low) / 2 * opening)) ** 2.3
    texture[..., 3] = np.where(edge > 1, 255, 0)
    hem = 0.72 + 0.28 * np.clip((edge - 1) / 0.16, 0, 1)
    texture[..., :3] = (texture[..., :3] * hem[..., None]).astype(np.uint8)
    return part(points.reshape(-1, 3), faces, uv, assets.textures.index[slot], raster.CLOTH, occlusion=0.95 if inner == 0 else 0.8)


def hijab(assets: Assets, body: np.ndarray, seed: int) -> list[Part]:
    veils = [_veil(assets, body, seed, "veil", 0.0, 1.0)]
    if np.random.default_rng((seed, 23)).random() < 0.55:
        veils.append(_veil(assets, body, seed, "under-veil", 0.05, 0.9))
    return veils


def peci(assets: Assets, body: np.ndarray, seed: int) -> list[Part]:
    rng = np.random.default_rng((seed, 24))
    eye = assets.joint(body, "l-eye")[1]
    head = body[np.unique(assets.faces)]
    head = head[head[:, 1] > eye + 0.45]
    wide, back, front = np.abs(head[:, 0]).max() + 0.07, head[:, 2].min() - 0.07, head[:, 2].max() + 0.05
    low, high = eye + rng.uniform(0.48, 0.65), head[:, 1].max() + rng.uniform(0.1, 0.28)
    angle = np.arange(64) / 64 * 2 * np.pi
    profile = ((low, 1.0), ((low + high) / 2, 0.985), (high - 0.03, 0.96), (high, 0.93), (high - 0.02, 0.55), (high - 0.03, 0.01))
    rows = [
        np.stack([wide * s * np.sin(angle), y + (0.06 * np.cos(angle) if s > 0.9 else 0 * angle), (back + front) / 2 + (front - back) / 2 * s * np.cos(angle)], 1)
        for y, s in profile
    ]
    faces = quads(np.arange(64 * len(rows)).reshape(len(rows), 64), close_second=True)
    colour = np.ones(3) * 0.015 if rng.random() < 0.75 else rng.random(3) * 0.6
    return [part(np.concatenate(rows), faces, tint=colour)]


def glasses(assets: Assets, body: np.ndarray, seed: int, corner_z: float, dark: bool) -> list[Part]:
    rng = np.random.default_rng((seed, 25))
    left, right = assets.joint(body, "l-eye"), assets.joint(body, "r-eye")
    radius, wide, tall, power = rng.uniform(0.012, 0.035), rng.uniform(0.24, 0.30), rng.uniform(0.15, 0.26), rng.uniform(2, 4.5)
    colour = np.ones(3) * rng.uniform(0.01, 0.08) if rng.random() < 0.7 else rng.random(3) ** 2
    front = corner_z + rng.uniform(0.16, 0.24)
    angle = np.arange(40) / 40 * 2 * np.pi
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / power) * wide
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / power) * tall
    skin = body[np.unique(assets.faces)]
    ear_x = np.abs(skin[skin[:, 1] > left[1] - 0.1, 0]).max() - 0.12
    parts = []
    add = lambda path, thick, closed=False: parts.append(part(*tube(path, thick, 8, closed), material=raster.HARD, tint=colour))
    for eye, side in ((left, 1), (right, -1)):
        middle = eye[0] + side * 0.02
        rim = np.stack([middle + x, eye[1] - 0.03 + y, front - 0.25 * np.maximum(0, side * x) ** 2], 1)
        add(rim, radius, True)
        start, end, t = np.array([middle + side * wide, eye[1] + 0.02, front - 0.25 * wide**2]), np.array([side * ear_x, eye[1] + 0.02, 0.1]), np.linspace(0, 1, 12)[:, None]
        arm = start * (1 - t) + end * t
        arm[:, 0] += side * 0.06 * np.sin(t[:, 0] * np.pi)
        add(arm, radius * 0.9)
        if dark:
            fan = np.array([[0, 1 + k, 1 + (k + 1) % 40] for k in range(40)])
            parts.append(part(np.concatenate([[[middle, eye[1] - 0.03, front]], rim]), fan, material=raster.HARD, tint=np.ones(3) * 0.01))
    t, end = np.linspace(-1, 1, 8), left[0] + 0.02 - wide
    add(np.stack([t * end, left[1] + 0.03 + 0.04 * (1 - t**2), front + 0.02 * (1 - t**2)], 1), radius)
    return parts


def mask(assets: Assets, body: np.ndarray, seed: int, nose: np.ndarray) -> list[Part]:
    """A surgical or cloth mask: the envelope of the lower face, from the bridge of the nose to below the chin."""
    rng = np.random.default_rng((seed, 26))
    centre, heights, grid, _ = _drape(assets, body)
    eye, chin = 0.0, assets.joint(body, "jaw")[1] - centre[1]
    high, low = eye - rng.uniform(0.12, 0.3), chin - rng.uniform(0.05, 0.12)
    turns, rows = np.linspace(-1.25, 1.25, 41), np.linspace(high, low, 30)
    at = ((turns + np.pi) / (2 * np.pi) * _TURNS - 0.5) % _TURNS
    radius = np.stack([np.interp(-rows, -heights, grid[int(round(a)) % _TURNS]) for a in at])
    radius = cv2.GaussianBlur(radius.astype(np.float32), (0, 0), 1.5) + 0.035
    radius += (0.012 * np.sin(np.linspace(0, 1, 30) * 2 * np.pi * 3.5))[None] * (np.abs(turns)[:, None] < 0.9)
    points = np.stack([np.sin(turns)[:, None] * radius, np.repeat((rows + centre[1])[None], 41, 0), np.cos(turns)[:, None] * radius + centre[2]], -1)
    faces = quads(np.arange(41 * 30).reshape(41, 30))
    uv = np.stack([(faces // 30) / 40, 1 - (faces % 30) / 29], -1)
    texture = assets.textures.view(assets.textures.index["mask"])
    if rng.random() < 0.3:
        paint_fabric(rng, texture)
    else:
        shades = ([0.80, 0.88, 0.93], [0.93, 0.93, 0.93], [0.62, 0.78, 0.86], [0.06, 0.06, 0.07], [0.75, 0.85, 0.75])
        texture[..., :3] = np.clip(np.array(shades[rng.integers(5)]) * 255 * (1 + 0.02 * clouds(rng, texture.shape[0])[..., None]), 0, 255)
    across = np.abs(np.linspace(-1, 1, texture.shape[1]))[None]
    down = np.linspace(0, 1, texture.shape[0])[:, None]
    corner = (down > 0.42 * np.clip(across - 0.25, 0, 1)) & (down < 1 - 0.5 * np.clip(across - 0.2, 0, 1))
    texture[..., 3] = np.where(corner, 255, 0)
    return [part(points.reshape(-1, 3), faces, uv, assets.textures.index["mask"], raster.CLOTH, occlusion=0.95)]


def beard(assets: Assets, body: np.ndarray, seed: int, density: np.ndarray, full: float, stubble: float, colour: np.ndarray) -> list[Part]:
    """Shells of hairs over the skin; `density` is the painted map of where hair grows (side × side, 0…1)."""
    rng = np.random.default_rng((seed, 27))
    texture = assets.textures.view(assets.textures.index["beard"])
    side = texture.shape[0]
    grain = cv2.resize(rng.random((side, side)).astype(np.float32), (side, side))
    patch = np.clip(density * (1 + 0.35 * clouds(rng, side, (12, 24))), 0, 1)
    texture[..., :3] = (150 + 80 * grain)[..., None]
    texture[..., 3] = np.clip(255 * patch * (0.35 + 0.65 * grain) * (0.5 * stubble + full), 0, 255)
    hairy = density[((1 - assets.uv[..., 1]) * side).astype(int).clip(0, side - 1), (assets.uv[..., 0] * side).astype(int).clip(0, side - 1)].max(1) > 0.02
    faces, uv = assets.faces[hairy], assets.uv[hairy]
    normal = raster.normals(body, assets.faces)
    shells = [0.004] + [h * full for h in (0.02, 0.04, 0.06, 0.085)] * (full > 0)
    return [
        part(body + normal * h, faces, uv, assets.textures.index["beard"], raster.HAIR, colour * (0.7 + 3 * h), 0.75 + 2 * h)
        for h in shells
    ]
