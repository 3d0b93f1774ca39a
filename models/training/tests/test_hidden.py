"""The pool that teaches what is hidden, and the net that learns it: same seed same samples, letters from maps, shapes."""

import random
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

torch = pytest.importorskip("torch", reason="torch is not installed: pip install -r models/training/requirements.txt")

import make_live  # noqa: E402
from nets import hidden_cards, visibility  # noqa: E402
from synth import legible  # noqa: E402
from synth.placement import Placement  # noqa: E402

QUAD = np.float32([[0, 0], [1000, 0], [1000, 631], [0, 631]])
FLAT = Placement(1000, 631, QUAD)


def test_samples_repeat_and_hold_what_they_say() -> None:
    def drawn() -> list[hidden_cards.Sample]:
        rng = random.Random(8)
        return hidden_cards.samples(rng, make_live.someones_card(rng))

    first, again = drawn(), drawn()
    names = ("image", "trouble", "place", "losses")
    assert all(np.array_equal(getattr(a, name), getattr(b, name)) for a, b in zip(first, again) for name in names)
    for sample in first:
        assert sample.image.shape == (160, 256, 3) and sample.trouble.shape == (2, 40, 64) and sample.place.shape == (18, 40, 64)
        assert sample.place.reshape(18, -1).max(1).min() > 60, "every value stands somewhere"


def test_perfect_maps_give_the_right_letters() -> None:
    printed = make_live.someones_card(random.Random(6))
    place = hidden_cards._places(printed, FLAT, QUAD).astype(np.float32) / 255
    x0, y0, x1, y1 = legible.values(printed)["address"].boxes[0]
    mask = np.zeros((631, 1000), np.float32)
    mask[int(y0 * 631) - 1:int(y1 * 631) + 2, int(x0 * 1000) - 1:round((x0 + x1) * 500)] = 1
    cells = cv2.resize(mask, (visibility.COLS, visibility.ROWS), interpolation=cv2.INTER_AREA)
    logit = lambda p: np.log(np.clip(p, 1e-4, 1) / np.clip(1 - p, 1e-4, 1))
    places = np.clip(np.concatenate([1 - place.sum(0, keepdims=True), place]), 1e-4, 1)
    maps = np.concatenate([logit(np.stack([np.zeros_like(cells), cells])), np.log(places)])
    letters = visibility.hidden_letters(torch.from_numpy(maps[None].astype(np.float32)))[0].numpy()
    address = visibility.FIELDS.index("address")
    assert letters[1, address] > 2 and np.delete(letters[1], address).max() < .5 and letters[0].max() < .1


def test_the_net_keeps_its_shape() -> None:
    assert visibility.Visibility()(torch.zeros(1, 3, visibility.HEIGHT_PX, visibility.WIDTH_PX)).shape == (1, 21, 40, 64)
