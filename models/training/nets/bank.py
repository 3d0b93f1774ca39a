"""Bank of flat cards and backdrops that scenes and canvases are composed from.

Purpose: `python -m nets.bank --out build/bank --cards 400` renders cards once; composing from them is cheap.
Invariant: the last `HELD_OUT` cards and backdrops are never used in training.
Deliberately lacks photographs: backdrops are noise, shapes and stripes.
"""

import argparse
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

HELD_OUT = 24
CARD_WIDTH_PX = 640
_BACKDROP_PX = 420


@dataclass
class Bank:
    cards: np.ndarray  # (n, H, W, 3) uint8 BGR, memory-mapped
    lines: list[list[dict]]  # text, x0, y0, x1, y1 (fractions of the card), kind
    backdrops: np.ndarray

    def part(self, held_out: bool) -> "Bank":
        side = slice(-HELD_OUT, None) if held_out else slice(None, -HELD_OUT)
        return Bank(self.cards[side], self.lines[side], self.backdrops[side])


def backdrop(rng: random.Random, w: int, h: int) -> np.ndarray:
    """Table, cloth, room: colour noise at three scales, shapes, lines, now and then stripes."""
    noise, u = np.random.RandomState(rng.randrange(1 << 30)), rng.uniform
    image = np.ones((h, w, 3), np.float32) * noise.randint(0, 256, 3).astype(np.float32)
    for scale in (64, 16, 5):
        channels = 3 if rng.random() < 0.4 else 1
        field = noise.randn(max(2, h // scale), max(2, int(w // scale * u(0.2, 1.5))), channels).astype(np.float32)
        field = cv2.resize(field, (w, h), interpolation=cv2.INTER_CUBIC)
        image += (field if field.ndim == 3 else field[..., None]) * u(0, 30)
    for _ in range(rng.randint(0, 9)):
        colour, points = [u(0, 255) for _ in range(3)], noise.randint(-w // 4, int(w * 1.25), (4, 2)).astype(np.int32)
        q = rng.random()
        if q < 0.4:
            cv2.fillConvexPoly(image, cv2.convexHull(points), colour, cv2.LINE_AA)
        elif q < 0.7:
            cv2.line(image, points[0].tolist(), points[1].tolist(), colour, rng.randint(1, 9), cv2.LINE_AA)
        else:
            cv2.ellipse(image, points[0].tolist(), (rng.randint(3, w // 3), rng.randint(3, w // 3)), u(0, 180), 0, 360, colour, -1)
    if rng.random() < 0.25:
        yy, xx = np.mgrid[0:h, 0:w]
        angle = u(0, 3.14)
        image += (np.sin((xx * np.cos(angle) + yy * np.sin(angle)) / u(4, 30) * 6.283) * u(5, 40))[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)


def load(folder: Path) -> Bank:
    index = json.loads((folder / "lines.json").read_text())
    return Bank(np.load(folder / "cards.npy", mmap_mode="r"), index, np.load(folder / "backdrops.npy", mmap_mode="r"))


def main() -> None:
    from synth.card import render

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cards", type=int, default=400)
    parser.add_argument("--backdrops", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    rng = random.Random(args.seed)
    cards = [render(rng, CARD_WIDTH_PX) for _ in range(args.cards)]
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "cards.npy", np.stack([c.image for c in cards]))
    np.save(args.out / "backdrops.npy", np.stack([backdrop(rng, _BACKDROP_PX, _BACKDROP_PX) for _ in range(args.backdrops)]))
    (args.out / "lines.json").write_text(json.dumps([[asdict(line) for line in c.lines] for c in cards]))


if __name__ == "__main__":
    main()
