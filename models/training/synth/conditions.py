"""Draws the conditions of one photograph: geometry, light, blur, noise, coding, and what gets in the way.

Invariant: with `severity=None` the draws follow the distributions measured on real pictures; severities 0–3 override them
with flat and clean, good, mediocre and bad pictures. It only draws numbers; `world` carries them out.
"""

import math
import random
from dataclasses import dataclass, replace

PROFILES = ("scan", "photo", "webcam")
EFFECTS = ("glare", "sheen", "finger_rim", "finger_face", "object", "sleeve", "motion", "defocus", "low_light", "uneven_light",
           "hard_shadow", "photocopy", "screen", "squeeze", "cut", "turned", "far", "noise", "low_quality")


@dataclass(frozen=True)
class Conditions:
    """Everything `world` needs to know. Lengths ending in `_w` are thousandths of the card width."""

    profile: str
    card_px: float
    frame_aspect: float
    fill: float
    rotation_deg: float = 0.0
    quarter_turns: int = 0
    perspective: tuple[float, float] = (0.0, 0.0)
    squeeze: float = 1.0
    cut: tuple[str, float] | None = None
    gray: float = 215.0
    red_green: float = 0.87
    blue_green: float = 1.08
    burn: float = 0.0
    lift: float = 0.0
    ramp: float = 1.05
    shadow: str = ""
    sheen: float = 0.0
    fade: bool = False
    glare: int = 0
    glare_area: float = 0.0
    blur_w: float = 0.8
    uneven: bool = False
    motion_w: float = 0.0
    halo: float = 0.0
    luma: float = 1.0
    chroma: float = 0.5
    soften_px: float = 0.0
    denoise: float = 0.0
    flicker: float = 0.0
    alias: bool = False
    screen: bool = False
    copied: bool = False
    sleeve: bool = False
    laminate: bool = False
    rim_fingers: int = 0
    face_fingers: int = 0
    objects: int = 0
    clutter: int = 0
    hand_behind: bool = False
    qualities: tuple[int, ...] = (88,)
    full_chroma: bool = False
    resize: float = 1.0
    min_card_px: float = 0.0
    spots: tuple[tuple[float, float, float, float, float], ...] = ()


def lognormal(rng: random.Random, median: float, spread: float, low: float, high: float) -> float:
    """A clipped lognormal draw by its median and the spread of its logarithm."""
    return min(high, max(low, median * math.exp(rng.gauss(0.0, spread))))


def normal(rng: random.Random, mean: float, spread: float, low: float, high: float) -> float:
    """A clipped normal draw."""
    return min(high, max(low, rng.gauss(mean, spread)))


def _chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def _scan(rng: random.Random) -> Conditions:
    quality = rng.choices([(70, 80), (86, 91), (94, 99)], [25, 45, 30])[0]
    clipped = _chance(rng, 0.4)
    return Conditions(
        "scan", lognormal(rng, 800, .35, 450, 1650), rng.uniform(1.52, 1.65),
        rng.uniform(.97, 1.0) if _chance(rng, .5) else rng.uniform(.84, .98),
        rotation_deg=0.0 if _chance(rng, .5) else rng.gauss(0, .4), perspective=(rng.gauss(0, .004), rng.gauss(0, .004)),
        squeeze=rng.gauss(1, .015), cut=_side_cut(rng) if _chance(rng, .15) else None,
        gray=normal(rng, 220, 23, 180, 248), red_green=normal(rng, .872, .09, .66, 1.0),
        blue_green=normal(rng, 1.085, .055, 1.0, 1.22), burn=rng.uniform(0.02, 0.09) if clipped else 0.0,
        lift=rng.uniform(5, 62) if _chance(rng, .12) else normal(rng, -72, 29, -125, 5), ramp=lognormal(rng, 1.085, .055, 1.01, 1.3),
        fade=_chance(rng, .05), blur_w=lognormal(rng, .78, .6, .1, 2.0) if _chance(rng, .85) else 0.0,
        halo=rng.uniform(.15, .7) if _chance(rng, .5) else 0.0, luma=lognormal(rng, .8, .5, .2, 3.5), chroma=rng.uniform(0, .7),
        alias=_chance(rng, .1), qualities=(rng.randint(*quality),), full_chroma=_chance(rng, .25),
        resize=rng.uniform(.75, 1.2) if _chance(rng, .1) else 1.0,
    )


