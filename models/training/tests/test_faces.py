"""Tests of the face pipeline: labels that follow the picture, decoding, shapes, and pools that say what they show.

Deliberately lacks accuracy (`faces.evaluate` measures it) and, where the CC0 meshes are absent, rendering.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
torch = pytest.importorskip("torch", reason="torch is not installed: pip install -r models/training/requirements.txt")
cv2 = pytest.importorskip("cv2", reason="opencv is not installed: pip install -r models/training/requirements.txt")
pytest.importorskip("numba", reason="numba is not installed: pip install -r models/training/requirements.txt")

from faces import assets, crops, interiors, raster, solid, spoofs, view, wearout, webcam  # noqa: E402
from faces.backdrops import Backdrops  # noqa: E402
from faces.cropnet import CropNet, loss_of as crop_loss, split  # noqa: E402
from faces.detector import CELLS, POINT_PX, STRIDE_PX, Detector, decode, loss_of, targets  # noqa: E402
from faces.passive import Passive  # noqa: E402
from faces.pool import STATES, Pool  # noqa: E402
from faces.scenes import SIDE_PX, Scene, SceneMaker, letterbox  # noqa: E402
from faces.train_cropnet import area_under_curve  # noqa: E402

TILE = 224
POINTS = np.array([[90, 90], [134, 90], [112, 115], [95, 138], [129, 138]], np.float32)
NO_PLAIN = (np.zeros(4, np.uint8), np.zeros(1, np.int64), np.ones(1, np.int32))


def painted_pool(folder: Path, count: int = 4) -> Pool:
    """Tiles whose five points are painted in five colours on a grey head, so that pictures can be checked against labels."""
    tile = np.zeros((TILE, TILE, 4), np.uint8)
    cv2.ellipse(tile, (112, 110), (45, 60), 0, 0, 360, (128, 128, 128, 255), -1)
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255)]
    for (x, y), colour in zip(POINTS, colours):
        cv2.circle(tile, (int(x), int(y)), 6, (*colour, 255), -1)
    row = np.zeros(17 + len(STATES), np.float32)
    row[:4], row[4:14], row[14:17] = [67, 50, 157, 170], POINTS.ravel(), [20, 5, 0]
    row[17] = 1.0  # the subject's left eye is shut: on the picture's right
    folder.mkdir(parents=True)
    np.save(folder / "tiles-0000.npy", np.stack([tile] * count))
    np.save(folder / "labels-0000.npy", np.stack([row] * count))
    return Pool(folder)


@pytest.fixture
def pools(tmp_path) -> tuple[Pool, Pool]:
    return painted_pool(tmp_path / "heads"), painted_pool(tmp_path / "hands")


def test_nets_have_the_shapes_that_the_product_expects_and_fit_the_budget():
    with torch.no_grad():
        assert Detector().eval()(torch.zeros(1, 3, SIDE_PX, SIDE_PX)).shape == (1, 15, CELLS, CELLS)
        points, angles, states = split(CropNet().eval()(torch.zeros(1, 3, crops.SIDE_PX, crops.SIDE_PX)))
        assert Passive().eval()(torch.zeros(1, 3, spoofs.SIDE_PX, spoofs.SIDE_PX)).shape == (1, 1)
    assert points.shape == (1, 5, 2) and angles.shape == (1, 3) and states.shape == (1, len(crops.OUTPUTS))
    assert 4 * sum(p.numel() for net in (Detector(), CropNet(), Passive()) for p in net.parameters()) < 4 * 1024 * 1024


def perfect_maps(wanted: np.ndarray) -> np.ndarray:
    maps = np.full((15, CELLS, CELLS), -9.0, np.float32)
    maps[0] = np.log(np.clip(wanted[0], 1e-4, 1 - 1e-4) / (1 - np.clip(wanted[0], 1e-4, 1 - 1e-4)))
    maps[1:5] = np.log(np.maximum(wanted[1:5], 0.1) / STRIDE_PX)
    maps[5:] = wanted[5:15] / POINT_PX
    return maps


def test_targets_decode_to_the_same_faces():
    boxes = np.array([[20, 30, 90, 120], [120, 60, 150, 100]], np.float32)
    points = np.stack([(POINTS - 112) * 0.5 + [55, 75], (POINTS - 112) * 0.2 + [135, 80]]).astype(np.float32)
    wanted = targets(Scene(np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8), boxes, points, np.zeros((0, 4), np.float32)))
    found = decode(perfect_maps(wanted), least=0.5)
    assert len(found) == 2
    for box, five in zip(boxes, points):
        _, at, these = min(found, key=lambda f: np.abs(f[1] - box).max())
        assert np.abs(at - box).max() < 1.5 and np.abs(these - five).max() < 1.5


def test_loss_is_least_where_the_maps_say_the_truth():
    boxes, points = np.array([[20, 30, 90, 120]], np.float32), ((POINTS - 112) * 0.5 + [55, 75])[None].astype(np.float32)
    wanted = targets(Scene(np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8), boxes, points, np.zeros((0, 4), np.float32)))
    good = torch.from_numpy(perfect_maps(wanted))[None]
    bad = good + torch.from_numpy(np.random.default_rng(0).normal(0, 1, good.shape).astype(np.float32))
    batch = torch.from_numpy(wanted)[None]
    assert loss_of(good, batch)[0] < 0.5 < loss_of(bad, batch)[0]


def test_ignored_faces_neither_reward_nor_punish():
    scene = Scene(np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8), np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.array([[0, 0, 192, 192]], np.float32))
    batch = torch.from_numpy(targets(scene))[None]
    claims = torch.full((1, 15, CELLS, CELLS), 4.0)
    assert loss_of(claims, batch)[0] == 0


def colour_at(image: np.ndarray, point: np.ndarray) -> int | None:
    """Which of the five painted colours lies at a place, None when it is none of them."""
    x, y = int(point[0]), int(point[1])
    if not (1 <= x < image.shape[1] - 1 and 1 <= y < image.shape[0] - 1):
        return None
    near = image[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3).mean(0)
    spread = near > near.max() * 0.6
    if near.max() < 90 or near.min() > 0.6 * near.max():
        return None
    return {(1, 0, 0): 0, (0, 1, 0): 1, (0, 0, 1): 2, (1, 1, 0): 3, (0, 1, 1): 4}.get(tuple(spread.astype(int).tolist()))


def test_points_follow_tilt_and_mirror(pools, monkeypatch):
    monkeypatch.setattr(wearout, "camera", lambda rng, x: (np.clip(x, 0, 1) * 255).astype(np.uint8))
    make = crops.CropMaker(*pools, lambda rng, w, h: np.full((h, w, 3), 0.4, np.float32))
    monkeypatch.setattr(make, "_occlude", lambda rng, image, points: 0.0)
    mirrored = seen = 0
    for k in range(60):
        crop = make(k)
        order = [colour_at(crop.image, p * crops.SIDE_PX) for p in crop.points]
        if None in order:
            continue  # cut off at the edge
        seen += 1
        flipped = crop.angles[0] < 0
        mirrored += flipped
        assert order == ([1, 0, 2, 4, 3] if flipped else [0, 1, 2, 3, 4])
        assert crop.states[0 if flipped else 1] == 0 and crop.states[1 if flipped else 0] == 1
    assert seen > 40 and 10 < mirrored < seen - 10


@pytest.mark.parametrize("angles, tilt, expected", [
    ((0, 0, 0), 30, (0, 0, -30)), ((40, 0, 0), 90, (0, 40, -90)), ((20, 10, 5), 0, (20, 10, 5)),
])
def test_tilt_turns_yaw_into_pitch(angles, tilt, expected):
    assert np.allclose(crops.turn(np.array(angles, float), tilt), expected, atol=1e-6)


def test_scenes_are_functions_of_their_seed_and_keep_faces_inside(pools):
    make = SceneMaker(*pools, Backdrops())
    empty = 0
    for k in range(40):
        scene, again = make(k), make(k)
        assert np.array_equal(scene.image, again.image) and np.array_equal(scene.boxes, again.boxes)
        assert scene.image.shape == (SIDE_PX, SIDE_PX, 3) and scene.points.shape == (len(scene.boxes), 5, 2)
        middle = (scene.boxes[:, :2] + scene.boxes[:, 2:]) / 2
        assert ((middle >= 0) & (middle < SIDE_PX)).all()
        empty += not len(scene.boxes)
    assert 4 < empty < 25


def test_letterbox_keeps_the_aspect():
    for aspect in (4 / 3, 1.0, 9 / 16):
        x, y, w, h = letterbox(aspect)
        assert abs(w / h - aspect) < 0.02 and max(w, h) == SIDE_PX and x >= 0 and y >= 0


def test_every_kind_of_capture_is_made(pools):
    make = spoofs.CaptureMaker(pools[0], Backdrops())
    made = [make(k) for k in range(40)]
    assert {c.species for c in made} == set(range(len(spoofs.SPECIES)))
    assert all(c.image.shape == (spoofs.SIDE_PX, spoofs.SIDE_PX, 3) and c.image.std() > 3 for c in made)


def test_held_out_shards_are_never_trained_on(tmp_path):
    pool = painted_pool(tmp_path / "heads")
    for name in ("tiles", "labels"):
        os.replace(pool.folder / f"{name}-0000.npy", pool.folder / f"{name}-0900.npy")
    assert len(Pool(pool.folder)) == 0 and len(Pool(pool.folder, held_out=True)) == 4


def test_nearer_triangles_win_and_corners_land_where_they_are_projected():
    camera = view.Camera(np.array([0, 0, 10.0]), np.zeros(3), 100.0, (16, 16))
    near = np.array([[-1, -1, 1], [1, -1, 1], [0, 1, 1]], float)
    points = camera.project(np.concatenate([near, near - [0, 0, 2]]))
    assert points[1, 0] > points[0, 0] and points[2, 1] < points[0, 1]  # x to the right, y up in the world
    faces = np.array([[3, 4, 5], [0, 1, 2]], np.int32)
    depth, owner, bary = np.zeros((32, 32), np.float32), np.full((32, 32), -1, np.int32), np.zeros((32, 32, 2), np.float32)
    raster.fill(points, faces, np.zeros((2, 3, 2), np.float32), np.full(2, -1, np.int32), *NO_PLAIN, False, depth, owner, bary)
    assert owner[16, 16] == 1 and owner[0, 0] == -1
    assert abs(points[2, 1] - np.argwhere(owner >= 0)[:, 0].min()) <= 2


def test_rotation_and_labels_agree_on_signs():
    class Turned:
        face = points = np.array([[0, 0, 0.0], [0.1, 0.1, 0]])
        turn = solid.rotation(np.radians(20), np.radians(-10), 0)  # to +x, upwards

    camera = view.Camera(np.array([0, 0, 10.0]), np.zeros(3), 100.0, (16, 16))
    yaw, pitch, _ = view.labels_of(Turned, camera).angles_deg
    assert yaw == pytest.approx(20, abs=0.5) and pitch == pytest.approx(10, abs=0.7)
    Turned.turn = solid.rotation(0, 0, np.radians(-15))  # the head's top goes to the picture's right: clockwise
    assert view.labels_of(Turned, camera).angles_deg[2] == pytest.approx(15, abs=0.1)


def test_crop_loss_ignores_what_cannot_be_seen():
    outputs = torch.cat([torch.full((2, 10), 0.5), torch.zeros(2, 3), torch.full((2, 5), 3.0)], 1)
    truth = torch.rand(2, 5, 2)
    hidden = crop_loss(outputs, truth, torch.ones(2, 3) * 30, torch.zeros(2, 5), torch.zeros(2, 5), torch.zeros(2))
    assert hidden[0] == 0
    assert crop_loss(outputs, truth, torch.ones(2, 3) * 30, torch.zeros(2, 5), torch.ones(2, 5), torch.ones(2))[0] > 1


def test_area_under_curve_of_ties_and_order():
    score, positive = np.array([1.0, 2, 3, 4]), np.array([False, False, True, True])
    assert area_under_curve(score, positive) == 1 and area_under_curve(-score, positive) == 0 and area_under_curve(score * 0, positive) == 0.5


def test_rooms_and_cameras_stay_in_range():
    rng = np.random.default_rng(3)
    for _ in range(12):
        room = interiors.room(rng, 80, 60)
        assert room.dtype == np.float32 and room.shape == (60, 80, 3) and 0 <= room.min() and room.max() <= 1
        frame = webcam.expose(webcam.tone(room, webcam.draw(rng)), webcam.draw(rng), rng)
        assert frame.dtype == np.uint8 and frame.shape == room.shape
        assert interiors.shapes(rng, 80, 60).max() <= 1


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> assets.Assets:
    folder = assets.default_folder()
    if not (folder / "targets.npz").exists():
        pytest.skip(f"the CC0 meshes are not in {folder}: see models/training/faces/README.md")
    return assets.load(folder, tmp_path_factory.mktemp("assets"))


def test_the_same_seed_draws_the_same_person_and_blinking_darkens_the_eyes(people):
    from faces import head, moments, person

    who = person.draw(7, people, headwear="none", hair=None, glasses=None, mask=False, tone=0.2)
    assert person.draw(7, people, headwear="none", hair=None, glasses=None, mask=False, tone=0.2).shape == who.shape
    rng = np.random.default_rng(1)
    light, drawn = view.indoor(rng, even=1.0), []
    for shut in (0.0, 1.0):
        posed = head.pose(people, who, head.Moment(shut=(shut, shut)))
        camera = moments.camera(np.random.default_rng(2), posed, 128)
        image, labels = view.draw(people, posed, camera, light, 128, 128, 2), view.labels_of(posed, camera)
        assert image[..., 3].mean() > 0.15
        inside = (labels.points > labels.box[:2]) & (labels.points < labels.box[2:])
        assert inside.all() and labels.points[0, 0] < labels.points[1, 0] and labels.points[2, 1] < labels.points[3, 1]
        x, y = labels.points[0].astype(int)
        drawn.append(image[y - 4 : y + 5, x - 7 : x + 8, :3])
    assert np.abs(drawn[0] - drawn[1]).mean() > 0.01


@pytest.mark.parametrize("name", ["face-detector", "face-crop", "face-passive"])
def test_exported_nets_have_fixed_shapes_and_operators_that_the_runtime_knows(tmp_path, name):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    from nets.export import SPECS, export
    from nets.layers import fold

    spec = SPECS[name]
    export(name, fold(spec.make().eval()), tmp_path / "n.onnx")
    graph = onnx.load(tmp_path / "n.onnx").graph
    shape = lambda value: tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
    assert shape(graph.input[0]) == spec.input and {o.name: shape(o) for o in graph.output} == spec.outputs
    known = {"Conv", "Relu", "Add", "Resize", "Softmax", "MatMul", "Gemm", "Mul", "Slice", "Concat", "ReduceMean", "ReduceMax", "Reshape", "Flatten", "Constant", "Identity", "Cast"}
    assert {node.op_type for node in graph.node} <= known
    for node in graph.node:
        group = next((a.i for a in node.attribute if a.name == "group"), 1)
        assert group == 1, "depthwise convolutions are slow in the runtime"
