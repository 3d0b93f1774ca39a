"""Command: sitters, invented people cut out of their pictures, from which the product's simulated camera and its attacks are composed.

Purpose: `python -m faces.sitters --assets DIR --out ../../tests/data/sitters` writes a folder per person: a room, and per state of the
face the picture lit by the room (`STATE.jpg`), the same lit only by a white screen in front (`STATE.screen.jpg`, same units: both are
sRGB-coded light to be added), its coverage (`STATE.png`); `flow.png` says how each state moves out of the one before it.
Invariant: a sitter is a function of its number; seeds lie among those that no training pool uses. States other than `neutral` are
patches of the neutral picture: only the head moves.
Deliberately lacks masks and dark glasses (nobody is asked to sit like that), and movement of the shoulders.
"""

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from . import assets as asset_files
from . import head, interiors, person, pool, raster, view
from .head import Moment, Posed

WIDTH_PX, HEIGHT_PX, FACE_PX = 448, 400, 165  # the face box's height
ROOM_PX = (768, 576)
COUNT = 30
FIRST_SEED = (pool.HELD_OUT_FIRST + 90) * 10_000
# State: the one before it, and what the face does.
STATES: dict[str, tuple[str | None, dict]] = {
    "neutral": (None, {}),
    "half_shut": ("neutral", {"shut": 0.55}),
    "shut": ("half_shut", {"shut": 1.0}),
    "turned_10": ("neutral", {"turn": 10}),
    "turned_20": ("turned_10", {"turn": 20}),
    "turned_30": ("turned_20", {"turn": 30}),
    "smile_half": ("neutral", {"smile": 0.5}),
    "smile": ("smile_half", {"smile": 1.0}),
}
FLOW_CELLS, FLOW_STEP = (28, 28), 0.25  # columns and rows of a state's flow over its patch; pixels of layer per code value
_OVER = 2
_TONES = {"light": (0.08, 0.33), "middle": (0.37, 0.63), "dark": (0.67, 0.95)}


@dataclass
class Sitter:
    name: str
    person: person.Person
    groups: list[str]
    base: Moment
    light: view.Light
    camera: view.Camera
    room: np.ndarray


def who(number: int, assets: asset_files.Assets) -> tuple[person.Person, list[str]]:
    """Skin tones, sexes, and what is worn in even shares over the numbers."""
    tone, female, turn = list(_TONES)[number % 3], number // 3 % 2 == 0, number // 6
    rng = np.random.default_rng((FIRST_SEED + number, 91))
    hijab, peci = female and turn % 2 == 0, not female and turn in (1, 3)
    beard, glasses = not female and turn in (0, 3, 4), (turn + number % 3 + 2 * female) % 5 in (0, 3)
    wear = {"glasses": "clear" if glasses else None, "mask": False, "beard": float(rng.uniform(0.3, 0.9)) if beard else 0.0}
    wear["stubble"] = float(rng.uniform(0.4, 1)) if beard else 0.0
    headwear = "hijab" if hijab else "peci" if peci else "none"
    made = person.draw(FIRST_SEED + number, assets, female, headwear, float(rng.uniform(*_TONES[tone])), **wear)
    made.wear.clothes = made.wear.clothes if made.wear.clothes is not None else int(rng.integers(len(assets.clothes)))
    groups = [tone, "women" if female else "men"]
    groups += [name for name, has in (("hijab", hijab), ("peci", peci), ("glasses", glasses), ("beard", beard)) if has]
    return made, groups


def moment(base: Moment, shut: float = 0.0, turn: float = 0.0, smile: float = 0.0) -> Moment:
    """`turn` in degrees towards the subject's own left: the picture's right."""
    units = {"mouth-upward-retraction": 0.5 * smile, "eye-left-slit": 0.2 * smile, "eye-right-slit": 0.2 * smile}
    gaze = (base.gaze[0] - 0.4 * np.radians(turn), base.gaze[1])
    return Moment((shut, shut), 0.0, 0.0, smile, units, gaze, base.yaw + np.radians(turn), base.pitch, base.roll, 0.0)


