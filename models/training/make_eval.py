"""Writes the fixed evaluation set: tests/data/ktp-eval/{truth.json,images/*.jpg}, 80 pictures of each severity 0–3.

Invariant: people and cards come from seeds used for nothing else, every NIK has serial 0000, and up to severity 2 every
printed value is whole and in the picture; at severity 3 a covered value stays in the truth (`hidden` names it).
Usage: `python make_eval.py [--out DIR] [--seed NAME]`. Same code and seed, same bytes; another seed gives fresh cards.
"""

import argparse
import json
import shutil
from pathlib import Path

import cv2

from synth import graded

PER_SEVERITY = 80
COMMITTED = "ktp-eval"
DEFAULT_OUT = Path(__file__).resolve().parents[2] / "tests" / "data" / "ktp-eval"


def write(out: Path, seed: str) -> None:
    """Writes all pictures and their truth beside `out`, then puts them in its place: `out` is never half written."""
    final, out = out, out.with_name(out.name + ".new")
    shutil.rmtree(out, ignore_errors=True)
    (out / "images").mkdir(parents=True)
    cards = []
    for severity in range(len(graded.PROFILES)):
        for number in range(PER_SEVERITY):
            shot, truth = graded.picture(f"{seed}/{severity}/{number}", severity)
            name = f"images/s{severity}-{number:02d}.jpg"
            (out / name).write_bytes(shot.jpeg)
            cards.append({"file": name, "kind": f"severity{severity}", "profile": shot.kind, "effects": shot.effects,
                          "hidden": shot.hidden_fields, "truth": truth})
    text = json.dumps({"cards": cards}, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in out.rglob("*.jpg"))
    shutil.rmtree(final, ignore_errors=True)
    out.rename(final)
    print(f"{len(cards)} pictures, {total / 1e6:.1f} MB -> {final}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--seed", default=COMMITTED)
    cv2.setNumThreads(1)
    args = parser.parse_args()
    if args.seed != COMMITTED and args.out == DEFAULT_OUT:
        parser.error("cards of another seed need a folder of their own: --out")
    write(args.out, args.seed)


if __name__ == "__main__":
    main()
