"""A person at one moment: expression, parts put together, the neck bent, and the points that are labelled.

Invariant: the labelled points are vertices (or means of a few) of the same posed mesh that is drawn.
Deliberately lacks camera and light.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from . import raster, wear
from .assets import Assets
from .person import Person
from .solid import Part, Solid, bake_occlusion, merge, part, rotation, smoothstep

POINTS = ("eye on the picture's left", "eye on its right", "nose tip", "mouth corner left", "mouth corner right")


@dataclass
class Moment:
    """What the face does. Weights 0…1; angles in radians, in the sense of `solid.rotation`."""

    shut: tuple[float, float] = (0.0, 0.0)  # subject's left, right
    wide_eyes: float = 0.0
    mouth_open: float = 0.0
    smile: float = 0.0
    units: dict[str, float] = field(default_factory=dict)
    gaze: tuple[float, float] = (0.0, 0.0)
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    body_share: float = 0.3  # of the yaw that the shoulders follow


@dataclass(frozen=True)
class Marks:
    """Vertex indices of the base mesh."""

    corners: tuple[tuple[int, int], tuple[int, int]]  # subject's right eye, left eye: outer and inner corner
    nose: int
    mouth: tuple[int, int]  # subject's right, left
    face: np.ndarray
    occlusion: np.ndarray
    beard: np.ndarray  # painted map


def _paint_density(assets: Assets, value: np.ndarray, side: int) -> np.ndarray:
    map_ = np.zeros((side, side), np.float32)
    for face, uv in zip(assets.faces, assets.uv):
        mean = float(value[face].mean())
        if mean > 0.02:
            cv2.fillConvexPoly(map_, (np.stack([uv[:, 0], 1 - uv[:, 1]], 1) * side).astype(np.int32), mean)
    return cv2.GaussianBlur(map_, (0, 0), side / 200)


def _beard_density(assets: Assets, mouth_y: float, nose_y: float) -> np.ndarray:
    v = assets.vertices
    x, y, z = np.abs(v[:, 0]), v[:, 1], v[:, 2]
    jaw = smoothstep(mouth_y + 0.12, mouth_y - 0.12, y - 0.75 * np.clip(x - 0.28, 0, None)) * smoothstep(0.15, 0.5, z) * smoothstep(5.95, 6.2, y)
    lip = smoothstep(0.38, 0.28, x) * smoothstep(nose_y - 0.02, nose_y - 0.12, y) * smoothstep(mouth_y - 0.4, mouth_y - 0.2, y) * (z > 0.8)
    density = np.maximum(jaw, lip).astype(np.float32)
    for target in ("mouth/mouth-upperlip-volume-incr", "mouth/mouth-lowerlip-volume-incr"):
        at, move = assets.targets[target]
        size = np.linalg.norm(move, axis=1)
        density[at[size > 0.25 * size.max()]] = 0
    density[13380:] = 0
    return density


@lru_cache(maxsize=1)
def marks(assets: Assets) -> Marks:
    v = assets.vertices
    front = np.arange(13380)
    nose = front[(np.abs(v[:13380, 0]) < 0.02) & (v[:13380, 1] > 6.6) & (v[:13380, 1] < 7.3)]
    nose = int(nose[v[nose, 2].argmax()])
    mouth = (assets.peak("mouth/mouth-angles-up", -1), assets.peak("mouth/mouth-angles-up", 1))
    body = v.copy()
    for race in ("caucasian", "asian", "african"):
        for sex in ("male", "female"):
            assets.apply(body, f"macrodetails/{race}-{sex}-young", 1 / 6)
    occlusion = bake_occlusion(body, assets.faces, assets.eyes.fit(body), assets.eyes.faces)
    face = np.unique(assets.faces[assets.face_triangles])
    face = face[(v[face, 1] > 6.5) | ((v[face, 1] > 6.15) & (v[face, 2] > 1.2))]  # down to the chin, without the throat
    corners = tuple((assets.peak(f"eyes/{s}-eye-corner2-up"), assets.peak(f"eyes/{s}-eye-corner1-up")) for s in "rl")
    density = _beard_density(assets, float(v[list(mouth), 1].mean()), float(v[nose, 1]))
    return Marks(corners, nose, mouth, face, occlusion, _paint_density(assets, density, 512))


def body_of(assets: Assets, person: Person, moment: Moment) -> np.ndarray:
    body = assets.vertices.copy()
    for target, weight in person.shape:
        assets.apply(body, target, weight)
    unit = lambda name, weight: assets.apply(body, f"expression/units/{person.race}/{name}", weight)
    unit("eye-left-closure", moment.shut[0])
    unit("eye-right-closure", moment.shut[1])
    unit("eye-left-opened-up", moment.wide_eyes)
    unit("eye-right-opened-up", moment.wide_eyes)
    unit("mouth-open", moment.mouth_open)
    unit("mouth-corner-puller", moment.smile)
    for name, weight in moment.units.items():
        unit(name, weight)
    return body


def _eyeballs(assets: Assets, person: Person, body: np.ndarray, gaze: tuple[float, float]) -> Part:
    eyes = assets.eyes.fit(body).astype(np.float64)
    turn = rotation(gaze[0], gaze[1], 0)
    for side in (1, -1):
        mine = np.sign(eyes[:, 0]) == side
        centre = eyes[mine].mean(0)
        eyes[mine] = (eyes[mine] - centre) @ turn.T + centre
    white = np.array([0.82, 0.79, 0.76])
    return part(eyes, assets.eyes.faces, assets.eyes.uv, person.iris, raster.EYE, white, 0.6)


def parts_of(assets: Assets, person: Person, moment: Moment) -> list[Part]:
    body, mark, worn = body_of(assets, person, moment), marks(assets), person.wear
    clothes = assets.clothes[worn.clothes] if worn.clothes is not None else None
    hidden = np.zeros(len(body), bool)
    if clothes is not None:
        hidden[clothes.deleted] = True
    seen = ~hidden[assets.faces].all(1)
    skin = assets.skins[person.skin][1]
    parts = [part(body, assets.faces[seen], assets.uv[seen], skin, raster.SKIN, person.skin_tint, mark.occlusion), _eyeballs(assets, person, body, moment.gaze)]
    add = lambda f, material, tint, ao: parts.append(part(f.fit(body), f.faces, f.uv, f.texture, material, tint, ao))
    add(assets.brows[person.brow], raster.HAIR, person.hair_colour * 0.8, 1.0)
    if person.lash is not None:
        add(assets.lashes[person.lash], raster.HAIR, np.ones(3) * 0.12, 1.0)
    add(assets.teeth, raster.CLOTH, np.array([0.95, 0.9, 0.8]), 0.6)
    if worn.hair is not None:
        add(assets.hair[worn.hair], raster.HAIR, person.hair_colour * 1.2, 0.85)
    if clothes is not None:
        add(clothes, raster.CLOTH, person.cloth_tint, 1.0)
    if worn.headwear == "hat":
        add(assets.hat, raster.CLOTH, person.cloth_tint, 1.0)
    if worn.beard + worn.stubble > 0:
        parts += wear.beard(assets, body, person.seed, mark.beard, worn.beard, worn.stubble, person.hair_colour)
    if worn.headwear == "hijab":
        parts += wear.hijab(assets, body, person.seed)
    if worn.headwear == "peci":
        parts += wear.peci(assets, body, person.seed)
    if worn.glasses is not None:
        corner_z = max(body[c, 2] for pair in mark.corners for c in pair)
        parts += wear.glasses(assets, body, person.seed, corner_z, worn.glasses == "dark")
    if worn.mask:
        parts += wear.mask(assets, body, person.seed, body[mark.nose])
    return parts


@dataclass
class Posed:
    solid: Solid
    turn: np.ndarray  # the head's rotation
    points: np.ndarray  # (5, 3): `POINTS`
    face: np.ndarray  # (n, 3) vertices whose extent is the box
    skin_vertices: int


def pose(assets: Assets, person: Person, moment: Moment) -> Posed:
    parts = parts_of(assets, person, moment)
    body, mark = parts[0].vertices, marks(assets)
    solid = merge(parts)
    neck, head = assets.joint(body, "neck"), assets.joint(body, "head")
    nod = rotation(moment.yaw * (1 - moment.body_share), moment.pitch, moment.roll)
    turn = rotation(moment.yaw * moment.body_share, 0, 0)
    pivot, v = (neck + head) / 2, solid.vertices.astype(np.float64)
    share = smoothstep(neck[1] - 0.3, head[1] - 0.2, v[:, 1])[:, None]
    bent = v * (1 - share) + ((v - pivot) @ nod.T + pivot) * share
    solid.vertices = (bent @ turn.T).astype(np.float32)
    at = solid.vertices
    right, left = (at[list(pair)].mean(0) for pair in mark.corners)
    points = np.stack([right, left, at[mark.nose], at[mark.mouth[0]], at[mark.mouth[1]]])
    return Posed(solid, turn @ nod, points, at[mark.face], len(body))
