"""Writes what a KTP looks like cell by cell: crates/vision/src/live/appearance.bin, for telling a KTP from other cards.

Invariant: 32×20 cells of 4 bytes each, row by row: mean R, G, B, and mean horizontal gradient × 4, over flat synthetic
cards seen at 320×200. It holds averages of people who do not exist, and no single card.
Usage: `python make_appearance.py [--cards N] [--out FILE]`. Same code, same bytes.
"""

import argparse
import random
from pathlib import Path

import cv2
import numpy as np

from synth import card, people

COLS, ROWS, CELL_PX = 32, 20, 10
DEFAULT_OUT = Path(__file__).resolve().parents[2] / "crates" / "vision" / "src" / "live" / "appearance.bin"


def cells(plane: np.ndarray) -> np.ndarray:
    """Means over the cells of a 200×320 plane."""
    return plane.reshape(ROWS, CELL_PX, COLS, CELL_PX).mean((1, 3))


def seen(number: int) -> np.ndarray:
    """One card as (20, 32, 4): R, G, B, horizontal gradient of luma."""
    rng = random.Random(f"appearance/{number}")
    template = people.weighted(rng, {"A": 0.2, "B": 0.3, "C": 0.5})
    person = people.random_person(rng, template, serial="0000")
    flat = card.render(rng, 640, person=person, worn=False).image
    small = cv2.resize(flat, (COLS * CELL_PX, ROWS * CELL_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    luma = small @ np.array([0.114, 0.587, 0.299], np.float32)
    gradient = np.abs(np.diff(luma, axis=1, append=luma[:, -1:]))
    return np.dstack([cells(small[..., 2]), cells(small[..., 1]), cells(small[..., 0]), cells(gradient)])


def write(out: Path, count: int) -> None:
    maps = np.stack([seen(number) for number in range(count)])
    mean = maps.mean(0)
    planes = np.dstack([mean[..., :3], mean[..., 3:] * 4])
    out.write_bytes(np.clip(np.rint(planes), 0, 255).astype(np.uint8).tobytes())
    print(f"{count} cards -> {out}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=160)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    write(arguments.out, arguments.cards)


if __name__ == "__main__":
    main()
