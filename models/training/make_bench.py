"""Writes a benchmark of reading: DIR/{truth.json,images/*.jpg}, for `loketctl bench ktp` and whoever wants to repeat it.

Groups: N pictures of each severity 0–3; N/4 good photographs of each of twelve single effects; N/4 bursts of five frames
of one held card; N/2 frames without a card; N camera frames of cards that light or hands may hide, and N/2 of laminated cards in
light that hides nothing, for the live analysis. `truth.json` is that of the evaluation set, with the card's corners in the
picture (`quad`: TL, TR, BR, BL of the card itself), the burst a frame belongs to (`sequence`), no truth without a card, and for camera
frames what hides which fields (`glareFields`, `coveredFields`).
Invariant: same code, seed and N, same bytes. What is there already from the same three is not drawn again.
Usage: `python make_bench.py --out DIR [--seed NAME] [--cards N]`; tells one line a picture.
"""

import argparse
import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

import make_live
from synth import graded, optics, people, world
from synth.conditions import Conditions, draw_conditions, lognormal
from synth.placement import Placement, place

SINGLE_EFFECTS = ("glare", "sheen", "finger_rim", "finger_face", "sleeve", "motion", "defocus", "low_light", "uneven_light",
                  "hard_shadow", "photocopy", "turned")
EFFECT_PROFILES = {"photo": 5, "webcam": 3}
LIVE_FRAMES = {"live": make_live.hiding, "laminated": make_live.laminated}
BURST_FRAMES = 5
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Job:
    """One thing to draw: a picture, or a burst of them."""

    group: str
    number: int
    frames: int = 1

    @property
    def names(self) -> list[str]:
        """The files it becomes."""
        stem = "images/" + self.group.replace("/", "-") + f"-{self.number:03d}"
        return [f"{stem}.jpg"] if self.frames == 1 else [f"{stem}-{k}.jpg" for k in range(self.frames)]


