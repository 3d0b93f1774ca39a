"""Reads the CC0 MakeHuman files: base mesh, morph targets, fitted parts and their textures.

Invariant: the folder is only read; geometry stays in the files' own unit (decimetres, y up, the face towards +z,
the subject's left at +x). All textures lie in one flat texel array, so that a kernel can sample any of them.
Deliberately lacks MakeHuman code and every asset that is not CC0.
"""

import hashlib
import os
import pickle
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

FOLDER_VARIABLE = "LOKET_FACE_ASSETS"
_SKIN_SIDE, _PART_SIDE = 1024, 512
_BODY_VERTICES = 13380  # the first vertices of base.obj are the body, the rest are helpers and joints
_LOWEST_CLOTH_Y = 3.0


def default_folder() -> Path:
    return Path(os.environ.get(FOLDER_VARIABLE, "build/makehuman-cc0"))


@dataclass
class Textures:
    """Square RGBA textures end to end; `slot` reserves one that is painted anew for every person."""

    blocks: list[np.ndarray] = field(default_factory=list)
    sides: list[int] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, image: np.ndarray) -> int:
        self.index[name] = len(self.blocks)
        self.blocks.append(np.ascontiguousarray(image, np.uint8).reshape(-1))
        self.sides.append(image.shape[0])
        return self.index[name]

    def read(self, path: Path, side: int) -> int:
        if str(path) in self.index:
            return self.index[str(path)]
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if image is None:
            raise FileNotFoundError(path)
        return self.add(str(path), _square_rgba(image, side))

    def freeze(self) -> None:
        self.offsets = np.cumsum([0] + [b.size for b in self.blocks[:-1]]).astype(np.int64)
        self.texels = np.concatenate(self.blocks)
        self.side_array = np.array(self.sides, np.int32)
        self.blocks = []

    def view(self, texture: int) -> np.ndarray:
        side, start = self.sides[texture], self.offsets[texture]
        return self.texels[start : start + side * side * 4].reshape(side, side, 4)


def _square_rgba(image: np.ndarray, side: int) -> np.ndarray:
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2RGBA)
    else:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGBA if image.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
    alpha = image[..., 3:].astype(np.float32) / 255
    colour = cv2.resize(image[..., :3] * alpha, (side, side), interpolation=cv2.INTER_AREA)  # premultiplied: no fringes
    alpha = cv2.resize(alpha, (side, side), interpolation=cv2.INTER_AREA)
    colour = np.where(alpha[..., None] > 1e-3, colour / np.maximum(alpha, 1e-3)[..., None], 0)
    return np.clip(np.dstack([colour, alpha * 255]), 0, 255).astype(np.uint8)


@dataclass
class Fitted:
    """A part that follows the body: vertices are mixes of three body vertices plus a scaled offset."""

    name: str
    reference: np.ndarray  # (n, 3) int
    weights: np.ndarray  # (n, 3)
    offset: np.ndarray  # (n, 3)
    scales: dict[int, tuple[int, int, float]]
    faces: np.ndarray
    uv: np.ndarray  # (m, 3, 2)
    texture: int
    deleted: np.ndarray  # body vertices it hides

    def fit(self, body: np.ndarray) -> np.ndarray:
        scale = np.ones(3, np.float32)
        for axis, (a, b, length) in self.scales.items():
            scale[axis] = abs(body[a, axis] - body[b, axis]) / length
        corners = body[self.reference] * self.weights[..., None]
        return (corners.sum(1) + self.offset * scale).astype(np.float32)


