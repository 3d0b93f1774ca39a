"""Command: train the face detector from scratch.

Purpose: `python -m faces.train_detector --pool build/faces --out build/facedetector --log logs/face-detector.csv --cpu-minutes 20`
composes scenes as it goes from the tiles that are there.
Invariant: resumes from its checkpoint; held-out tiles are only measured.
Deliberately lacks pre-trained weights and photographs of people.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch

from nets.replay import Replay
from nets.training import Run, add_arguments

from .backdrops import Backdrops
from .detector import Detector, collate, decode, loss_of, targets
from .pool import Pool
from .scenes import Scene, SceneMaker

_NEW, _OLD = 10, 22  # per step: fresh scenes, recent scenes
_CAPACITY = 6000
_LOG_EVERY, _MEASURE_EVERY = 100, 500
HELD_OUT_SEED = 800_000_000


def _varied(image: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
    """A scene that is seen again looks a little different."""
    x = (image.astype(np.float32) - 127.5) * rng.uniform(0.7, 1.25) + 127.5 + rng.uniform(-15, 15)
    return np.clip(x * rng.uniform(0.88, 1.12, 3), 0, 255)


def _matches(box: np.ndarray, found: np.ndarray) -> bool:
    w, h = min(box[2], found[2]) - max(box[0], found[0]), min(box[3], found[3]) - max(box[1], found[1])
    shared = max(0.0, w) * max(0.0, h)
    return shared > 0.4 * ((box[2] - box[0]) * (box[3] - box[1]) + (found[2] - found[0]) * (found[3] - found[1]) - shared)


@torch.no_grad()
def score(maps_of, scenes: list[Scene], least: float = 0.5) -> dict[str, float]:
    """Large faces (from 15 % of the side) found, pictures without a face where one is claimed, median point error."""
    found = wanted = claimed = empty = 0
    errors: list[float] = []
    for scene in scenes:
        faces = decode(np.asarray(maps_of(collate([scene.image])))[0], least)
        if not len(scene.boxes) and not len(scene.ignored):
            empty, claimed = empty + 1, claimed + bool(faces)
        for box, points in zip(scene.boxes, scene.points):
            if box[2] - box[0] < 28:
                continue
            wanted += 1
            hit = next((f for f in faces if _matches(box, f[1])), None)
            if hit is not None:
                found += 1
                apart = max(float(np.linalg.norm(points[0] - points[1])), 0.2 * float(box[2] - box[0]))
                errors.append(float(np.linalg.norm(hit[2] - points, axis=1).mean()) / apart)
    return {"found": found / max(wanted, 1), "false": claimed / max(empty, 1), "points": float(np.median(errors)) if errors else 9.0, "faces": wanted, "empty": empty}


def held_out_scenes(pool: Path, count: int) -> list[Scene]:
    make = SceneMaker(Pool(pool / "heads", True), Pool(pool / "hands", True), Backdrops(pool / "panoramas"))
    return [make(HELD_OUT_SEED + k) for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    add_arguments(parser, lr=3e-3, seed=50)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    model = Detector().to(memory_format=torch.channels_last)
    run = Run(model, args)
    heads = Pool(args.pool / "heads")
    replay = Replay(SceneMaker(heads, Pool(args.pool / "hands"), Backdrops(args.pool / "panoramas")), args.seed * 10_000_000, _CAPACITY, run.extra)
    check = held_out_scenes(args.pool, 200)
    model.train()
    sums: dict[str, float] = {}
    while run.going():
        scenes = replay.draw(run.rng, _NEW, _OLD)
        wanted = torch.from_numpy(np.stack([targets(s) for s in scenes]))
        with torch.autocast("cpu", torch.bfloat16):
            maps = model(collate([_varied(s.image, run.noise) for s in scenes]))
        loss, terms = loss_of(maps.float(), wanted)
        run.descend(loss, len(scenes))
        sums = {k: sums.get(k, 0.0) + v / _LOG_EVERY for k, v in terms.items()}
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(Detector()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(**sums, tiles=len(heads), held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
            sums = {}
            heads.rescan()
    run.save()
    print("done", run.step, score(run.averaged(Detector()), check), flush=True)


if __name__ == "__main__":
    main()
