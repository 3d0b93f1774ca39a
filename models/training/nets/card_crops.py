"""Command: cut training views out of photographed cards.

Purpose: `python -m nets.card_crops --out build/pool --shards 40` renders cards, photographs them with `synth.world` and
writes, per shard, line crops (`card`), localiser scenes (`scenes`) and line-finder canvases (`canvases`), each made with
the reader's own geometry and the errors its earlier steps leave.
Invariant: shard k depends on k alone; lines that are hidden, cut or outside the picture are left out.
Deliberately lacks negatives for the recogniser: a crop always holds a line.
"""

import argparse
import random
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from synth.card import Card, render
from synth.ink import Line
from synth.world import EVAL_FIELDS, Shot, negative, photograph

from . import shards, views
from .camera import CROP_HEIGHT_PX, Crop
from .canvases import CARD_QUAD, HEIGHT_PX, WIDTH_PX, Canvas, line_boxes
from .scenes import GREY, LONG_PX, SIDE_PX, Scene
from .vocab import printable

SHOTS_PER_SHARD = 100
_SHOTS_PER_CARD = 2
_PROFILES = {"photo": 0.5, "webcam": 0.35, "scan": 0.15}
_CARD_WIDTHS_PX = (720, 1000)
_SEED_STRIDE, _HELD_OUT_SEED = 104_729, 600_000_000
_REFINE_BOX = (12, 48, 232, 160)  # x, y, w, h of the reader's close crop inside 256 × 256
_RECTIFIED_PX = (640, 1280)  # least and greatest width of the reader's rectified card
_VERTICAL_MARGIN, _LEFT_MARGIN, _RIGHT_MARGIN = 0.33, (0.35, 0.5), (0.45, 0.8)  # the reader's, in cap heights
_NEGATIVE_EVERY = 7


def letterboxed(image: np.ndarray) -> tuple[np.ndarray, float, int, int]:
    h, w = image.shape[:2]
    k = LONG_PX / max(h, w)
    small = cv2.resize(image, (max(1, round(w * k)), max(1, round(h * k))), interpolation=cv2.INTER_AREA)
    canvas = np.full((SIDE_PX, SIDE_PX, 3), GREY, np.uint8)
    y, x = (SIDE_PX - small.shape[0]) // 2, (SIDE_PX - small.shape[1]) // 2
    canvas[y : y + small.shape[0], x : x + small.shape[1]] = small
    return canvas, k, x, y


def frame_scene(shot: Shot) -> Scene:
    image, k, x, y = letterboxed(shot.image)
    return Scene(image, (shot.quad * k + [x, y]).astype(np.float32), True)


def close_scene(shot: Shot, rng: random.Random, noise) -> Scene:
    """The reader's refinement crop around a first guess that is off by up to a few per cent."""
    x, y, w, h = _REFINE_BOX
    inset, width = rng.choice([0.12, 0.08]), float(np.linalg.norm(shot.quad[0] - shot.quad[1]))
    guess = shot.quad + noise.randn(4, 2) * rng.choice([0.006, 0.015, 0.03]) * width
    target = np.float32([[inset, inset], [1 - inset, inset], [1 - inset, 1 - inset], [inset, 1 - inset]]) * [w, h] + [x, y]
    matrix = cv2.getPerspectiveTransform(np.float32(guess), np.float32(target))
    shrunk = cv2.GaussianBlur(shot.image, (0, 0), max(0.3, 0.35 * width / w))
    warped = cv2.warpPerspective(shrunk, matrix, (SIDE_PX, SIDE_PX), borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY,) * 3)
    image = np.full((SIDE_PX, SIDE_PX, 3), GREY, np.uint8)
    image[y : y + h, x : x + w] = warped[y : y + h, x : x + w]
    quad = cv2.perspectiveTransform(np.float32(shot.quad)[None], matrix)[0]
    return Scene(image, quad.astype(np.float32), True)


