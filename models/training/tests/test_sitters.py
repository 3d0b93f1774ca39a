"""Tests of the sitters: the committed set says what it shows, groups are even, light adds up, flow leads from state to state.

Deliberately lacks the product's side: `crates/camera` tests what it makes of them.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
cv2 = pytest.importorskip("cv2", reason="opencv is not installed: pip install -r models/training/requirements.txt")
pytest.importorskip("numba", reason="numba is not installed: pip install -r models/training/requirements.txt")

from faces import assets, pool, sitters, view  # noqa: E402

SET = Path(__file__).parents[3] / "tests/data/sitters"
TRUTH = json.loads((SET / "truth.json").read_text(encoding="utf-8"))


def picture(sitter: str, name: str) -> np.ndarray:
    image = cv2.imread(str(SET / sitter / name), cv2.IMREAD_UNCHANGED)
    assert image is not None, f"{sitter}/{name}"
    return image


def test_groups_are_even_and_seeds_are_held_out():
    groups = [set(s["groups"]) for s in TRUTH["sitters"]]
    count = lambda *names: sum(set(names) <= g for g in groups)
    assert len(groups) == sitters.COUNT and [count(t) for t in ("light", "middle", "dark")] == [10, 10, 10]
    assert count("women") == count("men") == 15
    for tone in ("light", "middle", "dark"):
        assert count(tone, "women") == 5 and count(tone, "hijab") == 3 and count(tone, "peci") == 2 and count(tone, "beard") == 3
        assert 2 <= count(tone, "glasses") <= 5
    assert sitters.FIRST_SEED // 10_000 > pool.HELD_OUT_FIRST


def test_pictures_fit_the_description():
    wide, tall = TRUTH["layerPx"]
    for sitter in TRUTH["sitters"]:
        assert set(sitter["states"]) == set(sitters.STATES)
        for name, state in sitter["states"].items():
            room, screen, cover = (picture(sitter["name"], name + end) for end in (".jpg", ".screen.jpg", ".png"))
            h, w = cover.shape
            assert room.shape == screen.shape == (h, w, 3)
            x, y = state["at"]
            assert x + w <= wide and y + h <= tall and ((w, h) == (wide, tall)) == (name == "neutral")
        columns, rows = TRUTH["flowCells"]
        assert picture(sitter["name"], "flow.png").shape == (rows * (len(sitters.STATES) - 1), columns, 3)


def test_states_are_what_they_are_called():
    for sitter in TRUTH["sitters"]:
        states = sitter["states"]
        yaws = [states[name]["yaw"] for name in ("neutral", "turned_10", "turned_20", "turned_30")]
        assert np.allclose(np.diff(yaws), 10, atol=1.5), sitter["name"]
        noses = [states[name]["points"][2][0] for name in ("neutral", "turned_10", "turned_20", "turned_30")]
        assert (np.diff(noses) > 2).all()
        corners = lambda name: np.subtract(states[name]["points"][4], states[name]["points"][3])[0]
        assert corners("smile") > corners("smile_half") > corners("neutral")


def test_patches_agree_with_the_neutral_picture_at_their_lower_edge():
    for sitter in TRUTH["sitters"][::5]:
        whole = picture(sitter["name"], "neutral.jpg").astype(int)
        for name in ("shut", "smile"):
            patch, (x, y) = picture(sitter["name"], f"{name}.jpg").astype(int), sitter["states"][name]["at"]
            h, w = patch.shape[:2]
            edge = np.abs(patch[-8:] - whole[y + h - 8 : y + h, x : x + w])
            assert np.median(edge) <= 4, (sitter["name"], name)


def test_the_screen_lights_the_face_as_the_room_does_and_codes_are_light():
    linear = lambda image: (image / 255.0) ** 2.2
    for sitter in TRUTH["sitters"]:
        x0, y0, x1, y1 = sitter["states"]["neutral"]["box"]
        cx, cy, w, h = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) * 0.22, (y1 - y0) * 0.28
        inner = np.s_[int(cy - h) : int(cy + h), int(cx - w) : int(cx + w)]
        room, screen = (linear(picture(sitter["name"], f"neutral{end}.jpg")[inner]).mean() for end in ("", ".screen"))
        assert 0.7 < screen / room < 1.4, sitter["name"]
    assert sitters._code(np.array([0.0, 0.0031308, 0.2140, 1.0, 3.0])).tolist() == [0, 10, 127, 255, 255]


@pytest.mark.skipif(not (assets.default_folder() / "targets.npz").exists(), reason="no face assets: see models/training/faces/README.md")
def test_a_number_is_a_sitter_and_flow_moves_the_nose(tmp_path):
    found = assets.load(assets.default_folder(), tmp_path)
    one, other = sitters.draw(5, found), sitters.draw(5, found)
    assert one.groups == other.groups and np.array_equal(one.room, other.room) and one.camera.focal_px == other.camera.focal_px
    posed = [sitters.head.pose(found, one.person, sitters.moment(one.base, turn=turn)) for turn in (0, 10)]
    patch = sitters._patch({"a": posed[0], "b": posed[1]}, one.camera)
    moved = sitters.flow(found, *posed, one.camera, patch)
    noses = [view.labels_of(p, one.camera).points[2] for p in posed]
    middle = (np.add(*noses) / 2 - patch[:2]) / patch[2:] * sitters.FLOW_CELLS
    assert np.abs(moved[int(middle[1]), int(middle[0])] - np.subtract(noses[1], noses[0])).max() < 3