@dataclass(eq=False)
class Assets:
    vertices: np.ndarray
    faces: np.ndarray  # skin of head and shoulders
    uv: np.ndarray
    body_faces: np.ndarray  # skin of the whole body: hands for the pictures without a face
    body_uv: np.ndarray
    groups: dict[str, np.ndarray]
    targets: dict[str, tuple[np.ndarray, np.ndarray]]
    textures: Textures
    skins: list[tuple[str, int]]
    irises: list[int]
    eyes: Fitted
    brows: list[Fitted]
    lashes: list[Fitted]
    teeth: Fitted
    hair: dict[str, Fitted]
    clothes: list[Fitted]
    hat: Fitted
    albedos: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def face_triangles(self) -> np.ndarray:
        """The front of the head, without neck and scalp."""
        middle = self.vertices[self.faces].mean(1)
        depth = np.where(middle[:, 1] < 6.8, 0.95, 0.45)  # under the chin lies the throat
        return (middle[:, 1] > 6.1) & (middle[:, 1] < 7.95) & (middle[:, 2] > depth) & (np.abs(middle[:, 0]) < 0.85)

    def joint(self, body: np.ndarray, name: str) -> np.ndarray:
        return body[self.groups[f"joint-{name}"]].mean(0)

    def apply(self, body: np.ndarray, target: str, weight: float) -> None:
        if abs(weight) > 1e-4:
            at, move = self.targets[target]
            body[at] += move * np.float32(weight)

    def mean_albedo(self, texture: int) -> np.ndarray:
        """Mean linear colour where the face lies on a skin texture (a middle cut suffices to tell tones)."""
        if texture not in self.albedos:
            used = self.uv[self.face_triangles].mean(1)
            side = self.textures.sides[texture]
            x, y = (used[:, 0] * side).astype(int) % side, ((1 - used[:, 1]) * side).astype(int) % side
            self.albedos[texture] = ((self.textures.view(texture)[y, x, :3] / 255.0) ** 2.2).mean(0)
        return self.albedos[texture]

    def peak(self, target: str, side: int = 0) -> int:
        """The body vertex a target moves most (on the side of the given sign of x)."""
        at, move = self.targets[target]
        size = np.linalg.norm(move.astype(np.float32), axis=1)
        size[at >= _BODY_VERTICES] = 0
        if side:
            size[np.sign(self.vertices[at, 0]) != side] = 0
        return int(at[size.argmax()])


def read_obj(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Vertices, texture coordinates, triangles, their texture indices and group names."""
    points, coordinates, faces, corners, groups, group = [], [], [], [], [], ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            points.append([float(x) for x in words[1:4]])
        elif words[0] == "vt":
            coordinates.append([float(x) for x in words[1:3]])
        elif words[0] == "g":
            group = words[1] if len(words) > 1 else ""
        elif words[0] == "f":
            pairs = [w.split("/") for w in words[1:]]
            v = [int(p[0]) - 1 for p in pairs]
            t = [int(p[1]) - 1 if len(p) > 1 and p[1] else 0 for p in pairs]
            for k in range(1, len(v) - 1):
                faces.append([v[0], v[k], v[k + 1]])
                corners.append([t[0], t[k], t[k + 1]])
                groups.append(group)
    return np.array(points, np.float32), np.array(coordinates or [[0, 0]], np.float32), np.array(faces, np.int32), np.array(corners, np.int32), groups


def _ranges(words: list[str]) -> list[int]:
    out, i = [], 0
    while i < len(words):
        if i + 2 < len(words) and words[i + 1] == "-":
            out += range(int(words[i]), int(words[i + 2]) + 1)
            i += 3
        else:
            out.append(int(words[i]))
            i += 1
    return out


def _mhclo(path: Path) -> tuple[np.ndarray, dict, list[int], str]:
    """Rows of (3 vertices, 3 weights, 3 offsets), scales, deleted vertices, name of the mesh file."""
    rows, scales, deleted, mesh, section = [], {}, [], "", ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("verts", "delete_verts", "weights", "vertexboneweights_file"):
            section = words[0]
        elif words[0] in ("x_scale", "y_scale", "z_scale"):
            scales["xyz".index(words[0][0])] = (int(words[1]), int(words[2]), float(words[3]))
        elif words[0] == "obj_file":
            mesh = " ".join(words[1:])
        elif not re.match(r"-?\d", words[0]):
            continue  # tags and materials may stand between a section's head and its rows
        elif section == "verts":
            one = len(words) == 1
            rows.append([int(words[0])] * 3 + [1, 0, 0, 0, 0, 0] if one else [float(x) for x in words[:9]])
        elif section == "delete_verts":
            deleted += _ranges(words)
    return np.array(rows, np.float64), scales, deleted, mesh


def _texture_of(path: Path) -> Path | None:
    """The diffuse texture; endings differ where an opaque one was stored as JPEG."""
    material = path.with_suffix(".mhmat")
    if not material.exists():
        return None
    for line in material.read_text(errors="replace").splitlines():
        if line.startswith("diffuseTexture"):
            wanted = path.parent / line.split(None, 1)[1].strip()
            return next((p for p in (wanted, wanted.with_suffix(".jpg"), wanted.with_suffix(".png")) if p.exists()), None)
    return None


def _fitted(path: Path, textures: Textures, texture: int | None = None, side: int = _PART_SIDE) -> Fitted | None:
    if texture is None:
        file = _texture_of(path)
        if file is None:
            return None
        texture = textures.read(file, side)
    rows, scales, deleted, mesh = _mhclo(path)
    if not len(rows):
        return None
    _, coordinates, faces, corners, _ = read_obj(path.parent / mesh)
    return Fitted(
        path.stem, rows[:, :3].astype(np.int64), rows[:, 3:6].astype(np.float32), rows[:, 6:9].astype(np.float32), scales,
        faces, coordinates[corners], texture, np.array(deleted, np.int64),
    )


def _parts(folder: Path, pattern: str, textures: Textures) -> list[Fitted]:
    found = (_fitted(path, textures) for path in sorted(folder.glob(pattern)))
    return [part for part in found if part is not None]


def _upper(part: Fitted, vertices: np.ndarray) -> Fitted:
    keep = vertices[part.reference[part.faces[:, 0], 0], 1] > _LOWEST_CLOTH_Y
    part.faces, part.uv = part.faces[keep], part.uv[keep]
    return part


@lru_cache(maxsize=1)
def load(folder: Path, cache: Path = Path("build/faces")) -> Assets:
    """The parsed assets; parsing takes seconds, so the result is kept in `cache` under a digest of this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + str(folder.resolve()).encode()).hexdigest()[:12]
    kept = cache / f"assets-{digest}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # our own file
    assets = _parse(folder)
    cache.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(assets))
    return assets


