"""Writes the bundled demonstration capture: assets/demo-capture/{frame-NN.jpg,capture.json,truth.json}.

A card enters, settles and is held still; `capture.json` gives each frame's time, `truth.json` what the card says, in the
evaluation set's format. Invariant: the person is invented and the NIK's serial is 0000. Same code, same bytes.
"""

import json
import random
import shutil
from pathlib import Path

import cv2

from synth import capture, card, people

SEED = "demo-capture/7"
OUT = Path(__file__).resolve().parents[2] / "assets" / "demo-capture"
TAKEN, KEPT = 24, (2, 4, 6, 9, 12, 15, 18, 20, 22)
MAX_BYTES = 1_500_000


def main() -> None:
    cv2.setNumThreads(1)
    rng = random.Random(SEED)
    printed = card.render(rng, person=people.random_person(rng, "C"), worn=False)
    shots = capture.shots(rng, printed, TAKEN, severity=0)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    frames = []
    for number, taken in enumerate(KEPT):
        name = f"frame-{number:02d}.jpg"
        (OUT / name).write_bytes(shots[taken].jpeg)
        frames.append({"file": name, "ms": taken * capture.FRAME_SPACING_MS})
    truth = {"cards": [{"file": frames[-1]["file"], "kind": "capture", "truth": printed.truth}]}
    for name, content in (("capture.json", {"frames": frames}), ("truth.json", truth)):
        (OUT / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in OUT.glob("*.jpg"))
    if total > MAX_BYTES:
        raise SystemExit(f"the capture takes {total} bytes, more than {MAX_BYTES}")
    print(f"{len(frames)} frames, {total} bytes -> {OUT}")


if __name__ == "__main__":
    main()
