"""Command: a pool of upright cards that lamps, hands and things hide in part, with the exact masks.

Purpose: `python -m nets.hidden_cards --out build/pool --shards 20` writes shards of the visibility net's inputs, cut out with the
tracker's errors, and per cell how much is covered, washed out and taken by each value; and what is hidden of each value.
Invariant: shard k depends on k alone; no seed of it serves a fixed set or a benchmark.
Deliberately lacks frames without a card: the product asks the net about cards alone.
"""

import argparse
import random
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

import make_live
from synth import card, legible, obstacles, optics, world
from synth.conditions import Conditions, draw_conditions
from synth.placement import Placement, place
from synth.plastic import laminate

from . import visibility as net
from .views import _Pool, _save

CARDS_PER_SHARD, SHOTS_PER_CARD, CUTS_PER_SHOT = 40, 2, 2
_HALF = 0.75  # share of cards drawn at half the size: the net sees little more, and they cost a quarter
_CARD_WIDTHS_PX = (520, 1000)
_SEED_STRIDE, _HELD_OUT_SEED = 15_485_863, 700_000_000
_EFFECTS = {"glare": 22, "finger_face": 20, "object": 10, "finger_rim": 4, "sheen": 6, "sleeve": 9, "": 12, "low_light": 3, "uneven_light": 4,
            "hard_shadow": 5, "motion": 2, "defocus": 3, "turned": 1, "noise": 2}


@dataclass
class Sample:
    image: np.ndarray  # (160, 256, 3) uint8
    trouble: np.ndarray  # (2, 40, 64) uint8: washed out, covered, in 255ths of a cell
    place: np.ndarray  # (18, 40, 64) uint8: taken by each value
    losses: np.ndarray  # (18, 5) float32: letters surely and perhaps washed out, surely and perhaps covered, cut off


def conditions(rng: random.Random) -> tuple[Conditions, Placement]:
    effect = rng.choices(list(_EFFECTS), list(_EFFECTS.values()))[0] or None
    if rng.random() < .72:
        c, placement = make_live.drawn(rng, effect or rng.choice(["noise", "motion", "uneven_light"]))
    else:
        c = draw_conditions(rng, "photo", rng.choice([None, 1, 2, 3]), effect)
        c = replace(c, cut=None, squeeze=1.0, copied=False, card_px=max(c.card_px, 420.0))
        placement = place(rng, c, 1200)
    if effect == "sleeve" or rng.random() < .1:
        c = replace(c, sleeve=rng.random() < .6, glare=c.glare if rng.random() < .3 else 0)
        c = replace(c, laminate=not c.sleeve)
    return c, placement


