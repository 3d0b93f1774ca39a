"""Where the card lies in the frame: frame size and the card's quad under tilt, rotation, cropping and squeeze.

Invariant: quads are TL, TR, BR, BL of the card itself, whatever its rotation; pixel units of the frame.
"""

import random
from dataclasses import dataclass

import numpy as np

from .conditions import Conditions
from .ink import ASPECT


@dataclass(frozen=True)
class Placement:
    """Frame size in pixels and the card's semantic quad in it."""

    width: int
    height: int
    quad: np.ndarray


def tilted(c: Conditions, card_px: float) -> np.ndarray:
    """The card's corners around the origin, tilted, squeezed and turned."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) / 2
    corners = half * [card_px * c.squeeze ** 0.5, card_px / ASPECT / c.squeeze ** 0.5]
    depth = 1.0 + half[:, 0] * c.perspective[0] + half[:, 1] * c.perspective[1] * 0.7
    corners = corners / depth[:, None]
    angle = np.deg2rad(c.rotation_deg + 90 * c.quarter_turns)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return corners @ turn.T


def _shifted(rng: random.Random, c: Conditions, corners: np.ndarray, width: float, height: float) -> np.ndarray:
    """Puts the corners into the frame; a cut moves one side out of it, and nothing else may leave."""
    low, high = corners.min(0), corners.max(0)
    slack = np.array([width, height]) - (high - low)
    share = np.array([rng.uniform(.1, .9), rng.uniform(.15, .8)]) if c.profile != "scan" else np.array([rng.uniform(.2, .8)] * 2)
    origin = np.where(slack > 0, slack * share, slack * 0.5)
    if c.cut:
        side, amount = c.cut
        span = (high - low) * amount
        places = {"left": (0, -span[0]), "right": (0, slack[0] + span[0]), "top": (1, -span[1]), "bottom": (1, slack[1] + span[1])}
        axis, value = places[side]
        origin[axis] = value
    return corners - low + origin


def _closer(c: Conditions, span: np.ndarray, width: float, height: float, max_side_px: int) -> tuple[float, float]:
    """A smaller frame around the card, so that it keeps its least size after scaling to `max_side_px`."""
    longest = max_side_px * c.card_px / c.min_card_px
    shrink = min(1.0, longest / max(width, height))
    return max(width * shrink, span[0] * 1.04), max(height * shrink, span[1] * 1.04)


def place(rng: random.Random, c: Conditions, max_side_px: int) -> Placement:
    """Chooses a frame that holds the card at its share of the frame, no side longer than `max_side_px`."""
    corners = tilted(c, c.card_px)
    span = corners.max(0) - corners.min(0)
    width = max(span[0] / c.fill, span[1] / c.fill * c.frame_aspect if c.profile != "scan" else 0.0)
    height = width / c.frame_aspect
    if height < span[1] * 1.01 and not (c.cut and c.cut[0] in ("top", "bottom")):
        height = span[1] * rng.uniform(1.01, 1.06)
    if c.cut and c.cut[0] in ("top", "bottom"):
        height = min(height, span[1] * (1.0 - c.cut[1]) * 1.01)
    if c.cut and c.cut[0] in ("left", "right"):
        width = min(width, span[0] * (1.0 - c.cut[1]) * 1.01)
    scale = min(1.0, max_side_px / max(width, height))
    if c.card_px * scale < c.min_card_px:
        width, height = _closer(c, span, width, height, max_side_px)
        scale = min(1.0, max_side_px / max(width, height))
    frame = (max(64, round(width * scale)), max(64, round(height * scale)))
    quad = _shifted(rng, c, corners * scale, *frame)
    return Placement(frame[0], frame[1], quad.astype(np.float32))
