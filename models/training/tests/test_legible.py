"""What is hidden: counted in letters of ink, and told by cause."""

import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import make_live
from synth import legible
from synth.placement import Placement

QUAD = np.float32([[0, 0], [1000, 0], [1000, 631], [0, 631]])
FLAT = Placement(1000, 631, QUAD)


def losses(printed, cover=None, lost=None):
    blank = np.zeros((631, 1000), np.float32)
    return legible.losses(printed, FLAT, blank if cover is None else cover, blank if lost is None else lost)


def over(printed, field: str, share: float) -> np.ndarray:
    """A mask over the left part of a value's first line."""
    x0, y0, x1, y1 = legible.values(printed)[field].boxes[0]
    mask = np.zeros((631, 1000), np.float32)
    mask[int(y0 * 631) - 1:int(y1 * 631) + 2, int(x0 * 1000) - 1:round((x0 + (x1 - x0) * share) * 1000)] = 1
    return mask


def test_every_value_has_its_own_ink() -> None:
    for seed in range(12):
        printed = make_live.someones_card(random.Random(seed))
        values = legible.values(printed)
        assert set(values) == set(printed.truth)
        assert values["nik"].letters == 16 and values["dateOfBirth"].letters == 10
        assert values["placeOfBirth"].letters == len(printed.truth["placeOfBirth"].replace(" ", ""))
        if values["placeOfBirth"].boxes[0][1] == values["dateOfBirth"].boxes[0][1]:
            assert values["placeOfBirth"].boxes[0][2] < values["dateOfBirth"].boxes[0][0]


def test_a_digit_hides_a_nik_and_a_scratch_does_not() -> None:
    printed = make_live.someones_card(random.Random(3))
    assert losses(printed)["nik"].verdict("cover") is False
    assert losses(printed, over(printed, "nik", 1 / 50))["nik"].verdict("cover") is False
    assert losses(printed, over(printed, "nik", 2 / 50))["nik"].verdict("cover") is None
    hidden = losses(printed, over(printed, "nik", 2 / 16))
    assert hidden["nik"].verdict("cover") is True and hidden["nik"].verdict("glare") is False
    assert [field for field, loss in hidden.items() if loss.verdict("cover")] == ["nik"]


def test_light_hides_only_what_it_takes_most_of() -> None:
    printed = make_live.someones_card(random.Random(4))
    mask = over(printed, "fullName", .6)
    verdict = lambda lost, cover=None: losses(printed, cover, lost)["fullName"]
    assert verdict(mask).verdict("glare") is True
    assert verdict(mask * .6).verdict("glare") is None
    assert verdict(mask * .3).verdict("glare") is False
    both = verdict(mask, mask)
    assert both.verdict("glare") is None and both.verdict("cover") is None


def test_what_the_frame_cuts_off_counts_neither_way() -> None:
    printed = make_live.someones_card(random.Random(5))
    moved = Placement(1000, 631, QUAD - np.float32([450, 0]))
    blank = np.zeros((631, 1000), np.float32)
    found = legible.losses(printed, moved, blank, blank)
    assert found["religion"].verdict("glare") is None and found["issueDate"].verdict("cover") is False
