"""What years and a bad printer do to ink: abraded print, rubbed stripes, scratches, dead printer rows, a second strike.

Invariant: functions take an ink coverage (uint8, 255 is full ink) and the cap height of its body text, and return a coverage
of the same size, so that whole cards and single lines wear alike. No paper, no light: those stay as they are.
"""

import random

import cv2
import numpy as np


def _field(rng: random.Random, shape: tuple[int, int], grain_px: float) -> np.ndarray:
    """Smooth noise in 0 … 1, equally spread, whose blotches are about `grain_px` wide."""
    size = (max(3, round(shape[1] / grain_px)), max(3, round(shape[0] / grain_px)))
    noise = np.random.default_rng(rng.getrandbits(32)).random((size[1], size[0]), np.float32)
    smooth = cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip((smooth - 0.5) * 1.5 + 0.5, 0, 1)


def _flaked(rng: random.Random, shape: tuple[int, int], cap_px: float) -> np.ndarray:
    """Share of ink kept where flakes of it have come off, in clusters."""
    flakes, where = _field(rng, shape, cap_px * rng.uniform(0.14, 0.4)), _field(rng, shape, cap_px * rng.uniform(2.5, 7))
    limit = rng.uniform(0.06, 0.22) + 0.40 * np.clip(where - rng.uniform(0.45, 0.65), 0, 1)
    return np.clip((flakes - limit) * rng.uniform(8, 20) + 1.0, rng.uniform(0.0, 0.25), 1.0)


def _rubbed(rng: random.Random, shape: tuple[int, int], cap_px: float) -> np.ndarray:
    """Share of ink kept under one to three rubbed stripes, streaked along the rubbing."""
    keep, (height, width) = np.ones(shape, np.float32), shape
    for _ in range(rng.randint(1, 3)):
        upright = rng.random() < 0.5
        angle = rng.gauss(np.pi / 2 if upright else 0, 0.12)
        y, x = np.ogrid[0:height, 0:width]
        across = (x - rng.uniform(0, width)) * -np.float32(np.sin(angle)) + (y - rng.uniform(0, height)) * np.float32(np.cos(angle))
        band = 1.0 / (1.0 + np.exp(np.clip((np.abs(across) - cap_px * rng.uniform(0.3, 1.8)) / (cap_px * rng.uniform(0.06, 0.3)), -30, 30)))
        grain = (cap_px * 3, cap_px * 0.12) if upright else (cap_px * 0.12, cap_px * 3)
        size = (max(3, round(width / grain[1])), max(3, round(height / grain[0])))
        streak = cv2.resize(np.random.default_rng(rng.getrandbits(32)).random((size[1], size[0]), np.float32), (width, height))
        keep *= 1.0 - band.astype(np.float32) * rng.uniform(0.45, 0.85) * np.clip(streak + 0.25, 0, 1)
    return keep


def _scratched(rng: random.Random, shape: tuple[int, int], cap_px: float) -> np.ndarray:
    """Share of ink kept between bundles of nearly parallel hairlines."""
    height, width = shape
    gone = np.zeros(shape, np.uint8)
    for _ in range(rng.randint(1, 3) * max(1, round(height / cap_px / 12))):
        x, y, angle = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0, np.pi)
        length, reach = cap_px * rng.uniform(3, 25), cap_px * rng.uniform(0.1, 1.5)
        for _ in range(rng.randint(1, 9)):
            turn = angle + rng.gauss(0, 0.04)
            start = (x + rng.gauss(0, 1) * reach, y + rng.gauss(0, 1) * reach)
            end = (start[0] + np.cos(turn) * length, start[1] + np.sin(turn) * length)
            thick = max(1, round(cap_px * rng.choice([0.03, 0.05, 0.05, 0.09])))
            cv2.line(gone, tuple(map(round, start)), tuple(map(round, end)), rng.randint(150, 255), thick, cv2.LINE_AA)
    return 1.0 - gone.astype(np.float32) / 255


def _missed_rows(rng: random.Random, shape: tuple[int, int], cap_px: float) -> np.ndarray:
    """Share of ink kept where dots of the printing head failed: level hairline gaps; thin strokes break first."""
    keep, thick = np.ones(shape, np.float32), max(1, round(cap_px * 0.045))
    for _ in range(rng.randint(1, 3) * max(1, round(shape[0] / cap_px / 8))):
        row, start = rng.randrange(shape[0]), rng.randrange(shape[1])
        end = start + int(cap_px * rng.uniform(4, 40))
        keep[row:row + thick, start:end] = np.minimum(keep[row:row + thick, start:end], rng.uniform(0.0, 0.4))
    return keep


def abrade(rng: random.Random, mask: np.ndarray, cap_px: float) -> np.ndarray:
    """A badly worn print: one to three of flakes, rubbed stripes, scratches and missed rows."""
    kinds = rng.sample([_flaked, _flaked, _rubbed, _scratched, _missed_rows], rng.choice([1, 2, 2, 3]))
    keep = np.ones(mask.shape, np.float32)
    for kind in dict.fromkeys(kinds):
        keep *= kind(rng, mask.shape, cap_px)
    return (mask * keep).astype(np.uint8)


def double_strike(rng: random.Random, mask: np.ndarray, cap_px: float) -> np.ndarray:
    """Every stroke printed twice, the second time paler and shifted by a fraction of a stroke to a whole one."""
    angle, shift = rng.uniform(0, 2 * np.pi), cap_px * rng.uniform(0.045, 0.17)
    move = np.float32([[1, 0, np.cos(angle) * shift], [0, 1, np.sin(angle) * shift * rng.uniform(0.4, 1)]])
    second = cv2.warpAffine(mask, move, (mask.shape[1], mask.shape[0]), flags=cv2.INTER_LINEAR)
    return cv2.max(mask, cv2.convertScaleAbs(second, alpha=rng.uniform(0.35, 1.0)))
