"""Properties the synthetic cards promise: same seed same bytes, truth equals print, quads enclose, NIKs cohere."""

import random
import re
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from synth import abrasion, capture, card, people, tails, world
from synth.conditions import EFFECTS, PROFILES


def printed(seed: int, template: str | None = None) -> card.Card:
    rng = random.Random(seed)
    return card.render(rng, 700, people.random_person(rng, template))


@pytest.mark.parametrize("profile", PROFILES)
def test_same_seed_same_bytes(profile: str) -> None:
    first, second = (world.photograph(random.Random(5), printed(5), profile) for _ in range(2))
    assert first.jpeg == second.jpeg
    assert np.array_equal(first.quad, second.quad)
    assert world.photograph(random.Random(6), printed(5), profile).jpeg != first.jpeg


def joined(lines: list, field: str) -> str:
    """A field's printed value, its wrapped parts put together."""
    parts = sorted((line.part, line.text) for line in lines if line.kind == "value" and line.field == field)
    return " ".join(text for _, text in parts)


@pytest.mark.parametrize("seed", range(30))
def test_truth_is_what_the_lines_print(seed: int) -> None:
    shown = printed(seed, "ABC"[seed % 3])
    truth, lines = shown.truth, shown.lines
    for field in ("nik", "fullName", "gender", "bloodType", "address", "kelurahan", "kecamatan", "religion", "maritalStatus",
                  "occupation", "nationality", "city"):
        assert joined(lines, field).rstrip(" ,") == truth[field].rstrip(" ,"), field
    assert joined(lines, "province") == "PROVINSI " + truth["province"]
    assert joined(lines, "rtRw").replace(" ", "").ljust(7, "0") == truth["rtRw"]
    day = "-".join(reversed(truth["dateOfBirth"].split("-")))
    assert re.sub(r",\s*", ", ", joined(lines, "birth")) == f"{truth['placeOfBirth']}, {day}"
    assert "-".join(reversed(truth["issueDate"].split("-"))) == joined(lines, "issueDate")


def test_line_boxes_hold_the_ink() -> None:
    shown = printed(3)
    height, width = shown.image.shape[:2]
    gray = cv2.cvtColor(shown.image, cv2.COLOR_BGR2GRAY)
    for line in shown.lines:
        assert 0 <= line.x0 < line.x1 <= 1 and 0 <= line.y0 < line.y1 <= 1
        if line.kind == "value" and line.field not in ("issueDate", "bloodType"):
            box = gray[int(line.y0 * height):int(line.y1 * height) + 1, int(line.x0 * width):int(line.x1 * width) + 1]
            assert box.min() < 110, line


def test_niks_cohere_with_birth_and_sex() -> None:
    rng = random.Random(11)
    found = [people.random_person(rng) for _ in range(1500)]
    agree = 0
    for person in found:
        assert re.fullmatch(r"\d{12}0000", person.nik)
        female = person.gender in ("PEREMPUAN", "FEMALE")
        day = person.birth.day + (40 if female else 0)
        agree += person.nik[6:12] == f"{day:02d}{person.birth.month:02d}{person.birth.year % 100:02d}"
    own = sum(person.nik[:6] == person.place.code for person in found)
    assert 0.96 < agree / len(found) < 0.995
    assert 0.70 < own / len(found) < 0.80


def test_dates_are_possible() -> None:
    rng = random.Random(12)
    for _ in range(500):
        person = people.random_person(rng)
        assert 16.9 * 365 < (person.issued - person.birth).days < 90 * 366
        assert person.expiry is None or person.expiry > person.issued


def test_wraps_are_about_as_common_as_measured() -> None:
    wraps = [sum(line.part for line in printed(1000 + k).lines if line.field in ("fullName", "birth", "address")) for k in range(120)]
    assert 0.2 < sum(count > 0 for count in wraps) / len(wraps) < 0.6


@pytest.mark.parametrize("severity", [0, 1, 2])
def test_values_stay_in_the_picture_up_to_severity_two(severity: int) -> None:
    for seed in range(12):
        rng = random.Random(seed)
        shot = world.photograph(rng, printed(seed), PROFILES[seed % 3], severity)
        height, width = shot.image.shape[:2]
        assert shot.quad.min() > -0.03 * width and (shot.quad.max(0) < [1.03 * width, 1.03 * height]).all()
        area = cv2.contourArea(shot.quad.astype(np.float32), oriented=True)
        assert area > 0.02 * width * height


def test_quad_is_the_cards_own_corners_when_turned() -> None:
    shown = printed(2)
    reference = cv2.resize(cv2.cvtColor(shown.image, cv2.COLOR_BGR2GRAY), (200, 126), interpolation=cv2.INTER_AREA)
    for seed in range(4):
        shot = world.photograph(random.Random(seed), shown, "photo", 1, effect="turned")
        target = np.float32([[0, 0], [200, 0], [200, 126], [0, 126]])
        flat = cv2.warpPerspective(shot.image, cv2.getPerspectiveTransform(shot.quad, target), (200, 126), flags=cv2.INTER_AREA)
        match = np.corrcoef(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY).ravel(), reference.ravel())[0, 1]
        assert match > 0.6


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_can_be_forced(effect: str) -> None:
    shot = world.photograph(random.Random(21), printed(4), "photo", 1, effect=effect)
    assert effect in shot.effects


def test_a_capture_ends_still() -> None:
    frames, meta = capture.sequence(random.Random(8), printed(8), 12)
    quads = np.array(meta["quads"])
    moves = np.abs(np.diff(quads, axis=0)).max((1, 2))
    assert len(frames) == 12 and frames[0].shape == (720, 1280, 3)
    assert moves[:2].max() > 60 and moves[-3:].max() < 6


def test_negatives_are_pictures_of_any_shape() -> None:
    rng = random.Random(14)
    shapes = {world.negative(rng).shape for _ in range(12)}
    assert len(shapes) > 2 and all(shape[2] == 3 for shape in shapes)


@pytest.mark.parametrize("tail", tails.TAILS)
def test_every_tail_can_be_drawn_alone(tail: str) -> None:
    def taken() -> world.Shot:
        rng = random.Random(31)
        return tails.photograph_tail(rng, card.render(rng, 800, people.random_person(rng), tail=tail), tail, 1)

    shot = taken()
    assert shot.jpeg == taken().jpeg and np.isfinite(shot.quad).all()


def test_a_printed_tail_changes_the_ink_and_nothing_it_says() -> None:
    for tail in tails.PRINTED:
        plain, marked = (card.render(random.Random(7), 800, people.random_person(random.Random(8), "C"), worn=False, tail=t) for t in (None, tail))
        assert plain.truth == marked.truth and [line.text for line in plain.lines] == [line.text for line in marked.lines]
        assert not np.array_equal(plain.image, marked.image), tail


def test_abrasion_takes_ink_and_a_second_strike_adds_some() -> None:
    mask = np.zeros((90, 600), np.uint8)
    cv2.putText(mask, "ILHAM 0123", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 255, 4, cv2.LINE_AA)
    kept = []
    for seed in range(20):
        worn = abrasion.abrade(random.Random(seed), mask, 28)
        kept.append(worn.sum() / mask.sum())
        assert (worn <= mask).all() and kept[-1] > 0.2, seed
        assert abrasion.double_strike(random.Random(seed), mask, 28).sum() > mask.sum()
    assert 0.6 < sum(kept) / 20 < 0.95 and sum(share < 0.97 for share in kept) > 12
