"""Command: train the recogniser, from scratch or from another run's weights.

Purpose: `python -m nets.train_recogniser --pool build/pool --out build/recogniser --log logs/recogniser.csv --cpu-minutes 70`
reads the growing pools `print` (set lines) and `card` (lines cut from photographed cards) and writes checkpoints.
With `--tails worn cut …` a share of the lines (`--tail-share`) comes in equal parts from the named tails (`nets.tail_lines`), the
rest from the old pools; `--from build/recogniser/checkpoint.pt --lr 5e-4` fine-tunes. Where a larger net has left its answers beside
the lines (`nets.teach`), they are learnt from as well as the texts.
Invariant: resumes from its checkpoint; held-out lines are only measured, never trained on.
Deliberately lacks weights of others: a run begins at random or with our own.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: two threads on a busy machine are slower than one

import numpy as np
import torch
import torch.nn.functional as F

from . import measure
from .recogniser import PX_PER_STEP, SIZES, Recogniser, collate, targets
from .shards import Pool
from .training import DEVICE, Run, add_arguments, autocast

BATCH = 32
_SUPER_BATCH = 24  # batches drawn at once and sorted by width, so that little is padding
_EASY_UNTIL = 0.05  # share of the budget spent on short, sharp lines
_CARD_SHARE = (0.35, 0.6)  # share of lines cut from whole cards, at the start and at the end
_LOG_EVERY, _MEASURE_EVERY, _RESCAN_EVERY = 200, 2500, 200


def augment(image: np.ndarray, run: Run) -> np.ndarray:
    """Small changes so that a line seen twice differs: gain along the line, shift by rows, noise."""
    r = run.rng
    q = r.random()
    if q < 0.2:
        dy = r.choice([-2, -1, 1, 2])
        image = np.roll(image, dy, 0).copy()
        edge, beside = (slice(0, dy), dy) if dy > 0 else (slice(dy, None), dy - 1)
        image[edge] = image[beside]
    elif q < 0.4:
        image = np.clip(image + run.noise.randn(*image.shape).astype(np.float32) * r.uniform(1, 6), 0, 255)
    elif q < 0.5:
        image = np.clip(image * np.linspace(r.uniform(0.6, 1), r.uniform(0.6, 1), image.shape[1], dtype=np.float32), 0, 255)
    return image


def draw(run: Run, printed: Pool, cards: Pool, tails: list[Pool]) -> list[list[tuple]]:
    low, high = _CARD_SHARE
    easy = run.progress < _EASY_UNTIL and run.args.begin is None
    share = low + (high - low) * (run.progress if run.args.begin is None else 1.0) if len(cards) else 0.0
    count = _SUPER_BATCH * BATCH
    from_tails = round(count * run.args.tail_share) if tails and not easy else 0
    from_cards = 0 if easy else round((count - from_tails) * share)
    lines = printed.draw(run.rng, count - from_tails - from_cards, easy=easy) + (cards.draw(run.rng, from_cards) if from_cards else [])
    for k in range(from_tails):
        lines += tails[k % len(tails)].draw(run.rng, 1)
    lines.sort(key=lambda line: line[0].shape[1])
    batches = [lines[k : k + BATCH] for k in range(0, count, BATCH)]
    run.rng.shuffle(batches)
    return batches


def loss_of(model: Recogniser, batch: list[tuple], run: Run) -> torch.Tensor:
    x = collate([augment(line[0], run) for line in batch]).to(DEVICE)
    codes, lengths = targets([line[1] for line in batch])
    with autocast(run.args):
        logits = model(x)
    steps = torch.full((len(batch),), x.shape[3] // PX_PER_STEP)
    # On the CPU: a GPU's own loss wants other types of index.
    logp = logits.float().log_softmax(-1).cpu()
    # zero_infinity: a line squeezed below one step per character teaches nothing instead of breaking the run.
    per_line = F.ctc_loss(logp.transpose(0, 1), codes, steps, lengths, reduction="none", zero_infinity=True)
    return ((per_line + divergence(logp, [line[2] for line in batch])) / lengths).mean()


def divergence(logp: torch.Tensor, lessons: list[np.ndarray | None]) -> torch.Tensor:
    """How far the net is from what the larger one says, summed over a line's steps (KL); 0 for lines without a lesson."""
    if not any(lesson is not None for lesson in lessons):
        return logp.new_zeros(len(lessons))
    taught, known = np.zeros(logp.shape, np.float32), np.zeros(logp.shape[:2], np.float32)
    for row, mask, lesson in zip(taught, known, lessons):
        if lesson is not None:
            row[: len(lesson)], mask[: len(lesson)] = lesson, 1
    target = torch.from_numpy(taught)
    per_step = (target.exp() * (target - logp)).sum(-1)
    return (per_step * torch.from_numpy(known)).sum(1)


def held_out(run: Run, folder: Path) -> dict[str, float]:
    model = run.averaged(Recogniser(run.args.size))
    result = {}
    for name in ("print", "card"):
        pool = Pool(folder / f"{name}-held-out")
        if len(pool):
            scores = measure.lines(lambda x: model(x).detach().numpy(), pool.all()[::7])
            result |= {f"{name}_{key}": round(100 * value, 2) for key, value in scores.items() if key.startswith("exact")}
    tails = [line for path in sorted((folder / "tails-held-out").glob("*")) for line in Pool(path).all()[::11]]
    if tails:
        result["tails_exact_all"] = round(100 * measure.lines(lambda x: model(x).detach().numpy(), tails)["exact_all"], 2)
    return result


def train(args: argparse.Namespace) -> Run:
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(args.seed)
    model = Recogniser(args.size).to(DEVICE, memory_format=torch.channels_last)
    run = Run(model, args, betas=(0.9, 0.98))
    printed, cards, tails = Pool(args.pool / "print"), Pool(args.pool / "card"), [Pool(args.pool / "tails" / name) for name in args.tails]
    queue, smooth = [], run.extra.get("loss")
    model.train()
    while run.going():
        if not queue:
            queue = draw(run, printed, cards, tails)
        batch = queue.pop()
        loss = loss_of(model, batch, run)
        value = loss.item()
        smooth = value if smooth is None else 0.99 * smooth + 0.01 * value
        run.extra["loss"] = smooth
        run.descend(loss, len(batch))
        if run.step % _RESCAN_EVERY == 0:
            for pool in (printed, cards, *tails):
                pool.rescan()
        if run.step % _LOG_EVERY == 0:
            scores = held_out(run, args.pool) if run.step % _MEASURE_EVERY == 0 else {}
            counts = {"lines_print": len(printed), "lines_card": len(cards)} | ({"lines_tails": sum(map(len, tails))} if tails else {})
            run.log(loss=smooth, **counts, held_out=" ".join(f"{k}={v}" for k, v in scores.items()))
    run.save()
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--tails", nargs="*", default=[], help="tails to mix in")
    parser.add_argument("--tail-share", type=float, default=0.5)
    parser.add_argument("--size", choices=SIZES, default="glancer")
    add_arguments(parser, lr=2e-3, seed=20)
    args = parser.parse_args()
    run = train(args)
    print("done", run.step, run.samples, held_out(run, args.pool), flush=True)


if __name__ == "__main__":
    main()
