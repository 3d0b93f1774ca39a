"""Command: fill a pool with printed-line crops.

Purpose: `python -m nets.pool --out build/pool/print --shards 120` writes seeded shards, one after another, skipping
those that exist, so that several processes (`--first`, `--step`) and restarts share the work.
Invariant: shard k holds the same lines wherever and whenever it is made.
Deliberately lacks crops from whole cards: `nets.card_crops` makes those.
"""

import argparse
from pathlib import Path

import cv2

from . import shards
from .camera import photograph
from .ink import Typesetter

LINES_PER_SHARD = 4000
_SEED_STRIDE = 7919
_HELD_OUT_SEED = 900_000_000


def make_shard(index: int, lines: int, held_out: bool):
    setter = Typesetter((_HELD_OUT_SEED if held_out else 1) + index * _SEED_STRIDE, held_out)
    for i in range(lines):
        yield photograph(setter.strip(), setter.rng, setter.noise, severity=i % 4 if held_out else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=120)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--lines", type=int, default=LINES_PER_SHARD)
    parser.add_argument("--held-out", action="store_true", help="other words, severities 0-3 in equal parts")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    for index in range(args.first, args.shards, args.step):
        path = args.out / f"shard-{index:04}"
        if not path.exists():
            shards.write(path, make_shard(index, args.lines, args.held_out))
            print(path, flush=True)


if __name__ == "__main__":
    main()