def _side_cut(rng: random.Random) -> tuple[str, float]:
    return rng.choice(["left", "right", "top", "bottom"]), rng.uniform(.02, .05)


def _photo_frame(rng: random.Random) -> dict[str, object]:
    """Half crops from the web, half whole camera frames."""
    if _chance(rng, .5):
        cut = None
        if _chance(rng, .35):
            cut = ("bottom", rng.uniform(.03, .22)) if _chance(rng, .6) else _side_cut(rng)
        return {"card_px": lognormal(rng, 720, .40, 370, 1800), "fill": rng.uniform(.88, 1.02),
                "frame_aspect": rng.uniform(1.4, 1.75), "cut": cut, "qualities": (rng.randint(75, 95), rng.randint(75, 93))}
    aspect = rng.choice([.75, .75, .5625, 1.0, 1.3333, 1.7778])
    return {"card_px": lognormal(rng, 1150, .45, 450, 2200), "fill": rng.uniform(.25, .55) if _chance(rng, .1) else rng.uniform(.55, .95),
            "frame_aspect": aspect, "clutter": rng.choice([0, 0, 0, 1, 2, 4]), "qualities": (rng.randint(80, 95), rng.randint(72, 92))}


def _photo(rng: random.Random) -> Conditions:
    frame = _photo_frame(rng)
    first, last = frame.pop("qualities")
    rotation = rng.uniform(-8, 8) if _chance(rng, .05) else rng.gauss(0, 1.6)
    return Conditions(
        "photo", **frame, rotation_deg=rotation, perspective=(rng.gauss(0, .035), rng.gauss(0, .035)),
        squeeze=rng.uniform(.65, 1.35) if _chance(rng, .03) else rng.gauss(1, .02),
        gray=normal(rng, 172, 48, 92, 240), red_green=normal(rng, .87, .115, .55, 1.06),
        blue_green=normal(rng, 1.08, .095, .90, 1.38), burn=rng.uniform(.02, .15) if _chance(rng, .05) else 0.0,
        lift=rng.uniform(25, 95) if _chance(rng, .16) else normal(rng, -50, 31, -105, 40),
        ramp=1.0 + lognormal(rng, .17, 1.05, .03, 1.0), shadow=rng.choices(["", "soft", "hard"], [74, 21, 5])[0],
        sheen=rng.uniform(20, 80) if _chance(rng, .15) else 0.0, fade=_chance(rng, .25),
        glare=rng.choice([1, 1, 2]) if _chance(rng, .12) else 0, glare_area=rng.uniform(.003, .02),
        blur_w=lognormal(rng, 1.41, .50, .42, 3.1), uneven=_chance(rng, .08), motion_w=rng.uniform(1.5, 5) if _chance(rng, .05) else 0.0,
        halo=rng.uniform(.1, .5) if _chance(rng, .22) else 0.0, luma=rng.uniform(3, 5) if _chance(rng, .06) else lognormal(rng, 1.55, .74, .2, 4.8),
        chroma=rng.uniform(.2, 1.2), alias=_chance(rng, .05), screen=_chance(rng, .03), sleeve=_chance(rng, .02),
        rim_fingers=rng.choice([1, 2, 3, 4]) if _chance(rng, .22) else 0, face_fingers=int(_chance(rng, .05)),
        hand_behind=_chance(rng, .15), qualities=(first, 50 if _chance(rng, .1) else last), full_chroma=_chance(rng, .08),
        resize=rng.uniform(.6, .95) if _chance(rng, .35) else 1.0,
    )