def draw(number: int, assets: asset_files.Assets) -> Sitter:
    made, groups = who(number, assets)
    rng = np.random.default_rng((FIRST_SEED + number, 92))
    angles = np.radians(rng.normal(0, [1.5, 2.5, 1.2]))
    base = Moment(yaw=angles[0], pitch=angles[1], roll=angles[2], gaze=(rng.normal(0, 0.03), rng.normal(0, 0.03)))
    posed = head.pose(assets, made, moment(base))
    middle, tall = posed.face.mean(0), float(np.ptp(posed.face[:, 1]))
    distance = np.exp(rng.uniform(np.log(5.0), np.log(8.0)))
    position = middle + np.array([rng.normal(0, 0.02), rng.normal(0, 0.05), 1.0]) * distance
    camera = view.Camera(position, middle, FACE_PX * distance / tall, (WIDTH_PX / 2, 0.4 * HEIGHT_PX))
    light = view.indoor(rng, even=rng.uniform(0.3, 0.8))
    room = interiors.room(rng, *ROOM_PX, blur=rng.uniform(1.5, 5))
    return Sitter(f"{number:02d}", made, groups, base, light, camera, room)


def screen_only(light: view.Light) -> view.Light:
    """A white display right in front, wide enough that its light comes from several directions; the walls return a little."""
    spread = np.array([[0, -0.1, 1], [0.3, -0.1, 1], [-0.3, -0.1, 1], [0.15, 0.12, 1], [-0.15, 0.12, 1], [0, -0.32, 1]])
    directions = spread / np.linalg.norm(spread, axis=1, keepdims=True)
    ambient = np.zeros((3, 9), np.float32)
    ambient[:, 0], ambient[:, 2] = 0.04, 0.03
    return view.Light(directions.astype(np.float32), np.full((6, 3), 1 / 6, np.float32), ambient, light.look)


def _spread(linear: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colour continued past the outline, so that neither JPEG nor resampling darkens it; coverage."""
    linear = np.nan_to_num(linear, posinf=0, neginf=0)
    cover = np.clip(linear[..., 3], 0, 1)
    colour, weight = linear[..., :3].copy(), cover.copy()
    for sigma in (1.5, 6, 30):
        near, much = cv2.GaussianBlur(colour, (0, 0), sigma), cv2.GaussianBlur(weight, (0, 0), sigma)
        colour = colour + (1 - weight)[..., None] * near / np.maximum(much, 1e-4)[..., None] * (much > 1e-3)[..., None]
        weight = np.maximum(weight, (much > 1e-3).astype(np.float32))
    return colour, cover


def _code(linear: np.ndarray) -> np.ndarray:
    light = np.clip(linear, 0, 1)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (shown * 255 + 0.5).astype(np.uint8)


def _traced(assets: asset_files.Assets, posed: Posed, camera: view.Camera) -> tuple[np.ndarray, np.ndarray]:
    s, t = posed.solid, assets.textures
    depth, owner = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32), np.full((HEIGHT_PX, WIDTH_PX), -1, np.int32)
    bary = np.zeros((HEIGHT_PX, WIDTH_PX, 2), np.float32)
    raster.fill(camera.project(s.vertices), s.faces, s.uv, s.texture, t.texels, t.offsets, t.side_array, True, depth, owner, bary)
    return owner, bary


def _moves(assets: asset_files.Assets, here: Posed, there: Posed, camera: view.Camera) -> tuple[np.ndarray, np.ndarray]:
    """How far what is seen in each pixel of `here` lies from there in `there`; coverage."""
    owner, bary = _traced(assets, here, camera)
    y, x = np.nonzero(owner >= 0)
    corners = there.solid.vertices[there.solid.faces[owner[y, x]]].astype(np.float64)
    p = bary[y, x].astype(np.float64)
    at = camera.project(corners[:, 0] * p[:, :1] + corners[:, 1] * p[:, 1:] + corners[:, 2] * (1 - p.sum(1, keepdims=True)))
    move = np.zeros((HEIGHT_PX, WIDTH_PX, 2), np.float32)
    move[y, x] = np.clip(at[:, :2] - np.stack([x + 0.5, y + 0.5], 1), -30, 30)
    return move, (owner >= 0).astype(np.float32)


def flow(assets: asset_files.Assets, before: Posed, after: Posed, camera: view.Camera, patch: tuple[int, int, int, int]) -> np.ndarray:
    """Cells of (dx, dy) in pixels over the patch, half way between the two states."""
    x0, y0, w, h = patch
    forth, back = _moves(assets, before, after, camera), _moves(assets, after, before, camera)
    total, weight = forth[0] - back[0], forth[1] + back[1]
    cut = np.concatenate([total, weight[..., None]], -1)[y0 : y0 + h, x0 : x0 + w]
    cells = cv2.resize(cut, FLOW_CELLS, interpolation=cv2.INTER_AREA)
    for sigma in (0.7, 2.0, 6.0):
        wide = cv2.GaussianBlur(cells, (0, 0), sigma)
        thin = cells[..., 2:] < 0.3
        cells = np.where(thin, wide / np.maximum(wide[..., 2:], 1e-3), cells)
    return cells[..., :2] / np.maximum(cells[..., 2:], 0.1)


def _patch(posed: dict[str, Posed], camera: view.Camera) -> tuple[int, int, int, int]:
    """What the head sweeps over: around it in all states, down to the base of the neck; x, y, width, height."""
    boxes = np.stack([view.labels_of(p, camera).box for p in posed.values()])
    tall = FACE_PX
    x0, x1 = boxes[:, 0].min() - 0.5 * tall, boxes[:, 2].max() + 0.5 * tall
    y1 = boxes[:, 3].max() + 0.55 * tall
    left, right, low = max(0, int(x0)), min(WIDTH_PX, int(x1)), min(HEIGHT_PX, int(y1))
    return left, 0, right - left, low


def _numbers(values: np.ndarray) -> list:
    return np.round(np.asarray(values, float), 1).tolist()


def _scales(room: np.ndarray, screen: np.ndarray, box: np.ndarray, tone: np.ndarray) -> tuple[float, float]:
    """The camera's exposure of the room, and how strong the screen must be to light the face as much as the room does."""
    cx, cy, w, h = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) * 0.22, (box[3] - box[1]) * 0.28
    mean = lambda layer: float(layer[int(cy - h) : int(cy + h), int(cx - w) : int(cx + w), :3].mean()) + 1e-6
    exposed = (0.08 + 0.55 * float(np.mean(tone))) / mean(room)
    return exposed, exposed * mean(room) / mean(screen)


