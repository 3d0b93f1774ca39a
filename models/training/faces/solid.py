"""Surfaces and how they join: parts, merging, tubes, rotations, a baked ambient occlusion.

Invariant: units are those of the assets (decimetres); triangles index their own part's vertices until merged.
Deliberately lacks people: it knows shapes only.
"""

from dataclasses import dataclass

import numpy as np

from . import raster


@dataclass
class Part:
    vertices: np.ndarray  # (n, 3) float32
    faces: np.ndarray  # (m, 3) int32
    uv: np.ndarray  # (m, 3, 2) float32
    texture: int  # -1: plain colour
    material: int
    tint: np.ndarray  # linear RGB
    occlusion: np.ndarray  # (n,) 1 = open to the sky


def part(vertices, faces, uv=None, texture=-1, material=raster.CLOTH, tint=(1, 1, 1), occlusion=1.0) -> Part:
    vertices, faces = np.asarray(vertices, np.float32), np.asarray(faces, np.int32)
    uv = np.zeros((len(faces), 3, 2), np.float32) if uv is None else np.asarray(uv, np.float32)
    shade = occlusion if np.ndim(occlusion) else np.full(len(vertices), occlusion)
    return Part(vertices, faces, uv, texture, material, np.asarray(tint, np.float32), np.asarray(shade, np.float32))


@dataclass
class Solid:
    """All parts as one triangle soup, as the kernels want it."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    texture: np.ndarray
    material: np.ndarray
    tint: np.ndarray
    occlusion: np.ndarray


def merge(parts: list[Part]) -> Solid:
    starts = np.cumsum([0] + [len(p.vertices) for p in parts[:-1]])
    each = lambda value, kind: np.concatenate([np.full(len(p.faces), value(p), kind) for p in parts])
    return Solid(
        np.concatenate([p.vertices for p in parts]), np.concatenate([p.faces + s for p, s in zip(parts, starts)]).astype(np.int32),
        np.ascontiguousarray(np.concatenate([p.uv for p in parts]), np.float32), each(lambda p: p.texture, np.int32),
        each(lambda p: p.material, np.int32), np.concatenate([np.repeat(p.tint[None], len(p.faces), 0) for p in parts]).astype(np.float32),
        np.concatenate([p.occlusion for p in parts]).astype(np.float32),
    )


def smoothstep(low: float, high: float, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Radians. Yaw turns +z towards +x, pitch turns +z downwards, roll turns +x towards +y."""
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    turn, nod = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]), np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    return turn @ nod @ np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])


def quads(rows: np.ndarray, close_first: bool = False, close_second: bool = False) -> np.ndarray:
    """Triangles of a grid of vertex indices."""
    a = rows
    if close_first:
        a = np.concatenate([a, a[:1]])
    if close_second:
        a = np.concatenate([a, a[:, :1]], 1)
    corners = np.stack([a[:-1, :-1], a[1:, :-1], a[1:, 1:], a[:-1, 1:]], -1).reshape(-1, 4)
    return np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]]).astype(np.int32)


def tube(path: np.ndarray, radius: float, sides: int = 8, closed: bool = False) -> tuple[np.ndarray, np.ndarray]:
    path = np.asarray(path, np.float64)
    along = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    if not closed:
        along[0], along[-1] = path[1] - path[0], path[-1] - path[-2]
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    first = np.cross(along, [0.13, 0.2, 1.0])
    first /= np.linalg.norm(first, axis=1, keepdims=True) + 1e-9
    second, angle = np.cross(first, along), np.arange(sides) / sides * 2 * np.pi
    ring = np.cos(angle)[None, :, None] * first[:, None] + np.sin(angle)[None, :, None] * second[:, None]
    index = np.arange(len(path) * sides).reshape(len(path), sides)
    return (path[:, None] + radius * ring).reshape(-1, 3).astype(np.float32), quads(index, close_first=closed, close_second=True)


def bake_occlusion(vertices: np.ndarray, faces: np.ndarray, extra_vertices: np.ndarray, extra_faces: np.ndarray, views: int = 64) -> np.ndarray:
    """Share of directions (weighted by the cosine) from which a vertex is seen, over the upper body."""
    rng, side = np.random.default_rng(0), 320
    normal = raster.normals(vertices, faces)
    cloud, soup = np.concatenate([vertices, extra_vertices]), np.concatenate([faces, extra_faces + len(vertices)]).astype(np.int32)
    plain = (np.zeros((len(soup), 3, 2), np.float32), np.full(len(soup), -1, np.int32), np.zeros(4, np.uint8), np.zeros(1, np.int64), np.ones(1, np.int32))
    used = np.unique(faces)
    seen, weight = np.zeros(len(vertices)), np.zeros(len(vertices))
    for _ in range(views):
        d = rng.standard_normal(3)
        d /= np.linalg.norm(d)
        u = np.cross(d, [0.3, 1, 0.2])
        u /= np.linalg.norm(u)
        turned = (cloud - [0, 6.6, 0.3]) @ np.stack([u, np.cross(d, u), d]).T
        points = np.stack([(turned[:, 0] / 4.4 + 0.5) * side, (turned[:, 1] / 4.4 + 0.5) * side, turned[:, 2] + 20], 1).astype(np.float32)
        depth, owner, bary = np.zeros((side, side), np.float32), np.zeros((side, side), np.int32), np.zeros((side, side, 2), np.float32)
        raster.fill(points, soup, *plain, False, depth, owner, bary)
        at = points[used]
        x, y = at[:, 0].astype(int).clip(0, side - 1), at[:, 1].astype(int).clip(0, side - 1)
        cosine = np.maximum(normal[used] @ d, 0)
        seen[used] += (depth[y, x] <= at[:, 2] + 0.05) * cosine
        weight[used] += cosine
    return (seen / np.maximum(weight, 1e-3)).astype(np.float32)