def rectified(shot: Shot, rng: random.Random, noise) -> tuple[np.ndarray, np.ndarray]:
    """-> grey rectified card at reading size, and the matrix picture → 640×400 canvas."""
    quad = shot.quad
    width = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    quad = quad + noise.randn(4, 2) * width * rng.choice([0.002, 0.004, 0.006, 0.012, 0.02])
    to_canvas = cv2.getPerspectiveTransform(np.float32(quad), np.float32(CARD_QUAD))
    reading_w = int(np.clip(width * 1.05, *_RECTIFIED_PX))
    scale = np.diag([reading_w / WIDTH_PX, reading_w / WIDTH_PX, 1])
    grey, shrink = cv2.cvtColor(shot.image, cv2.COLOR_BGR2GRAY), width / reading_w
    matrix = scale @ to_canvas
    if shrink > 1.5:
        grey = cv2.resize(grey, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        matrix = matrix @ np.diag([shrink, shrink, 1])
    size = (reading_w, round(reading_w * HEIGHT_PX / WIDTH_PX))
    return cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), to_canvas


def _hidden(line: Line, shot: Shot) -> bool:
    return any(field in shot.hidden_fields for field in EVAL_FIELDS.get(line.field, [line.field]))


def _inside(line: Line, to_picture: np.ndarray, size: tuple[int, int]) -> bool:
    corners = np.float32([[[line.x0, line.y0], [line.x1, line.y0], [line.x1, line.y1], [line.x0, line.y1]]])
    p = cv2.perspectiveTransform(corners, to_picture)[0]
    return bool((p >= 0).all() and (p <= size).all())


def visible_lines(card: Card, shot: Shot, unit_to_picture: np.ndarray) -> list[Line]:
    h, w = shot.image.shape[:2]
    return [line for line in card.lines if not _hidden(line, shot) and _inside(line, unit_to_picture, (w, h))]


def _text(line: Line, lines: list[Line], x0: float, x1: float) -> str:
    """What the crop between card fractions x0 and x1 shows: a whole colon beside the line belongs to the answer."""
    text = printable(line.text.upper())
    beside = [c for c in lines if c.kind == "colon" and abs((c.y0 + c.y1) / 2 - (line.y0 + line.y1) / 2) < 0.01]
    if line.kind == "value" and any(x0 <= c.x0 + 0.001 and c.x0 < line.x0 and c.x1 <= line.x0 + 0.012 for c in beside):
        return ": " + text
    if line.kind == "label" and any(c.x1 <= x1 and c.x0 >= line.x1 - 0.004 for c in beside):
        return text + ":"
    return text