def halved(c: Conditions, placement: Placement) -> tuple[Conditions, Placement]:
    """The same before a camera of half the resolution, its noise averaged and its coding finer."""
    half = Placement(placement.width // 2, placement.height // 2, (placement.quad + .5) / 2 - .5)
    qualities = tuple(min(95, round(100 - .7 * (100 - q))) for q in c.qualities)
    return replace(c, luma=c.luma * .6, chroma=c.chroma * .7, soften_px=c.soften_px * .5, card_px=c.card_px / 2, qualities=qualities), half


def shot(rng: random.Random, printed: card.Card) -> tuple[np.ndarray, Placement, np.ndarray, np.ndarray]:
    """A decoded picture, where its card is, what covers it, and the share of contrast that light takes."""
    c, placement = conditions(rng)
    if printed.image.shape[1] < _CARD_WIDTHS_PX[1]:
        c, placement = halved(c, placement)
    scene = world._surface(rng, c, placement)
    world._lay_card(rng, c, printed, placement, scene)
    if c.sleeve:
        world._sleeve(rng, placement, scene)
    if c.laminate:
        laminate(rng, placement, scene)
    cover = world._fingers(rng, c, placement, scene, careful=rng.random() < .4)
    if rng.random() < .22:
        cover |= obstacles.thing(rng, placement, scene)
    window = obstacles.window(rng, placement) if rng.random() < .14 else None
    lost = make_live.lost_contrast(rng, c, printed, placement, window)
    lit, _ = world._lit(rng, c, printed, placement, scene, False)
    if window is not None:
        lit = cv2.add(lit, cv2.merge([window] * 3))
    card_px = float(np.linalg.norm(placement.quad[1] - placement.quad[0]))
    coded = world._coded(replace(c, resize=1.0), world._sensed(rng, c, lit, card_px))
    return optics.decode(coded), placement, cover, lost


def _guess(rng: random.Random, quad: np.ndarray) -> np.ndarray:
    """The corners as the tracker has them."""
    error = rng.choice([.002, .004, .004, .007, .015]) * float(np.linalg.norm(quad[1] - quad[0]))
    return quad + np.float32([[rng.gauss(0, error), rng.gauss(0, error)] for _ in range(4)])


def _places(printed: card.Card, placement: Placement, quad: np.ndarray) -> np.ndarray:
    """Share of each cell that the box of each value takes."""
    height, width = printed.image.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    warp = net.matrix(quad) @ cv2.getPerspectiveTransform(corners, placement.quad)
    size, found = (net.COLS * 16, net.ROWS * 16), []
    printed_values = legible.values(printed)
    for field in net.FIELDS:
        plane = np.zeros(size[::-1], np.uint8)
        for x0, y0, x1, y1 in printed_values[field].boxes if field in printed_values else ():
            box = np.float32([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) * [width, height]
            at = (cv2.perspectiveTransform(box[None].astype(np.float32), warp)[0] + .5) * 4 - .5
            cv2.fillPoly(plane, [np.int32(np.round(at * 16))], 255, cv2.LINE_8, 4)
        found.append(cv2.resize(plane, (net.COLS, net.ROWS), interpolation=cv2.INTER_AREA))
    return np.stack(found)


def samples(rng: random.Random, printed: card.Card) -> list[Sample]:
    picture, placement, cover, lost = shot(rng, printed)
    truth = legible.losses(printed, placement, cover, lost)
    numbers = [(*truth[f].glare, *truth[f].cover, truth[f].cut) if f in truth else (0, 0, 0, 0, 1) for f in net.FIELDS]
    over = (cover > 0).astype(np.float32)
    gone = np.clip((lost - .5) / .3, 0, 1).astype(np.float32)
    found = []
    for _ in range(CUTS_PER_SHOT):
        quad = _guess(rng, placement.quad)
        planes = [net.cells(net.upright(plane, quad)) for plane in (gone, over)]
        trouble = np.stack([np.clip(plane * 255, 0, 255).astype(np.uint8) for plane in planes])
        found.append(Sample(net.upright(picture, quad), trouble, _places(printed, placement, quad), np.float32(numbers)))
    return found


def shard(number: int, held_out: bool) -> list[Sample]:
    found = []
    for k in range(CARDS_PER_SHARD):
        rng = random.Random((_HELD_OUT_SEED if held_out else 0) + number * _SEED_STRIDE + k)
        printed = make_live.someones_card(rng, _CARD_WIDTHS_PX[rng.random() >= _HALF])
        for _ in range(SHOTS_PER_CARD):
            found += samples(rng, printed)
    return found


def write(path: Path, found: list[Sample]) -> None:
    _save(path, **{name: np.stack([getattr(s, name) for s in found]) for name in ("image", "trouble", "place", "losses")})


class HiddenPool(_Pool):
    def _read(self, data) -> list[Sample]:
        return [Sample(*row) for row in zip(*(data[name] for name in ("image", "trouble", "place", "losses")))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folder = args.out / ("hidden-held-out" if args.held_out else "hidden")
    for number in range(args.first, args.first + args.shards):
        path = folder / f"shard-{number:04d}.npz"
        if not path.exists():
            write(path, shard(number, args.held_out))
            print(path, flush=True)


if __name__ == "__main__":
    main()
