"""Tests of the training pipeline: shapes, decoding, data that says what it shows, and resuming.

Deliberately lacks accuracy: that is measured on held-out data by `nets.evaluate`.
"""

import argparse
import math
import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
torch = pytest.importorskip("torch", reason="torch is not installed: pip install -r models/training/requirements.txt")
pytest.importorskip("cv2", reason="opencv is not installed: pip install -r models/training/requirements.txt")

from nets import vocab  # noqa: E402
from nets.linefinder import LineFinder, boxes, targets  # noqa: E402
from nets.canvases import Canvas, LineBox  # noqa: E402
from nets.localiser import GRID, Localiser, decode  # noqa: E402
from nets.recogniser import SIZES, Recogniser, collate, exact_digits, greedy  # noqa: E402
from nets.replay import Replay  # noqa: E402
from nets.texts import Texts  # noqa: E402
from nets.training import Run  # noqa: E402


def logits_for(path: str, height: float = 12.0) -> np.ndarray:
    """One step per character of `path`; '_' is blank."""
    rows = np.zeros((len(path), vocab.CLASSES), np.float32)
    for row, char in zip(rows, path):
        row[0 if char == "_" else vocab.INDEX[char]] = height
    return rows


def test_shapes_are_what_the_reader_expects():
    with torch.no_grad():
        for size in SIZES:
            assert Recogniser(size).eval()(torch.zeros(2, 1, 32, 96)).shape == (2, 24, 48)
        assert LineFinder().eval()(torch.zeros(1, 1, 400, 640)).shape == (1, 4, 100, 80)
        maps, presence = Localiser().eval()(torch.zeros(1, 3, 256, 256))
    assert maps.shape == (1, 5, 32, 32) and presence.shape == (1, 1)


def test_collate_pads_right_to_sixteen():
    batch = collate([np.full((32, 17), 9, np.uint8), np.arange(32 * 40, dtype=np.uint8).reshape(32, 40)])
    assert batch.shape == (2, 1, 32, 48)
    assert float(batch[0, 0, :, 17:].abs().max()) == 0.0


@pytest.mark.parametrize("path, expected", [("AA_A", "AA"), ("__", ""), ("B__OO_GG", "BOG"), ("0_0/11", "00/1")])
def test_greedy_collapses_repeats_and_blanks(path, expected):
    assert greedy(logits_for(path)[None]) == [expected]


def test_exact_digits_finds_sixteen_where_greedy_drops_one():
    digits = "3171234111440000"
    steps = logits_for("_".join(digits))
    lost = 2 * 9  # the third 1 of 111 almost drowns in blank
    steps[lost] = 0
    steps[lost, 0], steps[lost, vocab.INDEX[digits[9]]] = 6.0, 5.0
    assert greedy(steps[None])[0] == digits[:9] + digits[10:]
    assert exact_digits(steps) == digits


def test_localiser_decode_returns_the_painted_corners():
    quad = np.array([[40, 60], [210, 70], [205, 180], [35, 170]], float)
    maps = np.zeros((5, 32, 32), np.float32)
    for k, (x, y) in enumerate(quad):
        maps[k] = -((GRID[None] - x) ** 2 + (GRID[:, None] - y) ** 2) / 50
    found, _ = decode(maps)
    assert np.abs(found - quad).max() < 2


def test_line_boxes_survive_targets_and_reading():
    lines = [LineBox((160, 100), (400, 104), 12, False), LineBox((20, 100), (90, 100), 12, True), LineBox((160, 130), (300, 130), 12, False)]
    maps = targets(Canvas(np.zeros((400, 640), np.uint8), lines))
    maps[:2] = np.where(maps[:2] > 0.3, 5.0, -5.0)
    found = boxes(maps)
    assert len(found) == 3
    for line in lines:
        middle = (line.left[0] + line.right[0]) / 2
        match = [f for f in found if f.is_label == line.is_label and abs(f.y(middle) - (line.left[1] + line.right[1]) / 2) < 3]
        assert len(match) == 1 and abs(match[0].x0 - line.left[0]) <= 8 and abs(match[0].x1 - line.right[0]) <= 8


def test_texts_use_the_alphabet_and_no_line_is_a_person():
    texts = Texts(random.Random(5))
    for _ in range(3000):
        text, kind = texts.sample()
        assert all(char.upper() in vocab.INDEX for char in text)
        if kind == "nik":
            assert len(text) == 16 and text.isdigit()
            valid_date = 1 <= int(text[6:8]) % 40 <= 31 and 1 <= int(text[8:10]) <= 12
            assert text.endswith("0000") or not valid_date or int(text[:2]) not in range(11, 98) or int(text[:2]) in {20, *range(22, 31), *range(37, 51), *range(54, 61), *range(66, 71), *range(77, 81), *range(83, 91)}


def test_held_out_words_are_never_trained_on():
    seen, kept = Texts(random.Random(1)), Texts(random.Random(1), held_out=True)
    assert not set(seen.names) & set(kept.names) and not set(seen.places) & set(kept.places)


def test_the_same_seed_gives_the_same_crop():
    ink = pytest.importorskip("nets.ink")
    from nets.camera import photograph

    def crop():
        setter = ink.Typesetter(3, papers=4)
        return photograph(setter.strip(), setter.rng, setter.noise)

    try:
        first, second = crop(), crop()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    assert first.text == second.text and np.array_equal(first.image, second.image)
    assert first.image.shape[0] == 32


