"""Things over a card and lamps in it beyond fingers and round spots: paper, cloth, phones, coins; windows and tubes.

Invariant: what is drawn over the scene is marked in the mask that is returned. For training alone: fixed sets do not use it.
"""

import random

import cv2
import numpy as np

from . import scenery
from .placement import Placement


def thing(rng: random.Random, placement: Placement, scene: np.ndarray) -> np.ndarray:
    """Lays one thing partly over the card, from outside or right on it; returns its mask."""
    quad, centre = placement.quad, placement.quad.mean(0)
    card_px = float(np.linalg.norm(quad[1] - quad[0]))
    mask = np.zeros(scene.shape[:2], np.uint8)
    kind = rng.choice(["paper", "paper", "cloth", "cloth", "phone", "coin", "strip", "blob"])
    edge, share = rng.randrange(4), rng.uniform(0, 1)
    rim = quad[edge] * (1 - share) + quad[(edge + 1) % 4] * share
    inward = (centre - rim) / max(1.0, float(np.linalg.norm(centre - rim)))
    reach = rng.uniform(-.02, .28) * card_px
    if kind in ("coin", "blob"):
        middle = rim + inward * rng.uniform(.0, .5) * card_px
        axes = (card_px * rng.uniform(.012, .09), card_px * rng.uniform(.012, .09)) if kind == "blob" else (card_px * rng.uniform(.03, .15),) * 2
        cv2.ellipse(mask, tuple(map(int, middle)), tuple(max(2, int(a)) for a in axes), rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    elif kind == "strip":
        along = np.array([-inward[1], inward[0]]) if rng.random() < .5 else inward
        along = along + np.array([rng.gauss(0, .4), rng.gauss(0, .4)])
        middle = rim + inward * rng.uniform(0, .35) * card_px
        ends = (middle - along * card_px * rng.uniform(.05, 1.5), middle + along * card_px * rng.uniform(.05, 1.5))
        cv2.line(mask, *(tuple(map(int, end)) for end in ends), 255, max(2, int(card_px * rng.uniform(.008, .06))), cv2.LINE_AA)
    else:
        turn = np.arctan2(inward[1], inward[0]) + rng.gauss(0, .5)
        away = -np.array([np.cos(turn), np.sin(turn)])
        wide, deep = {"paper": (.7, 1.0), "cloth": (.5, 1.2), "phone": (.25, .5)}[kind]
        side = np.array([-away[1], away[0]]) * card_px * wide * rng.uniform(.4, 1.4)
        front = rim + inward * reach
        back = front + away * card_px * deep
        cv2.fillPoly(mask, [np.int32(np.array([front - side, front + side, back + side, back - side]) * 8)], 255, cv2.LINE_AA, 3)
    _paint(rng, kind, mask, scene, card_px)
    return mask


def _paint(rng: random.Random, kind: str, mask: np.ndarray, scene: np.ndarray, card_px: float) -> None:
    height, width = scene.shape[:2]
    if kind == "cloth" or (kind != "phone" and rng.random() < .25):
        skin = scenery.background(rng, width, height)
    else:
        base = rng.uniform(215, 250) if kind == "paper" and rng.random() < .6 else None
        tint = [base] * 3 if base else ([rng.uniform(5, 60)] * 3 if kind == "phone" else [rng.uniform(10, 245) for _ in range(3)])
        skin = np.full(scene.shape, np.clip(tint, 0, 255), np.uint8)
    if kind == "paper" and rng.random() < .6:
        for k in range(rng.randint(2, 14)):
            at = (rng.randint(-200, width), rng.randint(0, height))
            text = "".join(rng.choice("abcdefgiklmnoprstuADEKMNPRST 0123456789") for _ in range(rng.randint(6, 40)))
            cv2.putText(skin, text, at, rng.choice([0, 3]), card_px * rng.uniform(.0005, .0012), [rng.uniform(10, 110)] * 3, 1, cv2.LINE_AA)
    fallen = cv2.warpAffine(mask, np.float32([[1, 0, 0], [0, 1, card_px * .006]]), (width, height))
    shade = 1 - rng.uniform(.1, .5) * cv2.GaussianBlur(fallen, (0, 0), max(1.0, card_px * rng.uniform(.003, .012))).astype(np.float32)[..., None] / 255
    alpha = mask.astype(np.float32)[..., None] / 255
    scene[:] = np.clip(scene * shade * (1 - alpha) + skin * alpha, 0, 255).astype(np.uint8)


def window(rng: random.Random, placement: Placement) -> np.ndarray:
    """Added light of a window's panes or a tube: straight edges, soft or sharp, burning or below it; uint8, frame-sized."""
    quad = placement.quad
    card_px = float(np.linalg.norm(quad[1] - quad[0]))
    u, v = rng.uniform(-.05, 1.05), rng.uniform(-.05, 1.05)
    centre = quad[0] + (quad[1] - quad[0]) * u + (quad[3] - quad[0]) * v
    turn = rng.choice([rng.gauss(0, 8), rng.uniform(0, 180)])
    size = (rng.uniform(.05, .3), rng.uniform(.03, .2)) if rng.random() < .6 else (rng.uniform(.2, 1.2), rng.uniform(.01, .04))
    light = np.zeros((placement.height // 2, placement.width // 2), np.float32)
    panes = rng.choice([1, 1, 2])
    for pane in range(panes):
        shift = (pane - (panes - 1) / 2) * size[1] * 1.15 * card_px
        at = centre + np.array([-np.sin(np.deg2rad(turn)), np.cos(np.deg2rad(turn))]) * shift
        box = cv2.boxPoints((tuple(map(float, at / 2)), (card_px * size[0] / 2, card_px * size[1] / 2), turn))
        cv2.fillPoly(light, [np.int32(box * 8)], rng.choice([rng.uniform(240, 420), rng.uniform(40, 240)]), cv2.LINE_AA, 3)
    soft = cv2.GaussianBlur(light, (0, 0), max(.8, card_px * rng.uniform(.001, .015)))
    return cv2.resize(np.clip(soft, 0, 255).astype(np.uint8), (placement.width, placement.height), interpolation=cv2.INTER_LINEAR)
