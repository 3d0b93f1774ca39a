"""A whole capture: a card enters the frame, shakes, tilts, and is held still, while scene, light and hand stay the same.

Invariant: frame k's quad is exact, and the last third of the frames is still and sharp. No verdicts are made here.
"""

import math
import random
from dataclasses import dataclass, replace

import numpy as np

from .card import Card
from .conditions import Conditions, draw_conditions
from .placement import Placement, tilted
from .world import Shot, expose

FRAME_SPACING_MS = 100
WIDTH, HEIGHT = 1280, 720


@dataclass(frozen=True)
class Pose:
    """Where the card is in one frame: offset in frame heights, rotation, tilt, size and how far it moves meanwhile."""

    dx: float
    dy: float
    rotation_deg: float
    perspective: tuple[float, float]
    size: float
    speed: float


def poses(rng: random.Random, count: int) -> list[Pose]:
    """Enters from a side (first quarter), shakes and tilts (middle), is held still (from two thirds on)."""
    side = rng.choice([(1.2, 0.2), (-1.2, 0.2), (0.2, 1.3)])
    turn, tilt, drift = rng.uniform(-9, 9), (rng.gauss(0, .05), rng.gauss(0, .05)), rng.uniform(0, 6)
    found: list[Pose] = []
    for k in range(count):
        t = k / max(1, count - 1)
        away = max(0.0, 1.0 - t / 0.28) ** 1.7
        unrest = max(0.0, 1.0 - max(0.0, t - 0.28) / 0.36) if t > 0.2 else 0.6
        wave = math.sin(drift + k * 1.9)
        shake = (0.018 * unrest + 0.0012) * np.array([wave, math.cos(drift + k * 2.3)])
        found.append(Pose(
            side[0] * away + shake[0], side[1] * away + shake[1], turn * (0.6 * away + 0.5 * unrest * wave),
            (tilt[0] * (0.3 + unrest * wave), tilt[1] * (0.3 + unrest)), 1.0 - 0.12 * away - 0.05 * unrest,
            60.0 * away * 0.25 + 5.0 * unrest * abs(wave),
        ))
    return found


def _placed(c: Conditions, pose: Pose) -> Placement:
    at = replace(c, rotation_deg=c.rotation_deg + pose.rotation_deg, perspective=pose.perspective)
    quad = tilted(at, c.card_px * pose.size) + np.array([WIDTH / 2 + pose.dx * HEIGHT, HEIGHT / 2 + pose.dy * HEIGHT])
    return Placement(WIDTH, HEIGHT, quad.astype(np.float32))


def shots(rng: random.Random, card: Card, n_frames: int = 24, severity: int = 1, jpeg_quality: int = 78) -> list[Shot]:
    """The frames of one capture as a webcam gives them, 1280 × 720."""
    drawn = draw_conditions(rng, "webcam", severity, None)
    still = replace(
        drawn, card_px=rng.uniform(700, 860), rotation_deg=rng.gauss(0, 1.5), quarter_turns=0, squeeze=1.0, cut=None, rim_fingers=rng.choice([2, 3]),
        qualities=(jpeg_quality,), resize=1.0, full_chroma=False,
    )
    seed = rng.getrandbits(64)
    frames = []
    for pose in poses(rng, n_frames):
        c = replace(still, motion_w=pose.speed if pose.speed > 1.5 else 0.0)
        frames.append(expose(random.Random(seed), rng, card, c, _placed(c, pose), careful=True))
    return frames


def sequence(rng: random.Random, card: Card, n_frames: int = 24) -> tuple[list[np.ndarray], dict[str, object]]:
    """The pictures of one capture, and their times, quads and the card's truth."""
    taken = shots(rng, card, n_frames)
    meta: dict[str, object] = {"times_ms": [k * FRAME_SPACING_MS for k in range(n_frames)], "truth": card.truth,
                               "quads": [shot.quad.tolist() for shot in taken]}
    return [shot.image for shot in taken], meta