def _parse(folder: Path) -> Assets:
    if not (folder / "targets.npz").exists():
        raise FileNotFoundError(f"no face assets in {folder}: see models/training/faces/README.md")
    vertices, coordinates, faces, corners, names = read_obj(folder / "3dobjs/base.obj")
    groups_of = np.array(names)
    groups = {g: np.unique(faces[groups_of == g]) for g in set(names) if g.startswith("joint-")}
    body = groups_of == "body"
    keep = body & (vertices[faces, 1].min(1) > 3.6)
    stored = np.load(folder / "targets.npz")
    targets = {k[:-2]: (stored[k].astype(np.int64), stored[k[:-2] + "|d"].astype(np.float32)) for k in stored.files if k.endswith("|i")}
    textures = Textures()
    skins = [(p.stem, textures.read(p, _SKIN_SIDE)) for p in sorted((folder / "skins/textures").glob("*.jpg"))]
    brown = folder / "eyes/materials/brown_eye.png"
    irises = [textures.read(p, _PART_SIDE) for p in [brown, *sorted(p for p in brown.parent.glob("*_eye.png") if p != brown)]]
    clothes = [_upper(p, vertices) for p in _parts(folder, "clothes/*/*.mhclo", textures) if "fedora" not in p.name]
    hats = [p for p in _parts(folder, "clothes/fedora01/*.mhclo", textures)]
    hat = hats[0] if hats else _fitted(folder / "clothes/fedora01/fedora.mhclo", textures, textures.add("felt", np.full((64, 64, 4), 255, np.uint8)))
    assets = Assets(
        vertices, faces[keep], coordinates[corners[keep]], faces[body], coordinates[corners[body]], groups, targets, textures, skins, irises,
        _fitted(folder / "eyes/high-poly/high-poly.mhclo", textures, irises[0]),
        _parts(folder, "eyebrows/*/*.mhclo", textures), _parts(folder, "eyelashes/*/*.mhclo", textures),
        _fitted(folder / "teeth/teeth_base/teeth_base.mhclo", textures, textures.read(folder / "teeth/materials/teeth.png", _PART_SIDE)),
        {p.name: p for p in _parts(folder, "hair/*/*.mhclo", textures)}, clothes, hat,
    )
    for slot in ("veil", "under-veil", "beard", "mask", "screen"):
        textures.add(slot, np.full((_PART_SIDE, _PART_SIDE, 4), 255, np.uint8))
    textures.freeze()
    return assets
