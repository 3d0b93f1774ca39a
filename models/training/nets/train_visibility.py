"""Command: train the visibility net from scratch.

Purpose: `python -m nets.train_visibility --pool build/pool --out build/visibility --log logs/visibility.csv --cpu-minutes 24`
learns from the pool of `nets.hidden_cards`, cells first, then which values are hidden.
Invariant: resumes from its checkpoint; held-out cards are only measured; values whose truth counts neither way teach nothing.
Deliberately lacks pre-trained weights and real pictures.
"""

import argparse
import os
import random
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from synth.legible import HIDDEN_LETTERS, VISIBLE_LETTERS

from .hidden_cards import HiddenPool, Sample
from .training import Run, add_arguments, autocast
from .visibility import Visibility, collate, hidden_letters

_BATCH, _RESCAN_EVERY, _LOG_EVERY, _MEASURE_EVERY = 12, 200, 50, 500
_FIELDS_FROM = 0.15  # share of the budget after which hidden values join the loss
_SAID = 0.5  # letters from which on a value is said to be hidden: between visible and hidden
_STEEP = 6.0  # logits a letter


def varied(sample: Sample, rng: random.Random) -> np.ndarray:
    """The picture under another exposure and colour, a little sharper or softer, noisier."""
    image = sample.image.astype(np.float32)
    if rng.random() < .7:
        gain = rng.uniform(.7, 1.1) * np.array([rng.uniform(.92, 1.08) for _ in range(3)], np.float32)
        # What is burnt stays burnt: only darker ends move.
        image = np.where(image > 245, image, image * gain) if gain.max() < 1 else image * np.minimum(gain, 1)
    if rng.random() < .2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(.3, .8))
    if rng.random() < .3:
        image += np.random.RandomState(rng.getrandbits(31)).randn(*image.shape).astype(np.float32) * rng.uniform(0, 5)
    return np.clip(image, 0, 255)


def truths(losses: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(B, 18, 5) letters lost -> (B, 2, 18) hidden or not, and whether that counts."""
    sure, perhaps = losses[..., [0, 2]].transpose(1, 2), losses[..., [1, 3]].transpose(1, 2)
    hidden = sure >= HIDDEN_LETTERS
    whole = (losses[..., 4] <= VISIBLE_LETTERS)[:, None]
    return hidden, (hidden | (perhaps <= VISIBLE_LETTERS)) & whole


def loss_of(model: Visibility, samples: list[Sample], rng: random.Random, fields: float, precision: torch.autocast) -> tuple[torch.Tensor, list[float]]:
    x = collate(np.stack([varied(s, rng) for s in samples]))
    trouble = torch.from_numpy(np.stack([s.trouble for s in samples])).float() / 255
    place = torch.from_numpy(np.stack([s.place for s in samples])).float() / 255
    with precision:
        maps = model(x)
    maps = maps.float()
    # Under a thing nobody can tell what light did, and in burnt light nobody sees a thing.
    weight = torch.stack([1 - .9 * torch.minimum(trouble[:, 0], trouble[:, 1]), 1 - .9 * trouble[:, 0]], 1)
    cells = (F.binary_cross_entropy_with_logits(maps[:, :2], trouble, reduction="none") * weight).mean()
    goal = torch.cat([(1 - place.sum(1, keepdim=True)).clamp(min=0), place], 1)
    where = -(F.log_softmax(maps[:, 2:], 1) * goal).sum(1).mean()
    hidden, counts = truths(torch.from_numpy(np.stack([s.losses for s in samples])))
    letters = hidden_letters(maps)
    named = F.binary_cross_entropy_with_logits((letters - _SAID) * _STEEP, hidden.float(), reduction="none")
    named = (named * counts * (1 + 2 * hidden)).sum() / counts.sum().clamp(min=1)
    return cells * 8 + where * 4 + named * fields, [cells.item(), where.item(), named.item()]


@torch.no_grad()
def letters_of(maps_of, samples: list[Sample]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Letters said to be hidden, and the truth of it, over samples."""
    said = torch.cat([hidden_letters(torch.as_tensor(np.asarray(maps_of(collate(s.image[None]))))) for s in samples])
    return said, *truths(torch.from_numpy(np.stack([s.losses for s in samples])))


def score(maps_of, samples: list[Sample], limit: float = _SAID) -> dict[str, float]:
    said, hidden, counts = letters_of(maps_of, samples)
    found = {}
    for k, name in enumerate(("glare", "cover")):
        s, h = (said[:, k] >= limit)[counts[:, k]], hidden[:, k][counts[:, k]]
        found[f"{name}_f1"] = 2 * float((s & h).sum()) / max(1, float(s.sum() + h.sum()))
        found[f"{name}_precision"] = float((s & h).sum()) / max(1, float(s.sum()))
        found[f"{name}_recall"] = float((s & h).sum()) / max(1, float(h.sum()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    add_arguments(parser, lr=4e-3, seed=60)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    model = Visibility().to(memory_format=torch.channels_last)
    run = Run(model, args)
    pool, check = HiddenPool(args.pool / "hidden"), HiddenPool(args.pool / "hidden-held-out").items
    model.train()
    while run.going():
        samples = [pool.items[run.rng.randrange(len(pool))] for _ in range(_BATCH)]
        loss, parts = loss_of(model, samples, run.rng, 1.0 if run.progress >= _FIELDS_FROM else 0.0, autocast(args))
        run.descend(loss, len(samples))
        if run.step % _RESCAN_EVERY == 0:
            pool.rescan()
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(Visibility()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(cells=parts[0], places=parts[1], named=parts[2], pool=len(pool), held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
    run.save()
    print("done", run.step, score(run.averaged(Visibility()), check), flush=True)


if __name__ == "__main__":
    main()
