"""Tampered cards: every attack changes what it says it changes and nothing it must not, and the same seed gives the same bytes."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import make_tamper
from make_bench import Job


def test_groups_are_as_large_as_promised() -> None:
    jobs = make_tamper.jobs(3)
    assert sum(job.frames for job in jobs) == 3 * (2 + len(make_tamper.ATTACKS)) * 3 + 3 * 5 * 3
    assert len({name for job in jobs for name in job.names}) == sum(job.frames for job in jobs)


@pytest.mark.parametrize("group", [make_tamper.GENUINE, *make_tamper.ATTACKS])
def test_the_truth_says_what_is_printed(group: str) -> None:
    shot, truth = make_tamper.single(f"test/{group}", 1, group)
    again, _ = make_tamper.single(f"test/{group}", 1, group)
    assert shot.jpeg == again.jpeg
    nik, (year, month, day) = truth["nik"], truth["dateOfBirth"].split("-")
    assert len(nik) == 16 and nik.isdigit() and nik.endswith("0000")
    born = int(day) + (40 if truth["gender"] in ("PEREMPUAN", "FEMALE") else 0)
    agrees = nik[6:12] == f"{born:02d}{month}{year[2:]}"
    if group in (make_tamper.GENUINE, "backdrop", *make_tamper.COPIES, "nik_unknown_region", "nik_other_province"):
        assert agrees
    if group in ("nik_date", "nik_sex", "date_face"):
        assert not agrees


def test_a_burst_moves() -> None:
    shots = [shot for shot, _ in make_tamper.burst("test/burst", make_tamper.GENUINE)]
    assert len(shots) == 5
    assert max(float(np.abs(shot.quad - shots[0].quad).max()) for shot in shots) > 2


def test_jobs_draw_their_frames() -> None:
    drawn = list(make_tamper.draw(Job("burst/matt_print", 0, 5), "test"))
    assert [entry["sequence"] for _, entry in drawn] == ["matt_print-000"] * 5