def write(sitter: Sitter, assets: asset_files.Assets, folder: Path, quality: int) -> dict:
    folder.mkdir(parents=True, exist_ok=True)
    jpeg = lambda name, rgb: cv2.imwrite(str(folder / f"{name}.jpg"), np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    jpeg("room", (sitter.room * 255 + 0.5).astype(np.uint8))
    posed = {name: head.pose(assets, sitter.person, moment(sitter.base, **does)) for name, (_, does) in STATES.items()}
    patch, states, flows, scales = _patch(posed, sitter.camera), {}, [], None
    tone = sitter.person.skin_tint * assets.mean_albedo(assets.skins[sitter.person.skin][1])
    for name, (before, does) in STATES.items():
        shots = [view.draw(assets, posed[name], sitter.camera, l, WIDTH_PX, HEIGHT_PX, _OVER) for l in (sitter.light, screen_only(sitter.light))]
        labels = view.labels_of(posed[name], sitter.camera)
        scales = scales or _scales(*shots, labels.box, tone)
        x, y, w, h = patch if before else (0, 0, WIDTH_PX, HEIGHT_PX)
        for suffix, shot, scale in zip(("", ".screen"), shots, scales):
            colour, cover = _spread(shot)
            jpeg(name + suffix, _code(colour * scale)[y : y + h, x : x + w])
        levels = np.round(cover[y : y + h, x : x + w] * 31) * (255 / 31)
        cv2.imwrite(str(folder / f"{name}.png"), levels.astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        yaw, pitch, roll = labels.angles_deg
        states[name] = {
            "box": _numbers(labels.box), "points": _numbers(labels.points), "yaw": round(float(yaw), 2), "pitch": round(float(pitch), 2), "roll": round(float(roll), 2),
            "eyesOpen": 1 - does.get("shut", 0.0), "mouthOpen": 0.0, "smile": does.get("smile", 0.0), "at": [x, y], "after": before,
        }
        if before:
            flows.append(flow(assets, posed[before], posed[name], sitter.camera, patch))
    codes = np.clip(np.round(np.concatenate(flows) / FLOW_STEP) + 128, 0, 255).astype(np.uint8)
    cv2.imwrite(str(folder / "flow.png"), np.dstack([np.full(codes.shape[:2], 128, np.uint8), codes[..., 1], codes[..., 0]]), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return {"name": sitter.name, "groups": sitter.groups, "tone": round(sitter.person.tone, 3), "states": states}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=Path, default=asset_files.default_folder())
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--quality", type=int, default=82)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    assets = asset_files.load(args.assets)
    people = []
    for number in range(args.count):
        sitter = draw(number, assets)
        people.append(write(sitter, assets, args.out / sitter.name, args.quality))
        print(f"sitter {sitter.name}: {' '.join(sitter.groups)}", flush=True)
    truth = {"layerPx": [WIDTH_PX, HEIGHT_PX], "flowCells": FLOW_CELLS, "flowStepPx": FLOW_STEP, "sitters": people}
    (args.out / "truth.json").write_text(json.dumps(truth, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
