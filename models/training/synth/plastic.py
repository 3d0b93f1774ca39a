"""Plastic over a card: an old laminate, or a wallet's sleeve, as a camera sees it.

Invariant: it only adds light and never moves print; random numbers are taken only when there is plastic.
"""

import random

import cv2
import numpy as np

from .placement import Placement

_WHITE = 240.0


def _clouds(rng: random.Random, shape: tuple[int, int], card_px: float) -> np.ndarray:
    """Uneven milkiness, 0 … 1."""
    cell = card_px * rng.uniform(0.05, 0.2)
    size = (max(3, round(shape[1] / cell)), max(3, round(shape[0] / cell)))
    noise = np.random.default_rng(rng.getrandbits(32)).random((size[1], size[0]), np.float32)
    return cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


def _wrinkles(rng: random.Random, veil: np.ndarray, quad: np.ndarray, card_px: float) -> None:
    """Creases and bubbles that catch the lamp: thin bright curves, and rings."""
    low, span = quad.min(0), np.ptp(quad, 0)
    for _ in range(rng.randint(2, 8)):
        start = low + span * [rng.random(), rng.random()]
        turn, bend, steps = rng.uniform(0, 2 * np.pi), rng.gauss(0, 0.12), rng.randint(6, 20)
        points = [start]
        for k in range(steps):
            points.append(points[-1] + np.array([np.cos(turn + bend * k), np.sin(turn + bend * k)]) * card_px * 0.02)
        cv2.polylines(veil, [np.int32(np.array(points) * 8)], False, rng.uniform(0.12, 0.45), max(1, round(card_px * rng.choice([.001, .002, .004]))), cv2.LINE_AA, 3)
    for _ in range(rng.choice([0, 0, 2, 5])):
        centre = low + span * [rng.random(), rng.random()]
        axes = (round(card_px * rng.uniform(.006, .03)), round(card_px * rng.uniform(.006, .02)))
        cv2.ellipse(veil, tuple(map(round, centre)), axes, rng.uniform(0, 180), 0, rng.uniform(120, 360), rng.uniform(.1, .4), max(1, round(card_px * .002)), cv2.LINE_AA)


def _reflections(rng: random.Random, veil: np.ndarray, quad: np.ndarray, card_px: float) -> None:
    """Broad soft bands of a window or tube, below burning."""
    height, width = veil.shape
    y, x = np.ogrid[0:height, 0:width]
    for _ in range(rng.choice([0, 1, 1, 2])):
        centre, angle = quad.mean(0) + [rng.gauss(0, .25) * card_px, rng.gauss(0, .16) * card_px], rng.uniform(0, np.pi)
        across = np.abs((x - centre[0]) * np.float32(np.sin(angle)) - (y - centre[1]) * np.float32(np.cos(angle))) / (card_px * rng.uniform(.02, .12))
        veil += np.float32(rng.uniform(.1, .4)) * np.exp(-across.astype(np.float32) ** rng.choice([2, 4]))


def laminate(rng: random.Random, placement: Placement, scene: np.ndarray) -> None:
    """Covers the card and a rim around it, in place."""
    quad, centre = placement.quad, placement.quad.mean(0)
    card_px = float(np.linalg.norm(quad[1] - quad[0]))
    veil = np.full(scene.shape[:2], rng.uniform(0.03, 0.2), np.float32)
    veil += _clouds(rng, veil.shape, card_px) * rng.uniform(0.0, 0.18)
    _wrinkles(rng, veil, quad, card_px)
    _reflections(rng, veil, quad, card_px)
    outline = np.int32((centre + (quad - centre) * [rng.uniform(1.02, 1.12), rng.uniform(1.03, 1.18)]) * 8)
    cover = cv2.fillPoly(np.zeros(scene.shape[:2], np.uint8), [outline], 255, cv2.LINE_AA, 3)
    veil = np.clip(veil, 0, 0.75) * (cover.astype(np.float32) / 255)
    cv2.polylines(veil, [outline], True, rng.uniform(0.2, 0.8), max(1, round(card_px * rng.uniform(.002, .006))), cv2.LINE_AA, 3)
    share = cv2.GaussianBlur(veil, (0, 0), max(0.6, card_px * 0.0015))
    np.copyto(scene, (scene + (_WHITE - scene.astype(np.float32)) * share[..., None]).astype(np.uint8))