def jobs(cards: int) -> list[Job]:
    """Everything a benchmark of `cards` a severity holds, in its order."""
    few = max(1, cards // 4)
    found = [Job(f"severity{severity}", k) for severity in range(len(graded.PROFILES)) for k in range(cards)]
    found += [Job(effect, k) for effect in SINGLE_EFFECTS for k in range(few)]
    found += [Job("sequence", k, BURST_FRAMES) for k in range(few)]
    found += [Job("no-card", k) for k in range(max(1, cards // 2))]
    return found + [Job("live", k) for k in range(cards)] + [Job("laminated", k) for k in range(max(1, cards // 2))]


def entry_of(name: str, group: str, shot: world.Shot, truth: dict[str, str]) -> dict[str, object]:
    quad = [[round(float(v), 2) for v in corner] for corner in shot.quad]
    return {"file": name, "kind": group, "profile": shot.kind, "effects": shot.effects, "hidden": shot.hidden_fields,
            "quad": quad, "truth": truth}


def _with_effect(key: str, effect: str) -> tuple[world.Shot, dict[str, str]]:
    """A good photograph but for one effect, which may cover values."""
    rng = random.Random(key)
    printed = graded.print_card(rng, 1)
    profile = people.weighted(rng, EFFECT_PROFILES)
    return world.photograph(rng, printed, profile, 1, effect, max_side_px=graded.MAX_SIDE_PX), printed.truth


def held(rng: random.Random, base: Placement) -> Placement:
    """Where the hand holds the card a moment later: shifted, turned, tilted and nearer by a little."""
    centre, card_px = base.quad.mean(0), float(np.linalg.norm(base.quad[1] - base.quad[0]))
    angle, size = np.deg2rad(rng.gauss(0, .7)), rng.gauss(1, .008)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * size
    tilt = np.array([[rng.gauss(0, .003), rng.gauss(0, .003)] for _ in range(4)]) * card_px
    shift = np.array([rng.gauss(0, .006), rng.gauss(0, .006)]) * card_px
    quad = (base.quad - centre) @ turn.T + centre + shift + tilt
    return Placement(base.width, base.height, quad.astype(np.float32))


def _moment(rng: random.Random, c: Conditions) -> Conditions:
    """The same scene a moment later: focus hunts, the hand shakes, the exposure and its noise swing."""
    shaken = rng.uniform(1.5, 5) if rng.random() < .25 else 0.0
    return replace(c, blur_w=lognormal(rng, c.blur_w, .25, .4, 4.0), motion_w=shaken, gray=min(245.0, c.gray * lognormal(rng, 1, .08, .8, 1.2)),
                   luma=c.luma * lognormal(rng, 1, .2, .6, 1.6))


def burst(key: str, severity: int, frames: int) -> tuple[list[world.Shot], dict[str, str]]:
    """Frames of one held card before one webcam; draws again where a value is covered in every frame."""
    for attempt in range(graded.ATTEMPTS):
        rng = random.Random(f"{key}/{attempt}")
        printed = graded.print_card(rng, severity)
        c = draw_conditions(rng, "webcam", severity, None)
        base = place(rng, c, graded.MAX_SIDE_PX)
        scene = rng.getrandbits(64)
        shots = [world.expose(random.Random(scene), rng, printed, _moment(rng, c), held(rng, base), careful=severity <= 2)
                 for _ in range(frames)]
        if not set.intersection(*(set(shot.hidden_fields) for shot in shots)):
            return shots, printed.truth
    raise RuntimeError("no burst that shows every value in 50 draws")


def draw(job: Job, seed: str) -> Iterator[tuple[bytes, dict[str, object]]]:
    """A job's pictures and their entries in the truth file."""
    key = f"{seed}/{job.group}/{job.number}"
    if job.group == "no-card":
        rng = random.Random(key)
        yield optics.encode_jpeg(world.negative(rng), rng.randint(60, 92)), {"file": job.names[0], "kind": job.group, "truth": {}}
    elif job.group in LIVE_FRAMES:
        jpeg, seen = LIVE_FRAMES[job.group](random.Random(key))
        kept = {name: seen[name] for name in ("quad", "effects", *make_live.HIDDEN_KEYS)}
        yield jpeg, {"file": job.names[0], "kind": job.group, **kept, "truth": {}}
    elif job.group == "sequence":
        # Every other card is a bad one: on good ones there is nothing for a second frame to add.
        shots, truth = burst(key, 2 + job.number % 2, job.frames)
        for name, shot in zip(job.names, shots, strict=True):
            yield shot.jpeg, entry_of(name, job.group, shot, truth) | {"sequence": f"{job.number:03d}"}
    else:
        graded_one = job.group.startswith("severity")
        shot, truth = graded.picture(key, int(job.group[-1])) if graded_one else _with_effect(key, job.group)
        yield shot.jpeg, entry_of(job.names[0], job.group, shot, truth)


def recipe(seed: str, cards: int, *scripts: str) -> dict[str, object]:
    """What the bytes depend on: another recipe, other pictures."""
    digest = hashlib.sha256()
    drawn_by = ("make_bench.py", "make_live.py", *scripts)
    for path in sorted([*(HERE / script for script in drawn_by), *(HERE / "synth").rglob("*.py"), *(HERE / "synth").rglob("*.tsv")]):
        digest.update(path.read_bytes())
    return {"seed": seed, "cards": cards, "sources": digest.hexdigest()}


def kept(out: Path, wanted: dict[str, object]) -> dict[str, dict[str, object]]:
    """Entries by file of what an earlier, perhaps interrupted run of the same recipe has written; clears another recipe's."""
    log = out / "drawn.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    if not log.exists() and out.exists() and any(out.iterdir()):
        raise SystemExit(f"{out} holds something else: name a new folder")
    if not lines or json.loads(lines[0]) != wanted:
        shutil.rmtree(out / "images", ignore_errors=True)
        (out / "truth.json").unlink(missing_ok=True)
        (out / "images").mkdir(parents=True)
        log.write_text(json.dumps(wanted) + "\n", encoding="utf-8")
        return {}
    # A line is whole only with its end: the last may have been cut off.
    whole = lines[1:] if log.read_text(encoding="utf-8").endswith("\n") else lines[1:-1]
    entries = (json.loads(line) for line in whole)
    return {entry["file"]: entry for entry in entries if (out / entry["file"]).exists()}


Draw = Callable[[Job, str], Iterator[tuple[bytes, dict[str, object]]]]


def write(out: Path, seed: str, wanted: list[Job], made_by: dict[str, object], draw: Draw = draw) -> None:
    """Draws what is missing, one line of progress a picture, and then the truth of all."""
    entries, total, told = kept(out, made_by), sum(job.frames for job in wanted), 0
    with (out / "drawn.jsonl").open("a", encoding="utf-8") as log:
        for job in wanted:
            if any(name not in entries for name in job.names):
                for jpeg, entry in draw(job, seed):
                    (out / entry["file"]).write_bytes(jpeg)
                    entries[entry["file"]] = entry
                    log.write(json.dumps(entry, ensure_ascii=False) + "\n")
                log.flush()
            for name in job.names:
                told += 1
                print(f"{told}/{total} {name}", flush=True)
    cards = [entries[name] for job in wanted for name in job.names]
    text = json.dumps({"recipe": made_by, "cards": cards}, ensure_ascii=False, indent=1)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")


def command(description: str, name: str, cards: int, wanted: Callable[[int], list[Job]], *scripts: str, drawn: Draw = draw) -> None:
    """The command line that this benchmark and its sisters share: seeds named `name/SEED`, recipes with further scripts."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--cards", type=int, default=cards)
    args = parser.parse_args()
    if args.cards < 1:
        parser.error("--cards must be at least 1")
    cv2.setNumThreads(1)
    write(args.out, f"{name}/{args.seed}", wanted(args.cards), recipe(args.seed, args.cards, *scripts), drawn)


if __name__ == "__main__":
    command(__doc__, "bench", 40, jobs)
