"""Command: views from the rare ends of reality, one pool a tail.

Purpose: `python -m nets.tail_lines --out build/pool --shards 4` writes `tails/<tail>/shard-…` for every tail of `TAILS`: lines cut
from photographed cards that have it (`synth.tails`), and set lines where a single line can show it; `--tails NAME …` draws some only.
Scenes and canvases of the same pictures go to the pools of the other two nets, as `shard-<tail>-…`.
Invariant: shard k of a tail depends on k and the tail alone, so that tails can be left out of a training one by one; of a line cut
by the picture's edge the answer holds the letters that are there, and a line whose last letter is half there is left out.
Deliberately lacks scenes without a card: `nets.card_crops` draws those.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import ImageFont

from synth import tails as cards
from synth.card import Card, render
from synth.ink import FONT_ROOT, SANS, Line
from synth.world import Shot

from . import shards, views
from .camera import Crop, photograph
from .canvases import HEIGHT_PX, WIDTH_PX, Canvas, line_boxes
from .card_crops import _hidden, close_scene, frame_scene, line_crop, rectified, visible_lines
from .ink import TAILS as SET_TAILS
from .ink import Typesetter
from .scenes import Scene

TAILS = cards.TAILS + ("dense",)
SHOTS_PER_SHARD, SET_LINES_PER_SHARD = 60, 1000
_SHOTS_PER_CARD = 2
_CARD_WIDTHS_PX = (800, 1000)
_SEED_STRIDE, _HELD_OUT_SEED = 7_331, 800_000_000
_WHOLE, _GONE = 0.75, 0.2  # a letter of whose width so much is in the picture is read; below the second it is not there
_SIGNED = frozenset({"issuePlace", "issueDate"})  # only these are under the signature: the others would be ordinary lines
_SET_SEVERITIES = [1, 2, 2, 3, 3]


def _letter_edges(text: str, kind: str) -> np.ndarray:
    """Left edges of the letters and the right end, 0 … 1 along the line."""
    if kind == "nik":
        return np.linspace(0, 1, len(text) + 1)
    font = ImageFont.truetype(FONT_ROOT + SANS, 100)
    ends = np.array([font.getlength(text[:k]) for k in range(len(text) + 1)])
    return ends / ends[-1]


def cut_line(line: Line, to_picture: np.ndarray, size: tuple[int, int]) -> Line | None:
    """The part of a line that a picture's edge left over, with its letters; None where a letter is half there or too few are left."""
    share = np.linspace(0, 1, 201)
    x, inside = line.x0 + share * (line.x1 - line.x0), np.ones(201, bool)
    for y in (line.y0, line.y1):
        points = cv2.perspectiveTransform(np.stack([x, np.full(201, y)], 1)[None].astype(np.float32), to_picture)[0]
        inside &= ((points >= 0) & (points <= size)).all(1)
    if inside.all() or inside.sum() < 30:
        return None
    seen = np.flatnonzero(inside)
    first, last = share[seen[0]], share[seen[-1]]
    edges = _letter_edges(line.text, "nik" if line.field == "nik" else line.kind)
    visible = (np.minimum(edges[1:], last) - np.maximum(edges[:-1], first)) / np.maximum(np.diff(edges), 1e-6)
    if ((visible > _GONE) & (visible < _WHOLE)).any():
        return None
    text = "".join(c for c, v in zip(line.text, visible) if v >= _WHOLE).strip()
    return replace(line, text=text, x0=float(x[seen[0]]), x1=float(x[seen[-1]])) if len(text) > 1 else None