def cut_line_at(share: float):
    """A line of ten equal letters, cut by the right edge of the picture at `share` of its width."""
    from nets.tail_lines import cut_line
    from synth.ink import Line

    line = Line("3171020304", 0.1, 0.4, 0.6, 0.45, "value", "nik")
    to_picture = np.diag([1000.0, 600.0, 1.0])
    return cut_line(line, to_picture, (100 + 500 * share, 600))


def test_a_cut_line_keeps_the_letters_that_are_there():
    assert cut_line_at(0.5).text == "31710"
    assert cut_line_at(0.58).text == "317102"  # four fifths of a letter are enough to read it
    assert cut_line_at(0.55) is None  # half a letter is neither there nor not
    assert cut_line_at(1.2) is None  # whole: not a cut line
    assert abs(cut_line_at(0.5).x1 - 0.35) < 0.005


def test_lessons_lie_beside_their_lines(tmp_path):
    from nets import shards
    from nets.camera import Crop

    crops = [Crop(np.full((32, width), 200, np.uint8), "A", "name", 0) for width in (16, 40, 24)]
    shards.write(tmp_path / "shard-0000", crops)
    pool = shards.Pool(tmp_path)
    assert pool.shards[0].lesson(0) is None
    lessons = [np.full((4, vocab.CLASSES), -1.0), None, np.full((6, vocab.CLASSES), -2.0)]
    shards.write_lessons(tmp_path / "shard-0000", lessons)
    pool.rescan()
    found = [pool.shards[0].lesson(i) for i in range(3)]
    assert found[1] is None and np.array_equal(found[0], lessons[0]) and np.array_equal(found[2], lessons[2])


def test_a_net_that_says_what_the_larger_one_says_has_nothing_to_learn():
    from nets.train_recogniser import divergence

    said = torch.randn(2, 6, vocab.CLASSES).log_softmax(-1)
    lesson = said[0, :4].numpy()
    assert divergence(said, [lesson, None]).abs().max() < 1e-4
    away = divergence(torch.roll(said, 1, 2), [lesson, None])
    assert away[0] > 0.1 and away[1] == 0
    assert float(divergence(said, [None, None]).sum()) == 0


def train(folder: Path, steps: int, total: int, begin: Path | None = None) -> Run:
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Dropout(0.2), torch.nn.Linear(8, 2))
    args = argparse.Namespace(out=folder, log=folder / "log.csv", cpu_minutes=math.inf, steps=total, lr=1e-2, seed=4, checkpoint_every=10**9, begin=begin)
    run = Run(model, args)
    replay = Replay(lambda seed: np.random.RandomState(seed).randn(4).astype(np.float32), 100, 6, run.extra)
    while run.going() and run.step < steps:
        x = torch.from_numpy(np.stack(replay.draw(run.rng, 2, 4)))
        run.descend(model(x).square().mean() + float(run.noise.rand()), len(x))
    run.save()
    return run


def test_a_resumed_run_ends_in_the_same_state(tmp_path):
    whole = train(tmp_path / "whole", 30, 30)
    train(tmp_path / "parts", 11, 30)
    parts = train(tmp_path / "parts", 30, 30)
    assert parts.step == whole.step == 30 and parts.samples == whole.samples
    for key, value in whole.model.state_dict().items():
        assert torch.equal(value, parts.model.state_dict()[key]), key
        assert torch.equal(whole.average.state[key], parts.average.state[key]), key
    assert parts.extra == whole.extra and parts.rng.getstate() == whole.rng.getstate()


def test_a_fine_tune_begins_with_the_averaged_weights_and_nothing_else(tmp_path):
    first = train(tmp_path / "first", 30, 30)
    second = train(tmp_path / "second", 0, 30, begin=tmp_path / "first" / "checkpoint.pt")
    assert second.step == 0 and second.samples == 0 and second.extra == {"next": 0}
    for key, value in first.average.state.items():
        assert torch.equal(value, second.model.state_dict()[key]) and torch.equal(value, second.average.state[key]), key
    trained = train(tmp_path / "second", 30, 30, begin=tmp_path / "first" / "checkpoint.pt")
    assert any(not torch.equal(value, first.average.state[key]) for key, value in trained.model.state_dict().items())


def test_export_matches_the_net_and_folds_batch_norm(tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    from nets.export import export
    from nets.layers import fold

    export("recogniser", fold(Recogniser().eval()), tmp_path / "r.onnx")
    graph = onnx.load(tmp_path / "r.onnx").graph
    assert "BatchNormalization" not in {node.op_type for node in graph.node}
    assert [d.dim_param or d.dim_value for d in graph.input[0].type.tensor_type.shape.dim] == [1, 1, 32, "W"]


def test_a_blend_lies_between_a_net_and_its_fine_tune():
    from nets.blend import averaged

    first, second = Recogniser().state_dict(), Recogniser().state_dict()
    for share, wanted in ((0.0, first), (1.0, second)):
        assert all(torch.allclose(value.float(), wanted[key].float(), atol=1e-6) for key, value in averaged(first, second, share).items())
    key = "classes.weight"
    assert torch.allclose(averaged(first, second, 0.25)[key], 0.75 * first[key] + 0.25 * second[key], atol=1e-6)
