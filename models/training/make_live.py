"""Makes camera frames with the truth about glare and covers, for fitting and measuring the live analysis.

Writes OUT/frames/NNNN.jpg (1280×720) and OUT/truth.json: per frame what it shows (`ktp`, `nothing`, `other`), the card's
quad, two 32×20 grids over the card as strings of 0–9 (how much of a cell is covered, how much ink contrast light took), and which
fields light and things hide, or touch too much to say (`synth/legible.py`).
Invariant: people from seeds used for nothing else, NIK serial 0000; same arguments, same bytes. It decides nothing about
thresholds. Usage: `python make_live.py --out DIR [--frames N] [--seed TEXT]`.
"""

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from synth import card, documents, legible, optics, people, scenery, world
from synth.capture import HEIGHT, WIDTH, Pose, _placed
from synth.conditions import Conditions, draw_conditions
from synth.placement import Placement

COLS, ROWS = 32, 20
HIDDEN_KEYS = ("glareFields", "glareUnsure", "coveredFields", "coveredUnsure")
EFFECTS = [None] * 6 + ["glare"] * 5 + ["sheen"] * 2 + ["finger_face"] * 5 + ["object"] * 3 + [
    "finger_rim", "sleeve", "low_light", "uneven_light", "hard_shadow", "motion", "defocus", "noise", "turned"]


def drawn(rng: random.Random, effect: str | None = None) -> tuple[Conditions, Placement]:
    """Conditions of a webcam with one thing made sure of (any, unless it is named), and the card at 45 to 95 % of the frame."""
    effect = effect or rng.choice(EFFECTS)
    c = draw_conditions(rng, "webcam", rng.choice([None, 1, 2]), effect)
    c = replace(c, card_px=rng.uniform(.42, .88) * WIDTH, qualities=(rng.randint(70, 92),), resize=1.0, full_chroma=False, squeeze=1.0, cut=None,
                quarter_turns=c.quarter_turns if effect == "turned" else 0, screen=False, copied=False, rotation_deg=rng.gauss(0, 4),
                blur_w=c.blur_w if effect == "defocus" else min(c.blur_w, rng.uniform(.6, 2.2)))
    if effect == "glare":
        c = replace(c, glare=rng.choice([1, 1, 2]), glare_area=rng.uniform(.004, .07))
    if effect == "finger_face" and rng.random() < .3:
        c = replace(c, face_fingers=2)
    if c.quarter_turns in (1, 3):
        c = replace(c, card_px=rng.uniform(.36, .5) * WIDTH)
    slack = (WIDTH / HEIGHT - c.card_px / HEIGHT) / 2
    pose = Pose(rng.uniform(-.8, .8) * max(0.0, slack), rng.uniform(-.06, .06), 0.0, c.perspective, 1.0, 0.0)
    return c, _placed(c, pose)


def grid(quad: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """Means of a frame-sized float plane over the card's cells."""
    size = (COLS * 8, ROWS * 8)
    corners = np.float32([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]])
    flat = cv2.warpPerspective(plane, cv2.getPerspectiveTransform(quad.astype(np.float32), corners), size, flags=cv2.INTER_LINEAR)
    return flat.reshape(ROWS, 8, COLS, 8).mean((1, 3))


def lost_contrast(rng: random.Random, c: Conditions, printed: card.Card, placement: Placement, more: np.ndarray | None = None) -> np.ndarray:
    """Share of the contrast of ink on paper that glare, sheen and `more` light take, 0–1 per frame pixel."""
    paper = np.median(printed.image[int(.2 * printed.image.shape[0])::6, ::6].reshape(-1, 3), 0)
    state = rng.getstate()

    def contrast(conditions: Conditions, added: np.ndarray | None = None) -> np.ndarray:
        levels = []
        for colour in (paper, np.array([40, 35, 30])):
            rng.setstate(state)
            plain = np.full((placement.height, placement.width, 3), colour, np.uint8)
            lit, _ = world._lit(rng, conditions, printed, placement, plain, False)
            gray = cv2.cvtColor(lit if added is None else cv2.add(lit, cv2.merge([added] * 3)), cv2.COLOR_BGR2GRAY)
            levels.append(gray.astype(np.float32))
        return levels[0] - levels[1]

    usual, now = contrast(replace(c, glare=0, sheen=0.0)), contrast(c, more)
    rng.setstate(state)
    return np.clip(1 - now / np.maximum(usual, 8), 0, 1)


def with_card(rng: random.Random, effect: str | None = None) -> tuple[bytes, dict[str, object]]:
    """A frame with a KTP and its truth."""
    printed = someones_card(rng)
    return seen(rng, printed, *drawn(rng, effect))