def line_crop(grey: np.ndarray, line: Line, lines: list[Line], unit_to_canvas: np.ndarray, rng: random.Random, severity: int) -> Crop | None:
    corners = np.float32([[[line.x0, line.y0], [line.x1, line.y0], [line.x1, line.y1], [line.x0, line.y1]]])
    p = cv2.perspectiveTransform(corners, unit_to_canvas)[0]
    left, right = (p[0] + p[3]) / 2, (p[1] + p[2]) / 2
    h = (p[3, 1] - p[0, 1] + p[2, 1] - p[1, 1]) / 2 * np.exp(rng.gauss(0, 0.06))
    if h < 2 or right[0] - left[0] < 2:
        return None
    slope = (right[1] - left[1]) / (right[0] - left[0]) + rng.gauss(0, 0.15) * h / max(60.0, right[0] - left[0])
    y = left[1] - slope * left[0] + rng.gauss(0, 0.06) * h
    # The finder gives whole 8-px cells: ends are early by up to a cell, now and then a cell short.
    x0 = np.floor((left[0] + rng.gauss(-1, 2)) / 8) * 8 - rng.uniform(*_LEFT_MARGIN) * h
    x1 = np.ceil((right[0] + rng.gauss(1, 2)) / 8) * 8 + rng.uniform(*_RIGHT_MARGIN) * h
    half = h * (0.5 + max(0.1, rng.gauss(_VERTICAL_MARGIN, 0.05)))
    scale = grey.shape[1] / WIDTH_PX
    width = int(np.clip((x1 - x0) / (2 * half) * CROP_HEIGHT_PX, 16, 1600))
    source = np.float32([[x0, y + slope * x0 - half], [x1, y + slope * x1 - half], [x0, y + slope * x0 + half]]) * scale
    matrix = cv2.getAffineTransform(source, np.float32([[0, 0], [width, 0], [0, CROP_HEIGHT_PX]]))
    shrink = 2 * half * scale / CROP_HEIGHT_PX
    if shrink > 1.6:
        grey = cv2.GaussianBlur(grey, (0, 0), shrink * 0.35)
    image = cv2.warpAffine(grey, matrix, (width, CROP_HEIGHT_PX), flags=cv2.INTER_LINEAR if shrink > 1 else cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    edges = cv2.perspectiveTransform(np.float32([[[x0, y], [x1, y]]]), np.linalg.inv(unit_to_canvas))[0]
    kind = "nik" if line.field == "nik" and line.kind == "value" else line.kind
    return Crop(image, _text(line, lines, edges[0, 0], edges[1, 0]), kind, severity)


def views_of(card: Card, shot: Shot, rng: random.Random, noise, severity: int) -> tuple[list[Scene], Canvas, list[Crop]]:
    grey, to_canvas = rectified(shot, rng, noise)
    unit_to_picture = cv2.getPerspectiveTransform(np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]), np.float32(shot.quad))
    unit_to_canvas = (to_canvas @ unit_to_picture).astype(np.float64)
    lines = visible_lines(card, shot, unit_to_picture)
    canvas = Canvas(cv2.resize(grey, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA), line_boxes([asdict(line) for line in lines], unit_to_canvas, 1, 1))
    crops = [line_crop(grey, line, lines, unit_to_canvas, rng, severity) for line in lines if line.kind != "colon"]
    return [frame_scene(shot), close_scene(shot, rng, noise)], canvas, [c for c in crops if c is not None]


def make_shard(index: int, shots: int, held_out: bool) -> tuple[list[Scene], list[Canvas], list[Crop]]:
    seed = (_HELD_OUT_SEED if held_out else 1) + index * _SEED_STRIDE
    rng, noise = random.Random(seed), np.random.RandomState(seed)
    scenes, canvases, crops, card = [], [], [], None
    for k in range(shots):
        if k % _SHOTS_PER_CARD == 0:
            card = render(rng, rng.randint(*_CARD_WIDTHS_PX))
        profile = rng.choices(list(_PROFILES), list(_PROFILES.values()))[0]
        severity = k // _SHOTS_PER_CARD % 4 if held_out else rng.choice([None, None, None, 0, 1, 2, 2, 3])
        shot = photograph(rng, card, profile, severity)
        some, canvas, lines = views_of(card, shot, rng, noise, 2 if severity is None else severity)
        scenes += some
        canvases.append(canvas)
        crops += lines
        if k % _NEGATIVE_EVERY == 0:
            scenes.append(Scene(letterboxed(negative(rng))[0], np.zeros((4, 2), np.float32), False))
    return scenes, canvases, crops


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--shots", type=int, default=SHOTS_PER_SHARD)
    parser.add_argument("--held-out", action="store_true", help="other seeds, severities 0-3 in equal parts")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    suffix = "-held-out" if args.held_out else ""
    for index in range(args.first, args.shards, args.step):
        name = f"shard-{index:04}"
        last = args.out / f"card{suffix}" / name
        if not last.exists():
            scenes, canvases, crops = make_shard(index, args.shots, args.held_out)
            views.write_scenes(args.out / f"scenes{suffix}" / f"{name}.npz", scenes)
            views.write_canvases(args.out / f"canvases{suffix}" / f"{name}.npz", canvases)
            shards.write(last, crops)
            print(last, len(crops), flush=True)


if __name__ == "__main__":
    main()
