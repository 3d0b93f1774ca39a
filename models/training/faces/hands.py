"""Hands and forearms of the same mesh: pictures without a face, and things that cover one.

Invariant: RGBA tiles like those of heads, without labels.
Deliberately lacks single fingers' movement: all of them fold together.
"""

import numpy as np

from . import raster, view
from .assets import Assets
from .person import draw as draw_person
from .solid import merge, part, rotation, smoothstep


def _hinge(points: np.ndarray, pivot: np.ndarray, axis: np.ndarray, along: np.ndarray, angle: float) -> np.ndarray:
    """Turns what lies past `pivot` in the direction `along` around `axis`."""
    share = smoothstep(-0.05, 0.08, (points - pivot) @ along)[:, None]
    k = axis / np.linalg.norm(axis)
    rest = points - pivot
    turned = rest * np.cos(angle) + np.cross(k, rest) * np.sin(angle) + k * (rest @ k)[:, None] * (1 - np.cos(angle))
    return points * (1 - share) + (turned + pivot) * share


def picture(assets: Assets, seed: int, side_px: int, light: view.Light) -> np.ndarray:
    """Linear RGBA of a hand in a random attitude."""
    rng = np.random.default_rng((seed, 41))
    who, body = draw_person(seed, assets), assets.vertices.astype(np.float64)
    joint = lambda name: assets.joint(body, f"l-{name}")
    elbow, wrist, knuckles = joint("elbow"), joint("hand"), [joint(f"finger-{k}-1") for k in (2, 5)]
    along = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    keep = ((assets.vertices[assets.body_faces] - elbow) @ along).min(1) > rng.uniform(1.0, 2.3)
    keep &= assets.vertices[assets.body_faces][..., 0].min(1) > 0.5
    curl = rng.uniform(-0.1, 1.5) if rng.random() < 0.6 else 0.0
    sense = -1.0 if rng.random() < 0.5 else 1.0
    for level in (1, 2, 3):
        first, last = joint(f"finger-2-{level}"), joint(f"finger-5-{level}")
        body = _hinge(body, (first + last) / 2, last - first, along, sense * curl * 0.8)
    flip = np.array([-1.0 if rng.random() < 0.5 else 1.0, 1, 1])
    middle = (knuckles[0] + knuckles[1]) / 2
    turned = ((body - middle) * flip) @ rotation(rng.uniform(-np.pi, np.pi), rng.uniform(-1.5, 1.5), rng.uniform(-np.pi, np.pi)).T
    skin = part(turned, assets.body_faces[keep], assets.body_uv[keep], assets.skins[who.skin][1], raster.SKIN, who.skin_tint, 0.85)
    distance = rng.uniform(5, 10)
    camera = view.Camera(np.array([0, 0, distance]), np.zeros(3), rng.uniform(0.28, 0.48) * side_px * distance, (side_px / 2, side_px / 2))
    return view.draw_solid(assets, merge([skin]), np.zeros(3), camera, light, side_px, side_px)