def _webcam(rng: random.Random) -> Conditions:
    return Conditions(
        "webcam", rng.uniform(380, 900), rng.choice([1.7778, 1.7778, 1.3333]), rng.uniform(.31, .82),
        rotation_deg=rng.gauss(0, 6), perspective=(rng.gauss(0, .06), rng.gauss(0, .06)), squeeze=rng.gauss(1, .015),
        gray=normal(rng, 170, 40, 90, 245), red_green=normal(rng, .88, .12, .60, 1.15), blue_green=normal(rng, 1.07, .11, .80, 1.4),
        burn=rng.uniform(.05, .2) if _chance(rng, .1) else 0.0, lift=normal(rng, 0, 32, -60, 75), ramp=1.0 + lognormal(rng, .2, .6, .03, .8),
        shadow=rng.choices(["", "soft", "hard"], [80, 17, 3])[0], sheen=rng.uniform(15, 70) if _chance(rng, .25) else 0.0,
        fade=_chance(rng, .15), glare=rng.choice([1, 1, 2]) if _chance(rng, .35) else 0, glare_area=rng.uniform(.01, .07),
        blur_w=lognormal(rng, 2.1, .28, 1.2, 3.6), uneven=_chance(rng, .1), motion_w=rng.uniform(2, 7) if _chance(rng, .25) else 0.0,
        halo=rng.uniform(.2, .7) if _chance(rng, .7) else 0.0, luma=rng.uniform(.8, 3.6), chroma=rng.uniform(.4, 2), soften_px=rng.uniform(.3, .6),
        sleeve=_chance(rng, .05), rim_fingers=rng.choice([1, 2, 3, 4, 4]) if _chance(rng, .65) else 0,
        face_fingers=int(_chance(rng, .1)), hand_behind=_chance(rng, .3), clutter=rng.choice([0, 0, 1, 3]),
        qualities=(rng.randint(55, 85),),
    )


def _clean(rng: random.Random, c: Conditions) -> Conditions:
    """Severity 0: flat, whole, well lit."""
    scan = c.profile == "scan"
    return replace(
        c, card_px=max(c.card_px, 660.0), min_card_px=620.0, fill=c.fill if scan else rng.uniform(.62, .97), cut=None, rotation_deg=normal(rng, 0, .8, -2, 2),
        perspective=(rng.gauss(0, .008), rng.gauss(0, .008)), squeeze=rng.gauss(1, .008), gray=max(c.gray, 165.0), burn=0.0,
        lift=normal(rng, -20, 20, -60, 25), ramp=rng.uniform(1.0, 1.12), shadow="", sheen=0.0, fade=False, glare=0,
        blur_w=lognormal(rng, .7 if scan else 1.05, .3, .2, 1.5), uneven=False, motion_w=0.0, luma=min(c.luma, 1.5), alias=False, screen=False,
        sleeve=False, face_fingers=0, objects=0, qualities=(rng.randint(80, 92),), resize=1.0,
    )


def _good(rng: random.Random, c: Conditions) -> Conditions:
    """Severity 1: what a decent phone or webcam gives on a good day."""
    return replace(
        c, card_px=max(c.card_px, 560.0), min_card_px=540.0, fill=max(c.fill, .45), cut=None, rotation_deg=normal(rng, 0, 3, -9, 9),
        perspective=(rng.gauss(0, .03), rng.gauss(0, .03)), squeeze=normal(rng, 1, .02, .95, 1.05), gray=max(c.gray, 125.0), burn=min(c.burn, .06),
        lift=min(c.lift, 50.0), ramp=min(c.ramp, 1.35), shadow="" if c.shadow == "hard" else c.shadow, sheen=min(c.sheen, 35.0),
        glare=int(_chance(rng, .08)), glare_area=rng.uniform(.003, .012), blur_w=lognormal(rng, 1.35, .28, .6, 2.1),
        motion_w=0.0, luma=min(c.luma, 2.5), screen=False, sleeve=False, face_fingers=0, objects=0, qualities=(rng.randint(78, 92),), resize=1.0,
    )


def _mediocre(rng: random.Random, c: Conditions) -> Conditions:
    """Severity 2: blur, tilt, glare beside the text, coarse JPEG, uneven light; every value can still be read."""
    return replace(
        c, card_px=max(c.card_px, 470.0), min_card_px=480.0, fill=max(min(c.fill, .95), .38), cut=None,
        rotation_deg=rng.uniform(-25, 25) if _chance(rng, .12) else rng.gauss(0, 5), quarter_turns=rng.choice([1, 2, 3]) if _chance(rng, .06) else 0,
        perspective=(rng.gauss(0, .06), rng.gauss(0, .06)), gray=normal(rng, 150, 32, 85, 235), lift=rng.uniform(-30, 50),
        red_green=normal(rng, .88, .11, .6, 1.15), blue_green=normal(rng, 1.05, .11, .75, 1.35),
        ramp=1.0 + lognormal(rng, .35, .5, .08, .9), sheen=rng.uniform(15, 60) if _chance(rng, .3) else 0.0,
        glare=rng.choice([1, 1, 2]) if _chance(rng, .35) else 0, glare_area=rng.uniform(.005, .03), blur_w=lognormal(rng, 1.9, .2, 1.3, 2.6),
        motion_w=rng.uniform(1.5, 3) if _chance(rng, .12) else 0.0, luma=rng.uniform(.8, 3.2), chroma=rng.uniform(.3, 1.5), screen=_chance(rng, .04),
        copied=_chance(rng, .03), sleeve=_chance(rng, .06), face_fingers=0, objects=0, qualities=(rng.randint(80, 92), rng.randint(50, 75)), resize=1.0,
    )