def hiding(rng: random.Random) -> tuple[bytes, dict[str, object]]:
    """A frame with a KTP under a lamp, a finger or a thing, most of the time."""
    return with_card(rng, rng.choice(["glare", "glare", "finger_face", "finger_face", "object", None]))


def laminated(rng: random.Random) -> tuple[bytes, dict[str, object]]:
    """A frame with a KTP in its laminate or sleeve, in light that burns and veils nothing."""
    printed = someones_card(rng)
    c, placement = drawn(rng, "sleeve")
    return seen(rng, printed, replace(c, glare=0, sheen=0.0), placement)


def someones_card(rng: random.Random, width_px: int = 1000) -> card.Card:
    """The card of an invented person."""
    person = people.random_person(rng, people.weighted(rng, {"A": 0.14, "B": 0.2, "C": 0.66}), serial="0000")
    return card.render(rng, width_px, person=person, worn=None if rng.random() < .3 else False, heavy_share=0.0)


def seen(rng: random.Random, printed: card.Card, c: Conditions, placement: Placement) -> tuple[bytes, dict[str, object]]:
    """One frame under given conditions and its truth."""
    scene = world._surface(rng, c, placement)
    world._lay_card(rng, c, printed, placement, scene)
    if c.sleeve:
        world._sleeve(rng, placement, scene)
    cover = world._fingers(rng, c, placement, scene, careful=rng.random() < .5)
    lost = lost_contrast(rng, c, printed, placement)
    lit, _ = world._lit(rng, c, printed, placement, scene, False)
    card_px = float(np.linalg.norm(placement.quad[1] - placement.quad[0]))
    data = world._coded(c, world._sensed(rng, c, lit, card_px))
    covered = grid(placement.quad, (cover > 0).astype(np.float32))
    washed = grid(placement.quad, lost.astype(np.float32))
    hidden = legible.losses(printed, placement, cover, lost)
    (glare, glare_unsure), (things, things_unsure) = (legible.verdicts(hidden, which) for which in ("glare", "cover"))
    return data, {"shows": "ktp", "quad": placement.quad.tolist(), "cover": digits(covered), "glare": digits(washed),
                  "effects": world._effects(c), "blur_w": c.blur_w, "motion_w": c.motion_w, "gray": c.gray, "fields": printed.truth,
                  "glareFields": glare, "glareUnsure": glare_unsure, "coveredFields": things, "coveredUnsure": things_unsure}


def digits(values: np.ndarray) -> str:
    return "".join(str(min(9, int(v * 10))) for v in values.ravel())


def without_card(rng: random.Random) -> tuple[bytes, dict[str, object]]:
    """A frame without a KTP: a bare scene, a person, or another document held where a card would be."""
    scene = scenery.background(rng, WIDTH, HEIGHT, room=rng.random() < .5)
    kind, quad = rng.random(), None
    if kind < .5:
        quad = lay_document(rng, scene)
    elif kind < .8:
        documents.add_person(rng, scene)
    scenery.loose_things(rng, scene, rng.choice([0, 0, 1, 2, 5]))
    light = np.clip(scene.astype(np.float32) * rng.uniform(.5, 1.15), 0, 255).astype(np.uint8)
    picture = optics.sensor_noise(rng, optics.defocus(rng, light, rng.uniform(0, 2)), rng.uniform(.3, 4), rng.uniform(0, 2))
    truth: dict[str, object] = {"shows": "other" if quad is not None else "nothing", "quad": None if quad is None else quad.tolist()}
    return optics.encode_jpeg(picture, rng.randint(60, 92)), truth


def lay_document(rng: random.Random, scene: np.ndarray) -> np.ndarray:
    """Another card or paper, upright and large; its corners."""
    paper = rng.choice([documents.driving_licence, documents.bank_card, documents.letter, documents.screen])(rng, 900)
    h, w = paper.shape[:2]
    width = min(rng.uniform(.45, .85) * WIDTH, HEIGHT * .95 * w / h)
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [width, width * h / w]
    angle = rng.gauss(0, .06)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = (half @ turn.T + [WIDTH * rng.uniform(.45, .55), HEIGHT * rng.uniform(.48, .52)]).astype(np.float32)
    warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), quad)
    cv2.warpPerspective(paper, warp, (WIDTH, HEIGHT), dst=scene, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    return quad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=400)
    parser.add_argument("--seed", default="live")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    (arguments.out / "frames").mkdir(parents=True, exist_ok=True)
    truths = []
    for number in range(arguments.frames):
        rng = random.Random(f"{arguments.seed}/{number}")
        data, truth = without_card(rng) if number % 5 == 4 else with_card(rng)
        name = f"frames/{number:04d}.jpg"
        (arguments.out / name).write_bytes(data)
        truths.append({"file": name, **truth})
        (arguments.out / "truth.json").write_text(json.dumps({"frames": truths}))


if __name__ == "__main__":
    main()
