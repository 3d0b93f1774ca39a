"""Tests of the card generator: people that agree with themselves, cards that print what they say, pictures that keep their truth.

Deliberately lacks likeness to real pictures: `match_reality.py` measures that.
"""

import json
import random
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
cv2 = pytest.importorskip("cv2", reason="opencv is not installed: pip install -r models/training/requirements.txt")

from synth import capture, card, ink, people, world  # noqa: E402

EVALUATION = Path(__file__).parents[3] / "tests/data/ktp-eval"
needs_fonts = pytest.mark.skipif(
    not all((Path(ink.FONT_ROOT) / font).exists() for font in (ink.SANS, ink.SANS_BOLD, ink.ARIMO, ink.OCR_A)),
    reason="fonts are missing: apt-get install fonts-ocr-a fonts-liberation fonts-liberation2 fonts-croscore",
)


def residents(count: int) -> list[people.Person]:
    rng = random.Random(7)
    return [people.random_person(rng) for _ in range(count)]


@pytest.mark.parametrize(
    ("female", "expected"), [(False, "3174010503900000"), (True, "3174014503900000")], ids=["man", "woman"]
)
def test_a_nik_holds_district_birth_date_and_sex(female: bool, expected: str) -> None:
    assert people.nik_number(random.Random(1), "317401", date(1990, 3, 5), female, "0000") == expected


def test_kept_people_never_have_a_serial_that_is_issued() -> None:
    assert all(re.fullmatch(r"\d{12}0000", person.nik) for person in residents(500))


def test_about_one_nik_in_fifty_disagrees_with_its_card() -> None:
    def disagrees(person: people.Person) -> bool:
        female = person.gender in ("PEREMPUAN", "FEMALE")
        return person.nik[6:] != people.nik_number(random.Random(), "", person.birth, female, "0000")

    share = sum(map(disagrees, residents(3000))) / 3000
    assert 0.01 < share < 0.035


def test_values_are_written_as_the_evaluation_wants_them() -> None:
    for person in residents(500):
        truth = person.truth()
        assert all(value == " ".join(value.split()).upper() for value in truth.values()), truth.keys()
        assert person.birth < person.issued
        assert truth["validUntil"] == "SEUMUR HIDUP" or date.fromisoformat(truth["validUntil"]) > person.issued


def test_a_leap_day_child_has_a_birthday_every_year() -> None:
    assert people._anniversary(date(2000, 2, 29), 2017) == date(2017, 2, 28)
    assert people._anniversary(date(2000, 3, 1), 2017) == date(2017, 3, 1)


def drawn(seed: int) -> card.Card:
    rng = random.Random(seed)
    return card.render(rng, 700, people.random_person(rng), worn=False)


@needs_fonts
def test_a_seed_is_a_card() -> None:
    first, again, other = drawn(3), drawn(3), drawn(4)
    assert np.array_equal(first.image, again.image) and first.lines == again.lines
    assert first.truth["nik"] != other.truth["nik"]


@needs_fonts
@pytest.mark.parametrize("seed", range(6))
def test_the_nik_line_is_where_it_is_said_to_be(seed: int) -> None:
    one = drawn(seed)
    height, width = one.image.shape[:2]
    (line,) = [line for line in one.lines if line.field == "nik" and line.kind == "value"]
    assert re.sub(r"\D", "", line.text) == one.truth["nik"]
    grey = cv2.cvtColor(one.image, cv2.COLOR_BGR2GRAY)
    box = grey[round(line.y0 * height) : round(line.y1 * height), round(line.x0 * width) : round(line.x1 * width)]
    assert (box < 110).mean() > 0.1, "ink inside"
    left = box.shape[1] // 16
    assert all((part < 110).any() for part in np.array_split(box, 16, axis=1)), f"a digit in every {left} px"


@needs_fonts
def test_every_line_lies_on_the_card() -> None:
    for seed in range(6):
        for line in drawn(seed).lines:
            assert 0 <= line.x0 < line.x1 <= 1 and 0 <= line.y0 < line.y1 <= 1, line.field


@needs_fonts
@pytest.mark.parametrize("profile", ["scan", "photo", "webcam"])
def test_a_picture_decodes_to_itself_and_hides_nothing_while_it_is_easy(profile: str) -> None:
    rng = random.Random(11)
    shot = world.photograph(rng, drawn(5), profile, severity=1)
    decoded = cv2.imdecode(np.frombuffer(shot.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(decoded, shot.image)
    assert shot.hidden_fields == []
    height, width = shot.image.shape[:2]
    assert (shot.quad >= 0).all() and (shot.quad <= [width, height]).all(), "an easy picture shows the whole card"


@needs_fonts
def test_a_capture_ends_still() -> None:
    frames = capture.shots(random.Random(2), drawn(8), n_frames=9)
    quads = np.array([shot.quad for shot in frames])
    moved = np.abs(np.diff(quads, axis=0)).max(axis=(1, 2))
    assert moved[:3].max() > 40, "it enters"
    assert moved[-2:].max() < 10, "and is held"


def test_the_committed_evaluation_set_is_whole_and_of_nobody() -> None:
    cards = json.loads((EVALUATION / "truth.json").read_text())["cards"]
    assert len(cards) >= 300
    for entry in cards:
        assert (EVALUATION / entry["file"]).is_file(), entry["file"]
        nik = entry["truth"].get("nik", "0000")
        assert nik.endswith("0000"), entry["file"]
