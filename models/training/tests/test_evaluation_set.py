"""The committed evaluation set is whole, and of nobody: every NIK has a serial that is never issued.

Needs no packages, so it runs everywhere.
"""

import json
import re
from pathlib import Path

EVALUATION = Path(__file__).parents[3] / "tests/data/ktp-eval"


def test_every_card_has_its_picture_and_no_person() -> None:
    cards = json.loads((EVALUATION / "truth.json").read_text())["cards"]
    assert len(cards) >= 300
    for entry in cards:
        assert (EVALUATION / entry["file"]).is_file(), entry["file"]
        assert entry["truth"].get("nik", "0000").endswith("0000"), entry["file"]


def test_neighbourhood_numbers_are_written_in_full() -> None:
    cards = json.loads((EVALUATION / "truth.json").read_text())["cards"]
    for entry in cards:
        assert re.fullmatch(r"\d{3}/\d{3}|-", entry["truth"].get("rtRw", "-")), entry["file"]
