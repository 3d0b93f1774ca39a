"""Command: train the localiser from scratch.

Purpose: `python -m nets.train_localiser --bank build/bank --pool build/pool --out build/localiser
--log logs/localiser.csv --cpu-minutes 14` composes scenes as it goes and mixes in photographed ones when they exist.
Invariant: resumes from its checkpoint; held-out cards and backdrops are only measured.
Deliberately lacks pre-trained weights and real pictures.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from . import bank, views
from .localiser import GRID, Localiser, Tracker, collate, decode
from .replay import Replay
from .scenes import Scene, SceneMaker
from .training import DEVICE, Run, add_arguments, autocast

_NEW, _OLD, _SHOT = 8, 16, 8  # per step: fresh scenes, recent scenes, photographed scenes (when there are any)
_CAPACITY = 5000
_TARGET_SIGMA_PX = 5.0
_LOG_EVERY, _MEASURE_EVERY, _RESCAN_EVERY = 150, 600, 150
_HELD_OUT_SEED = 700_000_000
_SIZES = {"localiser": Localiser, "tracker": Tracker}


def loss_of(model: torch.nn.Module, scenes: list[Scene], run: Run) -> tuple[torch.Tensor, float, float]:
    r = run.rng
    images = [np.clip(s.image.astype(np.float32) * r.uniform(0.75, 1.25) + r.uniform(-12, 12), 0, 255) for s in scenes]
    quads = torch.from_numpy(np.stack([s.quad for s in scenes])).float()
    present = torch.tensor([float(s.has_card) for s in scenes])
    with autocast(run.args):
        maps, presence = model(collate(images).to(DEVICE))
    maps, presence = maps.float().cpu(), presence.float().cpu()[:, 0]
    grid = torch.from_numpy(GRID).float()
    at = quads.clamp(1, 255)
    d2 = (grid[None, None, None] - at[:, :, 0, None, None]) ** 2 + (grid[None, None, :, None] - at[:, :, 1, None, None]) ** 2
    target = torch.exp(-d2 / (2 * _TARGET_SIGMA_PX**2))
    target = target / (target.sum((2, 3), keepdim=True) + 1e-6)
    # A corner far outside the canvas has no place on the map: it teaches nothing.
    seen = ((quads > -6) & (quads < 262)).all(-1).float() * present[:, None]
    logp = torch.log_softmax(maps[:, :4].reshape(len(scenes), 4, -1), -1).reshape(target.shape)
    cross = (-(target * logp).sum((2, 3)) * seen).sum() / seen.sum().clamp(min=1)
    near = logp.exp() * (target > target.amax((2, 3), keepdim=True) * 0.05)
    near = near / (near.sum((2, 3), keepdim=True) + 1e-6)
    point = torch.stack([(near.sum(2) * grid).sum(-1), (near.sum(3) * grid).sum(-1)], -1)
    offset = (F.smooth_l1_loss(point, at, beta=2.0, reduction="none").mean(2) * seen).sum() / seen.sum().clamp(min=1)
    loss = cross + 0.2 * offset + 0.5 * F.binary_cross_entropy_with_logits(presence, present)
    return loss, cross.item(), offset.item()


@torch.no_grad()
def score(maps_of, scenes: list[Scene]) -> dict[str, float]:
    """Worst corner in % of the card's width; share of right answers to "is there a card"."""
    errors, right = [], 0
    for scene in scenes:
        maps, presence = maps_of(collate([scene.image]))
        right += (float(np.ravel(presence)[0]) > 0) == scene.has_card
        if scene.has_card:
            quad, _ = decode(np.asarray(maps)[0])
            width = np.linalg.norm(scene.quad[0] - scene.quad[1])
            errors.append(100 * np.linalg.norm(quad - scene.quad, axis=1).max() / width)
    e = np.array(errors)
    return {"median": float(np.median(e)), "p75": float(np.percentile(e, 75)), "below3": float((e < 3).mean()), "below5": float((e < 5).mean()),
            "lost20": float((e > 20).mean()), "presence": right / len(scenes)}


def held_out_scenes(folder: Path, count: int) -> list[Scene]:
    make = SceneMaker(bank.load(folder).part(held_out=True))
    return [make(_HELD_OUT_SEED + k) for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--size", choices=sorted(_SIZES), default="localiser")
    add_arguments(parser, lr=3e-3, seed=30)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    make = _SIZES[args.size]
    model = make().to(DEVICE, memory_format=torch.channels_last)
    run = Run(model, args)
    replay = Replay(SceneMaker(bank.load(args.bank).part(held_out=False)), args.seed * 10_000_000, _CAPACITY, run.extra)
    shots, check = views.ScenePool(args.pool / "scenes"), held_out_scenes(args.bank, 200)
    model.train()
    while run.going():
        photographed = shots.draw(run.rng, _SHOT) if len(shots) else []
        scenes = replay.draw(run.rng, _NEW, _OLD + _SHOT - len(photographed)) + photographed
        loss, cross, offset = loss_of(model, scenes, run)
        run.descend(loss, len(scenes))
        if run.step % _RESCAN_EVERY == 0:
            shots.rescan()
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(make()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(cross=cross, offset=offset, shots=len(shots), held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
    run.save()
    print("done", run.step, score(run.averaged(make()), check), flush=True)


if __name__ == "__main__":
    main()
