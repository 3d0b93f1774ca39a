"""Command: measure exported models on held-out synthetic data.

Purpose: `python -m nets.evaluate --bank build/bank --pool build/pool --recogniser ../recogniser.onnx …` prints tables for
any ONNX files with the same tensors, so that two generations compare on the same data; `--cards ../cards` writes the
tables into the model cards.
Invariant: scenes, canvases and lines come from held-out cards, words or seeds.
Deliberately lacks real pictures and whole-card figures: the product's own `eval` measures those.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from . import measure, train_linefinder, train_localiser
from .shards import Pool
from .views import CanvasPool, ScenePool

_START, _END = "<!-- measured -->", "<!-- /measured -->"


def runner(path: Path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(x):
        # One at a time: the exported nets have a fixed batch of one.
        rows = [session.run(None, {name: np.ascontiguousarray(row[None].numpy())}) for row in x]
        joined = [np.concatenate(parts) for parts in zip(*rows)]
        return joined if len(joined) > 1 else joined[0]

    return run


def _table(head: list[str], rows: list[list]) -> str:
    show = lambda value: f"{value:.2f}" if isinstance(value, float) else str(value)
    lines = [head, ["---"] * len(head), *[[show(v) for v in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def recogniser_table(path: Path, pool: Path) -> str:
    run, rows = runner(path), []
    tails = sorted((pool / "tails-held-out").glob("*"))
    folders = [("set lines", pool / "print-held-out"), ("lines cut from photographed cards", pool / "card-held-out"), *((f"tail: {t.name}", t) for t in tails)]
    for name, folder in folders:
        items = Pool(folder).all()
        if items:
            s = measure.lines(run, items)
            severities = [f"{100 * s[f'cer_s{k}']:.2f} / {100 * s[f'exact_s{k}']:.1f}" if f"cer_s{k}" in s else "-" for k in range(4)]
            niks = [f"{100 * s[f'exact_nik16_s{k}']:.1f}" if f"exact_nik16_s{k}" in s else "-" for k in range(4)]
            rows.append([name, len(items), *severities, " / ".join(niks)])
    head = ["held-out lines", "n", "severity 0: CER % / exact %", "1", "2", "3", "NIK exact %, 16-digit decode, severity 0 / 1 / 2 / 3"]
    return _table(head, rows)


def localiser_table(path: Path, bank: Path, pool: Path, count: int) -> str:
    run = runner(path)
    sets = [("composed scenes", train_localiser.held_out_scenes(bank, count)), ("photographed scenes", ScenePool(pool / "scenes-held-out").items)]
    head = ["held-out scenes", "n", "worst corner, % of width: median", "p75", "below 3 %", "below 5 %", "over 20 %", "card / no card right"]
    rows = []
    for name, scenes in sets:
        if scenes:
            s = train_localiser.score(run, scenes)
            shares = [f"{100 * s[k]:.1f} %" for k in ("below3", "below5", "lost20", "presence")]
            rows.append([name, len(scenes), s["median"], s["p75"], *shares])
    return _table(head, rows)


def linefinder_table(path: Path, bank: Path, pool: Path, count: int) -> str:
    run = runner(path)
    sets = [("composed canvases", train_linefinder.held_out_canvases(bank, count)), ("photographed canvases", CanvasPool(pool / "canvases-held-out").items)]
    rows = []
    for name, canvases in sets:
        if canvases:
            s = train_linefinder.score(run, canvases)
            rows.append([name, len(canvases), *[f"{100 * s[k]:.1f} %" for k in ("whole", "values", "labels")], s["found_per_true"]])
    return _table(["held-out canvases", "n", "lines found whole", "values", "labels", "found per true line"], rows)


def _write(card: Path, table: str) -> None:
    before, rest = card.read_text().split(_START)
    card.write_text(before + _START + "\n" + table + "\n" + _END + rest.split(_END)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--recogniser", type=Path)
    parser.add_argument("--glancer", type=Path)
    parser.add_argument("--localiser", type=Path)
    parser.add_argument("--line-finder", type=Path)
    parser.add_argument("--cards", type=Path, help="folder of model cards to write the tables into")
    parser.add_argument("--scenes", type=int, default=300)
    parser.add_argument("--canvases", type=int, default=60)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    tables = {}
    if args.localiser:
        tables["localiser"] = localiser_table(args.localiser, args.bank, args.pool, args.scenes)
    if args.line_finder:
        tables["line-finder"] = linefinder_table(args.line_finder, args.bank, args.pool, args.canvases)
    for name, path in (("recogniser", args.recogniser), ("glancer", args.glancer)):
        if path:
            tables[name] = recogniser_table(path, args.pool)
    for name, table in tables.items():
        print(f"## {name}\n\n{table}\n", flush=True)
        if args.cards:
            _write(args.cards / f"{name}.md", table)


if __name__ == "__main__":
    main()
