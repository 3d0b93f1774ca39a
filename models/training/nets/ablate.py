"""Command: what each family of tails buys the recogniser.

Purpose: `python -m nets.ablate --from build/recogniser/checkpoint.pt --pool build/pool --out build/ablation --log logs/recogniser-ablation.csv`
fine-tunes the same weights for the same steps with the same seed: on old lines alone, with one family of tails in, and with all;
each is measured on held-out lines of every tail and of the old pools. `--table` prints the table of the log.
Invariant: rows differ in the lines trained on and in nothing else; rows that are in the log are not run again.
Deliberately lacks the choice of a model: these runs are too short to ship.
"""

import argparse
import csv
from pathlib import Path

from . import measure, train_recogniser
from .recogniser import SIZES, Recogniser
from .shards import Pool
from .training import Run, add_arguments

FAMILIES: dict[str, tuple[str, ...]] = {
    "print": ("worn", "double_strike"),
    "sampling": ("moire", "tiny", "portrait"),
    "frame": ("squeezed", "cut"),
    "light": ("cluttered", "laminate"),
    "coding": ("heavy_jpeg", "webcam"),
    "strokes": ("signed", "dense"),
}
RUNS: dict[str, tuple[str, ...] | None] = {
    "before": None,
    "old lines": (),
    **{f"+ {name}": tails for name, tails in FAMILIES.items()},
    "all tails": tuple(tail for tails in FAMILIES.values() for tail in tails),
}
"""Row of the table: tails trained on; None is not trained at all."""


def scores(run: Run, pool: Path, every: int) -> dict[str, float]:
    """Exact lines and character errors, %, of every held-out pool; of the old ones by severity."""
    model = run.averaged(Recogniser(run.args.size))
    read = lambda x: model(x).detach().numpy()
    found = {}
    for path in [*(pool / f"{name}-held-out" for name in ("print", "card")), *sorted((pool / "tails-held-out").iterdir())]:
        s = measure.lines(read, Pool(path).all()[::every])
        name, old = path.name.removesuffix("-held-out"), path.parent == pool
        for key in [f"s{k}" for k in range(4)] if old else ["all"]:
            label = f"{name}_{key}" if old else name
            found |= {f"{label}_exact": round(100 * s[f"exact_{key}"], 2), f"{label}_cer": round(100 * s[f"cer_{key}"], 3)}
    return found


def fine_tuned(args: argparse.Namespace, name: str) -> Run:
    tails = RUNS[name]
    folder = args.out / name.replace("+ ", "").replace(" ", "-")
    settings = vars(args) | {"out": folder, "log": folder / "log.csv", "tails": list(tails or ()), "steps": args.steps if tails is not None else 1}
    if tails is None:
        return Run(Recogniser(args.size), argparse.Namespace(**settings))
    return train_recogniser.train(argparse.Namespace(**settings))


def done(log: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(log.open(newline=""))) if log.exists() else []


def table(rows: list[dict[str, str]]) -> str:
    """Exact lines, %, by run and family of held-out tails; the old pools by severity."""
    head = ["trained on", *FAMILIES, "all tails", "old set lines 0 / 1 / 2 / 3", "old card lines 0 / 1 / 2 / 3"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        exact = lambda tails: sum(float(row[f"{tail}_exact"]) for tail in tails) / len(tails)
        old = [" / ".join(f"{float(row[f'{pool}_s{k}_exact']):.1f}" for k in range(4)) for pool in ("print", "card")]
        lines.append([row["run"], *[f"{exact(tails):.1f}" for tails in FAMILIES.values()], f"{exact(RUNS['all tails'] or ()):.1f}", *old])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="glancer")
    parser.add_argument("--tail-share", type=float, default=0.5)
    parser.add_argument("--every", type=int, default=2, help="measure every so many held-out lines")
    parser.add_argument("--table", action="store_true", help="print the table of the log and train nothing")
    add_arguments(parser, lr=5e-4, seed=21)
    parser.set_defaults(steps=600)
    args = parser.parse_args()
    for name in [] if args.table else RUNS:
        if name in {row["run"] for row in done(args.log)}:
            continue
        row = {"run": name, "steps": args.steps if RUNS[name] is not None else 0} | scores(fine_tuned(args, name), args.pool, args.every)
        with args.log.open("a", newline="") as file:
            writer = csv.DictWriter(file, row.keys())
            if file.tell() == 0:
                writer.writeheader()
            writer.writerow(row)
    print(table(done(args.log)))


if __name__ == "__main__":
    main()
