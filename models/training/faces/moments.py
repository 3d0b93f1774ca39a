"""Draws what a face does, where the camera stands and what light there is, for training pictures.

Invariant: eye, mouth and smile states are balanced enough to learn from; poses reach past what a selfie needs.
Deliberately lacks the person (see `person`).
"""

import numpy as np

from .head import Moment, Posed
from .view import Camera, Light, indoor

_MOUTHS = ("mouth-depression", "mouth-pursing", "mouth-protusion", "mouth-retraction", "mouth-compression", "mouth-parling", "mouth-elevation")
_BROWS = ("up", "inner-up", "down", "extern-up")


def _eyes(rng: np.random.Generator) -> tuple[float, float]:
    kind = rng.random()
    shut = rng.uniform(0.85, 1.0) if kind < 0.25 else rng.uniform(0.2, 0.8) if kind < 0.38 else rng.uniform(0, 0.12)
    other = rng.uniform(0.85, 1.0) if rng.random() < 0.02 else shut
    return (shut, other) if rng.random() < 0.5 else (other, shut)


def moment(rng: np.random.Generator) -> Moment:
    shut = _eyes(rng)
    units: dict[str, float] = {}
    if rng.random() < 0.3:
        name, weight = _BROWS[rng.integers(len(_BROWS))], rng.uniform(0.2, 1)
        units |= {f"eyebrows-left-{name}": weight, f"eyebrows-right-{name}": weight}
    smile = rng.uniform(0.45, 1.1) if rng.random() < 0.42 else rng.uniform(0, 0.07)
    if smile < 0.1 and rng.random() < 0.4:
        units[_MOUTHS[rng.integers(len(_MOUTHS))]] = rng.uniform(0.2, 0.9)
    if smile > 0.3 and rng.random() < 0.6:
        units["mouth-upward-retraction"] = rng.uniform(0.2, 0.8)  # teeth show
    if smile > 0.3 and rng.random() < 0.4:
        units["eye-left-slit"] = units["eye-right-slit"] = rng.uniform(0.1, 0.5)
    yaw = rng.uniform(-1.2, 1.2) if rng.random() < 0.3 else rng.normal(0, 0.28)
    return Moment(
        shut, rng.uniform(0, 0.8) if max(shut) < 0.15 and rng.random() < 0.3 else 0.0,
        rng.uniform(0.15, 1) if rng.random() < 0.38 else 0.0, smile, units, (rng.normal(0, 0.14), rng.normal(0, 0.08)),
        yaw, rng.normal(0, 0.18), rng.normal(0, 0.12), rng.uniform(0.1, 0.8),
    )


def camera(rng: np.random.Generator, posed: Posed, side_px: int) -> Camera:
    """A bust in a square picture, from arm's length to across the room, a little from below or above."""
    middle, tall = posed.face.mean(0), max(float(np.ptp(posed.face[:, 1])), 1.3)
    distance = np.exp(rng.uniform(np.log(3.5), np.log(16)))
    position = middle + np.array([rng.normal(0, 0.03), rng.normal(0, 0.08), 1.0]) * [distance, distance, distance]
    return Camera(position, middle + [rng.normal(0, 0.08), rng.normal(-0.15, 0.1), 0], rng.uniform(0.46, 0.6) * side_px * distance / tall, (side_px / 2, side_px / 2))


def light(rng: np.random.Generator) -> Light:
    """Rooms; one in six also lit by a coloured screen, as the flash challenge does."""
    if rng.random() > 0.17:
        return indoor(rng, even=rng.uniform(0, 0.8))
    colour = rng.random(3) ** 2
    colour = colour / (colour.max() + 1e-6) * rng.uniform(0.1, 0.7)
    return indoor(rng, screen=colour, even=rng.uniform(0, 0.8))
