"""The benchmark's pictures: same seed same bytes, nothing drawn twice, groups of the promised size, bursts of one held card."""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))

import make_bench

FEW = [make_bench.Job("severity3", 0), make_bench.Job("glare", 0), make_bench.Job("sequence", 1, 2), make_bench.Job("no-card", 0)]
RECIPE = {"seed": "test", "cards": 1, "sources": "these"}


def drawn(out: Path, seed: str = "test") -> dict[str, bytes]:
    make_bench.write(out, seed, FEW, RECIPE | {"seed": seed})
    return {path.name: path.read_bytes() for path in [*out.rglob("*.jpg"), out / "truth.json"]}


def test_same_seed_same_bytes_and_another_seed_other_cards(tmp_path: Path) -> None:
    first = drawn(tmp_path / "a")
    assert len(first) == 6 and first == drawn(tmp_path / "b")
    other = drawn(tmp_path / "c", "other")
    assert all(other[name] != data for name, data in first.items())


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = drawn(tmp_path)
    lost = tmp_path / "images" / "glare-000.jpg"
    kept = tmp_path / "images" / "severity3-000.jpg"
    lost.unlink()
    kept.write_bytes(b"not drawn again")
    log = tmp_path / "drawn.jsonl"
    log.write_text(log.read_text()[:-20])
    again = drawn(tmp_path)
    assert again["severity3-000.jpg"] == b"not drawn again"
    assert again | {"severity3-000.jpg": whole["severity3-000.jpg"]} == whole


def test_another_recipe_starts_afresh(tmp_path: Path) -> None:
    drawn(tmp_path)
    old = tmp_path / "images" / "severity3-000.jpg"
    old.write_bytes(b"of another recipe")
    assert drawn(tmp_path, "other")["severity3-000.jpg"] != b"of another recipe"


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "images"
    mine.mkdir()
    with pytest.raises(SystemExit, match="something else"):
        drawn(tmp_path)
    assert mine.exists()


def test_groups_are_as_large_as_promised() -> None:
    pictures = Counter()
    for job in make_bench.jobs(40):
        pictures[job.group] += len(job.names)
    assert [pictures[f"severity{k}"] for k in range(4)] == [40] * 4
    assert [pictures[effect] for effect in make_bench.SINGLE_EFFECTS] == [10] * 12
    assert pictures["sequence"] == 50 and pictures["no-card"] == 20
    assert pictures["live"] == 40 and pictures["laminated"] == 20 and pictures.total() == 410
    names = [name for job in make_bench.jobs(40) for name in job.names]
    assert len(set(names)) == len(names)


def test_truth_says_whose_where_and_of_which_burst(tmp_path: Path) -> None:
    drawn(tmp_path)
    cards = {card["file"]: card for card in json.loads((tmp_path / "truth.json").read_text())["cards"]}
    frames = [cards[f"images/sequence-001-{k}.jpg"] for k in range(2)]
    assert frames[0]["truth"] == frames[1]["truth"] and frames[0]["sequence"] == frames[1]["sequence"] == "001"
    moved = np.abs(np.subtract(frames[0]["quad"], frames[1]["quad"])).max()
    assert 0 < moved < 60, "a hand trembles, it does not jump"
    assert "glare" in cards["images/glare-000.jpg"]["effects"]
    assert cards["images/no-card-000.jpg"]["truth"] == {} and "quad" not in cards["images/no-card-000.jpg"]
    assert all(card["truth"].get("nik", "0000").endswith("0000") for card in cards.values())


def test_words_of_one_line_are_put_together() -> None:
    from tesseract_peer import lines_of

    def word(line: str, left: str, text: str, score: str) -> list[str]:
        return ["5", "1", "1", "1", line, "1", left, "10", "20", "12", score, text]

    found = lines_of([word("1", "5", "KOTA", "90"), word("1", "30", "BANDUNG", "80"), word("2", "5", "NIK", "70")])
    assert [row["text"] for row in found] == ["KOTA BANDUNG", "NIK"]
    assert found[0]["box"] == [5.0, 10.0, 50.0, 22.0] and found[0]["score"] == 0.85


def test_a_peer_that_fails_has_read_nothing(capsys, monkeypatch) -> None:
    import io

    import protocol

    def read(file: str) -> list:
        if file == "broken.jpg":
            raise ValueError("no picture")
        return [protocol.line("NIK", (1, 2, 3, 4), 0.5)]

    monkeypatch.setattr("sys.stdin", io.StringIO("broken.jpg\nfine.jpg\n"))
    protocol.serve("Some 1.0", read)
    said = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert said[0] == {"peer": "Some 1.0"}
    assert [(row["file"], len(row["lines"])) for row in said[1:]] == [("broken.jpg", 0), ("fine.jpg", 1)]
