"""Command: train the passive net from scratch.

Purpose: `python -m faces.train_passive --pool build/faces --out build/facepassive --log logs/face-passive.csv --cpu-minutes 8`.
Invariant: resumes from its checkpoint; held-out tiles are only measured.
Deliberately lacks pictures of real people and of real attacks.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from nets.replay import Replay
from nets.training import Run, add_arguments

from .backdrops import Backdrops
from .detector import collate
from .passive import Passive
from .pool import Pool
from .spoofs import SPECIES, Capture, CaptureMaker
from .train_cropnet import area_under_curve

_NEW, _OLD = 12, 36
_CAPACITY = 12_000
_LOG_EVERY, _MEASURE_EVERY = 100, 400
HELD_OUT_SEED = 820_000_000


@torch.no_grad()
def score(logit_of, captures: list[Capture]) -> dict[str, float]:
    """Area under the curve of live against each kind; rates at the threshold that loses 5 % of the live ones."""
    logits = np.array([float(np.ravel(np.asarray(logit_of(collate([c.image]))))[0]) for c in captures])
    kind = np.array([c.species for c in captures])
    limit = np.quantile(logits[kind == 0], 0.05)
    out = {"auc": area_under_curve(logits, kind == 0), "limit": float(limit)}
    for k, name in enumerate(SPECIES[1:], 1):
        out[f"apcer {name}"] = float((logits[kind == k] >= limit).mean())
    return out


def held_out_captures(pool: Path, count: int) -> list[Capture]:
    make = CaptureMaker(Pool(pool / "heads", True), Backdrops(pool / "panoramas"))
    return [make(HELD_OUT_SEED + k) for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    add_arguments(parser, lr=2e-3, seed=70)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    model = Passive().to(memory_format=torch.channels_last)
    run = Run(model, args)
    replay = Replay(CaptureMaker(Pool(args.pool / "heads"), Backdrops(args.pool / "panoramas")), args.seed * 10_000_000, _CAPACITY, run.extra)
    check = held_out_captures(args.pool, 300)
    model.train()
    total = 0.0
    while run.going():
        captures = replay.draw(run.rng, _NEW, _OLD)
        images = [np.clip(c.image.astype(np.float32) * run.noise.uniform(0.85, 1.15) + run.noise.uniform(-8, 8), 0, 255) for c in captures]
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(collate(images))
        live = torch.tensor([[float(c.species == 0)] for c in captures])
        loss = F.binary_cross_entropy_with_logits(logits.float(), live * 0.96 + 0.02)
        run.descend(loss, len(captures))
        total += loss.item() / _LOG_EVERY
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(Passive()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(loss=total, held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
            total = 0.0
    run.save()
    print("done", run.step, score(run.averaged(Passive()), check), flush=True)


if __name__ == "__main__":
    main()