def views_of(card: Card, shot: Shot, rng: random.Random, noise, severity: int) -> tuple[list[Scene], Canvas, list[tuple[Line, Crop]]]:
    """What the three nets see of one picture: scenes, the canvas, and the readable lines, whole or cut by its edge, as the reader cuts them out."""
    grey, to_canvas = rectified(shot, rng, noise)
    to_picture = cv2.getPerspectiveTransform(np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]), np.float32(shot.quad))
    h, w = shot.image.shape[:2]
    lines = visible_lines(card, shot, to_picture)
    parts = [cut_line(line, to_picture, (w, h)) for line in card.lines if line.kind != "colon" and line not in lines]
    readable = [line for line in lines if line.kind != "colon"] + [p for p in parts if p is not None and not _covered(p, shot)]
    unit_to_canvas = (to_canvas @ to_picture).astype(np.float64)
    crops = [(line, line_crop(grey, line, lines, unit_to_canvas, rng, severity)) for line in readable]
    small = cv2.resize(grey, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    canvas = Canvas(small, line_boxes([asdict(line) for line in readable], unit_to_canvas, 1, 1))
    return [frame_scene(shot), close_scene(shot, rng, noise)], canvas, [(line, crop) for line, crop in crops if crop is not None]


def _covered(part: Line, shot: Shot) -> bool:
    """A cut field counts as hidden by the cut itself; only where something else may cover it too is the line left out."""
    return _hidden(part, shot) and bool({"glare", "finger_face", "finger_rim", "object"} & set(shot.effects))


def card_views(tail: str, rng: random.Random, noise, shots: int, held_out: bool) -> tuple[list[Scene], list[Canvas], list[Crop]]:
    scenes, canvases, crops, card = [], [], [], None
    fields = _SIGNED if tail == "signed" else None
    for k in range(shots):
        if k % _SHOTS_PER_CARD == 0:
            card = render(rng, rng.randint(*_CARD_WIDTHS_PX), tail=tail)
        severity = k // _SHOTS_PER_CARD % 3 + 1 if held_out else rng.choice([None, None, 1, 1, 2, 2, 3])
        shot = cards.photograph_tail(rng, card, tail, severity)
        seen, canvas, lines = views_of(card, shot, rng, noise, 2 if severity is None else severity)
        scenes += seen
        canvases.append(canvas)
        crops += [crop for line, crop in lines if fields is None or line.field in fields]
    return scenes, canvases, crops


def set_lines(tail: str, seed: int, count: int, held_out: bool) -> Iterator[Crop]:
    setter = Typesetter(seed, held_out, tail=tail)
    for i in range(count):
        severity = i % 3 + 1 if held_out else setter.rng.choice(_SET_SEVERITIES)
        yield photograph(setter.strip(), setter.rng, setter.noise, severity)


def make_shard(tail: str, index: int, shots: int, count: int, held_out: bool) -> tuple[list[Scene], list[Canvas], list[Crop]]:
    seed = (_HELD_OUT_SEED if held_out else 1) + index * _SEED_STRIDE + 1_000_003 * TAILS.index(tail)
    rng, noise = random.Random(seed), np.random.RandomState(seed)
    scenes, canvases, crops = card_views(tail, rng, noise, shots, held_out) if tail in cards.TAILS else ([], [], [])
    return scenes, canvases, crops + (list(set_lines(tail, seed, count, held_out)) if tail in SET_TAILS else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tails", nargs="*", choices=TAILS, default=TAILS)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shots", type=int, default=SHOTS_PER_SHARD)
    parser.add_argument("--lines", type=int, default=SET_LINES_PER_SHARD)
    parser.add_argument("--held-out", action="store_true", help="other seeds and words, severities 1-3 in equal parts")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    suffix = "-held-out" if args.held_out else ""
    for index in range(args.first, args.shards):
        for tail in args.tails:
            path = args.out / f"tails{suffix}" / tail / f"shard-{index:04}"
            if not path.exists():
                scenes, canvases, crops = make_shard(tail, index, args.shots, args.lines, args.held_out)
                if scenes and not args.held_out:
                    views.write_scenes(args.out / "scenes" / f"shard-{tail}-{index:04}.npz", scenes)
                    views.write_canvases(args.out / "canvases" / f"shard-{tail}-{index:04}.npz", canvases)
                shards.write(path, crops)
                print(path, len(crops), flush=True)


if __name__ == "__main__":
    main()
