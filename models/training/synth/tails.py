"""The rare ends of reality by name: what real cards and pictures show now and then and the measured medians do not hold.

Invariant: `TAILS` is closed; a tail changes only what its name says and can be drawn alone; without one nothing draws another
random number than before, so that fixed sets keep their bytes. Tails of the print are carried out by `card`, the others by `world`.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from .card import Card
from .conditions import Conditions, draw_conditions, lognormal, normal
from .people import weighted
from .world import Shot, shoot

PRINTED = ("worn", "double_strike", "signed")
"""Tails of the card itself; its pictures are ordinary."""
PHOTOGRAPHED = ("moire", "tiny", "portrait", "squeezed", "cut", "cluttered", "laminate", "heavy_jpeg", "webcam")
TAILS = PRINTED + PHOTOGRAPHED
_PORTRAIT_SIDE_PX = 1700  # upright frames are long: scaled to less, a small card in one could not be read by anybody
_ORDINARY = {"photo": 5, "webcam": 3, "scan": 2}
_PROFILES = {
    "moire": {"scan": 1, "photo": 1}, "tiny": {"scan": 2, "photo": 3}, "portrait": {"photo": 1}, "squeezed": {"scan": 1, "photo": 3},
    "cluttered": {"photo": 1}, "laminate": {"photo": 3, "webcam": 2}, "heavy_jpeg": {"scan": 1, "photo": 3, "webcam": 1}, "webcam": {"webcam": 1},
}


def _moire(rng: random.Random, c: Conditions) -> dict[str, object]:
    """Point-sampled at half to a third of the artwork's size: the guilloche beats with the pixels."""
    return {"alias": True, "card_px": rng.uniform(330, 620), "min_card_px": 0.0, "blur_w": rng.uniform(0, .8), "motion_w": 0.0, "soften_px": 0.0,
            "uneven": False, "screen": rng.random() < .3, "resize": rng.uniform(1.2, 2.0) if rng.random() < .3 else 1.0}


def _tiny(rng: random.Random, c: Conditions) -> dict[str, object]:
    """About 300 px wide, half of them enlarged again by whoever passed them on."""
    return {"card_px": lognormal(rng, 325, .13, 260, 420), "min_card_px": 0.0, "fill": rng.uniform(.85, 1.0), "frame_aspect": rng.uniform(1.4, 1.7),
            "blur_w": rng.uniform(.6, 2.2), "motion_w": 0.0, "resize": rng.uniform(1.4, 3.0) if rng.random() < .5 else 1.0,
            "qualities": (rng.randint(72, 92), rng.randint(60, 90))}


def _portrait(rng: random.Random, c: Conditions) -> dict[str, object]:
    """A small card in an upright phone frame among other things."""
    return {"frame_aspect": rng.choice([.5625, .75]), "fill": rng.uniform(.35, .68), "card_px": rng.uniform(330, 620), "min_card_px": 0.0,
            "cut": None, "clutter": rng.choice([0, 1, 2, 4]), "resize": 1.0, "qualities": (rng.randint(75, 92), rng.randint(60, 88))}


def _squeezed(rng: random.Random, c: Conditions) -> dict[str, object]:
    return {"squeeze": rng.uniform(.62, .82) if rng.random() < .5 else rng.uniform(1.22, 1.5)}


def _cut(rng: random.Random, c: Conditions) -> dict[str, object]:
    """Out of the frame by so much that text is cut through."""
    side = rng.choice(["left", "left", "right", "right", "bottom", "top"])
    low, high = {"left": (.05, .40), "right": (.12, .55), "bottom": (.1, .4), "top": (.06, .3)}[side]
    return {"cut": (side, rng.uniform(low, high)), "quarter_turns": 0}


def _cluttered(rng: random.Random, c: Conditions) -> dict[str, object]:
    """A phone photograph on a full desk, with the shadow of the phone, a hand or a window bar."""
    return {"clutter": rng.randint(4, 9), "fill": rng.uniform(.35, .7), "frame_aspect": rng.choice([.75, 1.3333, 1.7778]), "shadow": "cast",
            "cut": None, "hand_behind": rng.random() < .2}


def _laminate(rng: random.Random, c: Conditions) -> dict[str, object]:
    return {"laminate": True, "glare": rng.choice([0, 0, 1]), "glare_area": rng.uniform(.002, .015)}


def _heavy_jpeg(rng: random.Random, c: Conditions) -> dict[str, object]:
    """Two coarse generations, half of them on another grid."""
    resize = rng.choice([1.0, 1.0, rng.uniform(.7, .95), rng.uniform(1.05, 1.4)])
    return {"qualities": (rng.randint(30, 60), rng.randint(30, 60)), "resize": resize, "full_chroma": False}


def _webcam(rng: random.Random, c: Conditions) -> dict[str, object]:
    """The estimated counter camera at its worse end: smeared noise, halos, flicker, two coarse codings, wide white balance."""
    return {"card_px": rng.uniform(400, 820), "min_card_px": 0.0, "blur_w": lognormal(rng, 2.2, .22, 1.5, 3.5), "luma": rng.uniform(2, 5),
            "denoise": rng.uniform(.3, 1.0), "flicker": rng.uniform(.05, .25) if rng.random() < .4 else 0.0, "halo": rng.uniform(.3, 1.1),
            "gray": normal(rng, 172, 48, 80, 252), "burn": rng.uniform(.05, .25) if rng.random() < .12 else 0.0, "red_green": rng.uniform(.65, 1.15),
            "rotation_deg": normal(rng, 0, 7, -16, 16), "glare": int(rng.random() < .35), "glare_area": rng.uniform(.01, .06),
            "motion_w": rng.uniform(1.5, 4.5) if rng.random() < .3 else 0.0, "qualities": (rng.randint(50, 75), rng.randint(50, 75)), "resize": 1.0}


_CHANGES: dict[str, Callable[[random.Random, Conditions], dict[str, object]]] = {
    "moire": _moire, "tiny": _tiny, "portrait": _portrait, "squeezed": _squeezed, "cut": _cut, "cluttered": _cluttered, "laminate": _laminate,
    "heavy_jpeg": _heavy_jpeg, "webcam": _webcam,
}


def tail_conditions(rng: random.Random, tail: str, severity: int | None) -> Conditions:
    """Ordinary conditions of a fitting profile, with one tail made sure of."""
    c = draw_conditions(rng, weighted(rng, _PROFILES.get(tail, _ORDINARY)), severity, None)
    return replace(c, **_CHANGES[tail](rng, c)) if tail in _CHANGES else c


def photograph_tail(rng: random.Random, card: Card, tail: str, severity: int | None = None, max_side_px: int = 1100) -> Shot:
    """One picture of a card that has the tail (printed ones: of a card rendered with it). It may hide values: `hidden_fields` says which."""
    if tail not in TAILS:
        raise ValueError(f"{tail} is none of {', '.join(TAILS)}")
    side_px = max(max_side_px, _PORTRAIT_SIDE_PX) if tail == "portrait" else max_side_px
    return shoot(rng, card, tail_conditions(rng, tail, severity), side_px)
