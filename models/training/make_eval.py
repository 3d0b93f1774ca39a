"""Writes the fixed evaluation set: tests/data/ktp-eval/{truth.json,images/*.jpg}, 80 pictures of each severity 0–3.

Invariant: people and cards come from seeds used for nothing else, every NIK has serial 0000, and up to severity 2 every
printed value is whole and in the picture; at severity 3 a covered value stays in the truth (`hidden` names it).
Usage: `python make_eval.py [--out DIR] [--seed NAME]`. Same code and seed, same bytes; another seed gives fresh cards.
"""

import argparse
import json
import random
import shutil
from pathlib import Path

import cv2

from synth import card, people, world

PER_SEVERITY = 80
MAX_SIDE_PX = 1000
TEMPLATES = {"A": 0.14, "B": 0.2, "C": 0.66}
PROFILES = ({"scan": 4, "photo": 5, "webcam": 2}, {"scan": 3, "photo": 5, "webcam": 3}, {"scan": 2, "photo": 5, "webcam": 4},
            {"scan": 1, "photo": 5, "webcam": 4})
COMMITTED = "ktp-eval"
DEFAULT_OUT = Path(__file__).resolve().parents[2] / "tests" / "data" / "ktp-eval"


def worn(rng: random.Random, severity: int) -> bool | None:
    """Clean cards are unworn, good and mediocre ones as worn as measured, some bad ones heavily."""
    if severity == 0:
        return False
    return True if severity == 3 and rng.random() < 0.15 else None


def picture(seed: str, severity: int, number: int) -> tuple[world.Shot, dict[str, str]]:
    """One graded picture and its truth; draws again where a value was covered below severity 3."""
    for attempt in range(50):
        rng = random.Random(f"{seed}/{severity}/{number}/{attempt}")
        person = people.random_person(rng, people.weighted(rng, TEMPLATES), serial="0000")
        printed = card.render(rng, person=person, worn=worn(rng, severity), heavy_share=0.0)
        shot = world.photograph(rng, printed, people.weighted(rng, PROFILES[severity]), severity, max_side_px=MAX_SIDE_PX)
        if severity == 3 or not shot.hidden_fields:
            return shot, printed.truth
    raise RuntimeError("no picture with all values visible in 50 draws")


def write(out: Path, seed: str) -> None:
    """Writes all pictures and their truth beside `out`, then puts them in its place: `out` is never half written."""
    final, out = out, out.with_name(out.name + ".new")
    shutil.rmtree(out, ignore_errors=True)
    (out / "images").mkdir(parents=True)
    cards = []
    for severity in range(len(PROFILES)):
        for number in range(PER_SEVERITY):
            shot, truth = picture(seed, severity, number)
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
