"""Writes pictures that hold no KTP: tests/data/hostile/*.jpg (rooms, desks, other cards and papers, blank frames).

Invariant: none of them may be read as a card. Broken files (empty, cut short, not a picture) are made by the tests themselves.
"""

import random
from pathlib import Path

import cv2
import numpy as np

from synth import documents, optics, scenery

OUT = Path(__file__).resolve().parents[2] / "tests" / "data" / "hostile"
WIDTH, HEIGHT = 800, 600


def on_a_desk(rng: random.Random, paper: np.ndarray) -> np.ndarray:
    """A document lying on a desk, slightly turned."""
    desk = scenery.background(rng, WIDTH, HEIGHT)
    h, w = paper.shape[:2]
    scale = min(0.8 * WIDTH / w, 0.8 * HEIGHT / h)
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), rng.uniform(-8, 8), scale)
    matrix[:, 2] += [WIDTH / 2 - w / 2, HEIGHT / 2 - h / 2]
    return cv2.warpAffine(paper, matrix, (WIDTH, HEIGHT), dst=desk, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT)


def pictures(rng: random.Random) -> dict[str, np.ndarray]:
    """Every hostile picture by its file name."""
    person = scenery.background(rng, WIDTH, HEIGHT, room=True)
    documents.add_person(rng, person)
    return {
        "no_card": scenery.background(rng, WIDTH, HEIGHT, room=True), "desk": scenery.background(rng, WIDTH, HEIGHT),
        "other_card": on_a_desk(rng, documents.driving_licence(rng, 800)), "bank_card": on_a_desk(rng, documents.bank_card(rng, 800)),
        "letter": on_a_desk(rng, documents.letter(rng, 700)), "screen": on_a_desk(rng, documents.screen(rng, 900)),
        "person": person,
        "white": np.full((HEIGHT, WIDTH, 3), 255, np.uint8), "black": np.zeros((HEIGHT, WIDTH, 3), np.uint8),
    }


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rng = random.Random("hostile/1")
    for name, picture in pictures(rng).items():
        noisy = optics.sensor_noise(rng, picture, 1.5, 0.5)
        (OUT / f"{name}.jpg").write_bytes(optics.encode_jpeg(noisy, 82))
    print(f"{len(list(OUT.glob('*.jpg')))} pictures -> {OUT}")


if __name__ == "__main__":
    main()
