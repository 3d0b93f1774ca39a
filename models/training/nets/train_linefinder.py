"""Command: train the line finder from scratch.

Purpose: `python -m nets.train_linefinder --bank build/bank --pool build/pool --out build/linefinder
--log logs/linefinder.csv --cpu-minutes 10` composes canvases as it goes and mixes in photographed ones when they exist.
Invariant: resumes from its checkpoint; held-out cards are only measured.
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
from .canvases import Canvas, CanvasMaker
from .linefinder import LineFinder, boxes, normalise, targets
from .replay import Replay
from .training import DEVICE, Run, add_arguments, autocast

_NEW, _OLD, _SHOT = 3, 4, 3  # per step: fresh canvases, recent ones, photographed ones (when there are any)
_CAPACITY = 1500
_LOG_EVERY, _MEASURE_EVERY, _RESCAN_EVERY = 100, 500, 100
_HELD_OUT_SEED = 800_000_000


def collate(images: list[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.stack([normalise(i) for i in images]))[:, None].contiguous(memory_format=torch.channels_last)


def loss_of(model: LineFinder, samples: list[tuple[np.ndarray, np.ndarray]], run: Run) -> tuple[torch.Tensor, float, float]:
    goal = torch.from_numpy(np.stack([t for _, t in samples]))
    with autocast(run.args):
        maps = model(collate([image for image, _ in samples]).to(DEVICE))
    maps = maps.float().cpu()
    inside = (goal[:, :2].sum(1) > 0.3).float()
    ribbon = F.binary_cross_entropy_with_logits(maps[:, :2], goal[:, :2], pos_weight=torch.tensor(2.0))
    shape = F.smooth_l1_loss(maps[:, 2:], goal[:, 2:], beta=0.1, reduction="none").sum(1)
    shape = (shape * inside).sum() / inside.sum().clamp(min=1)
    return ribbon * 4 + shape * 0.5, ribbon.item(), shape.item()


def _whole(box, line) -> bool:
    """Both ends within one cap height and the row within 0.3 of it."""
    h, (lx, ly), (rx, ry) = box.height, box.left, box.right
    return (
        line.is_label == box.is_label and abs(line.y(lx) - ly) < 0.3 * h and abs(line.y(rx) - ry) < 0.3 * h
        and abs(line.x0 - lx) < h + 4 and abs(line.x1 - rx) < h + 4
    )


@torch.no_grad()
def score(maps_of, canvases: list[Canvas]) -> dict[str, float]:
    total = {True: 0, False: 0}
    whole = {True: 0, False: 0}
    found = 0
    for canvas in canvases:
        lines = boxes(np.asarray(maps_of(collate([canvas.image])))[0])
        found += len(lines)
        for box in canvas.boxes:
            total[box.is_label] += 1
            whole[box.is_label] += any(_whole(box, line) for line in lines)
    count = sum(total.values())
    return {"whole": sum(whole.values()) / count, "values": whole[False] / total[False], "labels": whole[True] / total[True], "found_per_true": found / count}


def held_out_canvases(folder: Path, count: int) -> list[Canvas]:
    make = CanvasMaker(bank.load(folder).part(held_out=True))
    return [make(_HELD_OUT_SEED + k) for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    add_arguments(parser, lr=4e-3, seed=40)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    model = LineFinder().to(DEVICE, memory_format=torch.channels_last)
    run = Run(model, args)
    make = CanvasMaker(bank.load(args.bank).part(held_out=False))

    def sample(seed: int) -> tuple[np.ndarray, np.ndarray]:
        canvas = make(seed)
        return canvas.image, targets(canvas)

    replay = Replay(sample, args.seed * 10_000_000, _CAPACITY, run.extra)
    shots, check = views.CanvasPool(args.pool / "canvases"), held_out_canvases(args.bank, 40)
    model.train()
    while run.going():
        photographed = [(c.image, targets(c)) for c in (shots.draw(run.rng, _SHOT) if len(shots) else [])]
        samples = replay.draw(run.rng, _NEW, _OLD + _SHOT - len(photographed)) + photographed
        loss, ribbon, shape = loss_of(model, samples, run)
        run.descend(loss, len(samples))
        if run.step % _RESCAN_EVERY == 0:
            shots.rescan()
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(LineFinder()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(ribbon=ribbon, shape=shape, shots=len(shots), held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
    run.save()
    print("done", run.step, score(run.averaged(LineFinder()), check), flush=True)


if __name__ == "__main__":
    main()