def _bad(rng: random.Random, c: Conditions) -> Conditions:
    """Severity 3: a person could still mostly read it; fields may be hidden."""
    return replace(
        c, card_px=max(min(c.card_px, 900.0), 420.0), min_card_px=400.0, fill=max(min(c.fill, .9), .3),
        rotation_deg=rng.uniform(-35, 35) if _chance(rng, .25) else rng.gauss(0, 7), quarter_turns=rng.choice([1, 2, 3]) if _chance(rng, .15) else 0,
        perspective=(rng.gauss(0, .09), rng.gauss(0, .09)), squeeze=rng.uniform(.75, 1.3) if _chance(rng, .06) else rng.gauss(1, .02),
        cut=("bottom", rng.uniform(.03, .15)) if _chance(rng, .08) else (_side_cut(rng) if _chance(rng, .1) else None),
        gray=normal(rng, 130, 40, 62, 245), lift=rng.uniform(-25, 62), ramp=1.0 + lognormal(rng, .42, .5, .1, 1.0),
        shadow=rng.choices(["", "soft", "hard"], [55, 30, 15])[0],
        red_green=normal(rng, .9, .15, .55, 1.25), blue_green=normal(rng, 1.02, .16, .65, 1.4), burn=rng.uniform(0, .25) if _chance(rng, .15) else 0.0,
        sheen=rng.uniform(15, 75) if _chance(rng, .35) else 0.0, fade=_chance(rng, .35), glare=rng.choice([1, 1, 2, 3]) if _chance(rng, .45) else 0,
        glare_area=rng.uniform(.01, .06), blur_w=lognormal(rng, 2.3, .2, 1.6, 3.3), motion_w=rng.uniform(1.5, 4) if _chance(rng, .25) else 0.0,
        luma=rng.uniform(1.2, 4.4), chroma=rng.uniform(.5, 2.5), screen=_chance(rng, .1), copied=_chance(rng, .08), sleeve=_chance(rng, .14),
        face_fingers=int(_chance(rng, .3)), objects=int(_chance(rng, .1)), qualities=(rng.randint(70, 90), rng.randint(35, 62)), resize=1.0,
    )


def _forced(rng: random.Random, c: Conditions, effect: str) -> Conditions:
    """The same conditions with one named effect made sure of."""
    changes: dict[str, dict[str, object]] = {
        "glare": {"glare": 1, "glare_area": rng.uniform(.01, .05)}, "sheen": {"sheen": rng.uniform(40, 100)},
        "finger_rim": {"rim_fingers": 3}, "finger_face": {"face_fingers": 1}, "object": {"objects": 1}, "sleeve": {"sleeve": True},
        "motion": {"motion_w": rng.uniform(3, 8)}, "defocus": {"blur_w": rng.uniform(2.4, 4.0)}, "low_light": {"gray": rng.uniform(45, 85), "luma": rng.uniform(4, 8)},
        "uneven_light": {"ramp": rng.uniform(1.6, 2.4)}, "hard_shadow": {"shadow": "hard"}, "photocopy": {"copied": True},
        "screen": {"screen": True}, "squeeze": {"squeeze": rng.choice([rng.uniform(.68, .8), rng.uniform(1.25, 1.35)])},
        "cut": {"cut": _side_cut(rng)}, "turned": {"quarter_turns": rng.choice([1, 2, 3])}, "far": {"fill": rng.uniform(.2, .35)},
        "noise": {"luma": rng.uniform(6, 10)}, "low_quality": {"qualities": (rng.randint(28, 45),)},
    }
    return replace(c, **changes[effect])


def draw_conditions(rng: random.Random, profile: str, severity: int | None, effect: str | None) -> Conditions:
    """Conditions of a profile, as measured (`severity=None`) or at a severity, with an effect made sure of if named."""
    drawn = {"scan": _scan, "photo": _photo, "webcam": _webcam}[profile](rng)
    if severity is not None:
        drawn = (_clean, _good, _mediocre, _bad)[severity](rng, drawn)
    return _forced(rng, drawn, effect) if effect else drawn
