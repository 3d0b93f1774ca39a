"""Light on a scene: gain and colour, ramps and shadows, sheen and burnt glare.

Invariant: maps are drawn at low resolution and enlarged, so their cost does not grow with the frame.
"""

import random

import cv2
import numpy as np

from .conditions import Conditions
from .placement import Placement

MAP_SIDE = 96


def _grid(placement: Placement) -> tuple[np.ndarray, np.ndarray]:
    """Low-resolution frame coordinates in card widths, the card's centre at the origin."""
    centre, card = placement.quad.mean(0), float(np.linalg.norm(placement.quad[1] - placement.quad[0]))
    x = (np.linspace(0, placement.width, MAP_SIDE, dtype=np.float32) - centre[0]) / card
    y = (np.linspace(0, placement.height, MAP_SIDE, dtype=np.float32) - centre[1]) / card
    return np.meshgrid(x, y)


def light_map(rng: random.Random, c: Conditions, placement: Placement) -> np.ndarray:
    """Relative light over the frame (1 at the card's centre), low-resolution float32."""
    x, y = _grid(placement)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (c.ramp - 1.0) / (c.ramp + 1.0) * 2.0
    along = x * np.float32(np.cos(angle)) * 1.05 + y * np.float32(np.sin(angle)) * 1.6
    curve = rng.uniform(-0.3, 0.6) * slope
    field = np.clip(1.0 + slope * along - curve * (x * x + y * y), 0.25, 1.9)
    if c.shadow in ("soft", "hard"):
        angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-.35, .35)
        edge = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)) - offset
        steep = 30.0 if c.shadow == "hard" else rng.uniform(2.5, 7)
        field *= 1.0 - rng.uniform(.12, .4) / (1.0 + np.exp(-edge * steep))
    return field.astype(np.float32)


def cast_shadow(rng: random.Random, placement: Placement, scene: np.ndarray) -> np.ndarray:
    """The scene under the sharp shadow of a phone, a hand or window bars: drawn at half size, its rim a fraction of a letter wide."""
    card, centre = float(np.linalg.norm(placement.quad[1] - placement.quad[0])) / 2, placement.quad.mean(0) / 2
    shade = np.zeros((placement.height // 2 + 1, placement.width // 2 + 1), np.uint8)
    middle = centre + np.array([rng.gauss(0, .3), rng.gauss(0, .2)]) * card
    kind, turn = rng.choice(["phone", "hand", "bars"]), rng.uniform(0, 180)
    if kind == "phone":
        box = cv2.boxPoints((tuple(map(float, middle)), (card * rng.uniform(.35, .6), card * rng.uniform(.7, 1.2)), turn))
        cv2.fillPoly(shade, [np.int32(box)], 255, cv2.LINE_AA)
    elif kind == "hand":
        cv2.ellipse(shade, tuple(map(int, middle)), (int(card * .22), int(card * .17)), turn, 0, 360, 255, -1, cv2.LINE_AA)
        for _ in range(rng.randint(2, 5)):
            angle = np.deg2rad(turn + rng.uniform(-40, 40))
            tip = middle + np.array([np.cos(angle), np.sin(angle)]) * card * rng.uniform(.4, .75)
            cv2.line(shade, tuple(map(int, middle)), tuple(map(int, tip)), 255, max(2, int(card * rng.uniform(.04, .09))), cv2.LINE_AA)
    else:
        along = np.array([np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))])
        for k in range(-2, 3):
            at = middle + np.array([-along[1], along[0]]) * card * rng.uniform(.25, .45) * k
            cv2.line(shade, tuple(map(int, at - along * card * 3)), tuple(map(int, at + along * card * 3)), 255, max(2, int(card * rng.uniform(.03, .15))), cv2.LINE_AA)
    rim = cv2.GaussianBlur(shade, (0, 0), max(.6, card * rng.uniform(.002, .012)))
    left = 255 - cv2.convertScaleAbs(cv2.resize(rim, (scene.shape[1], scene.shape[0])), alpha=rng.uniform(.3, .62))
    return cv2.multiply(scene, cv2.merge([left] * 3), scale=1 / 255)


def sheen_map(rng: random.Random, strength: float, placement: Placement) -> np.ndarray:
    """Unburnt veil that only lifts blacks: a soft patch or band over part of the card; low-resolution."""
    x, y = _grid(placement)
    angle, cx, cy = rng.uniform(0, np.pi), rng.uniform(-.45, .45), rng.uniform(-.28, .28)
    u = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
    v = (y - cy) * np.cos(angle) - (x - cx) * np.sin(angle)
    patch = np.exp(-(u / rng.uniform(.08, .3)) ** 2 - (v / rng.choice([.25, .5, 2.0])) ** 2) * strength
    return patch.astype(np.float32)


def glare_spot(rng: random.Random, area: float) -> tuple[float, float, float, float, float]:
    """A burnt spot in card coordinates: centre (fractions), radii (card widths) and turn; lower middle and rims first."""
    centres = [(rng.gauss(.54, .08), rng.gauss(.8, .1)), (rng.uniform(.9, 1.02), rng.uniform(0, 1)), (rng.uniform(0, 1), rng.uniform(0, 1))]
    cx, cy = rng.choice(centres)
    stretch = rng.choice([1.0, 1.3, 2.0, 4.0])
    radius = (area / 1.5858 / np.pi) ** 0.5
    return cx, cy, radius * stretch ** 0.5, radius / stretch ** 0.5, rng.uniform(0, np.pi)


def glare_map(placement: Placement, spot: tuple[float, float, float, float, float]) -> np.ndarray:
    """Added light of a spot: a burnt core with a halo three times wider, uint8 at frame size (drawn at half)."""
    cx, cy, rx, ry, turn = spot
    quad = placement.quad
    card = float(np.linalg.norm(quad[1] - quad[0]))
    point = quad[0] + (quad[1] - quad[0]) * cx + (quad[3] - quad[0]) * cy
    half = (max(8, placement.width // 2), max(8, placement.height // 2))
    x = (np.linspace(0, placement.width, half[0], dtype=np.float32) - point[0]) / card
    y = (np.linspace(0, placement.height, half[1], dtype=np.float32) - point[1]) / card
    x, y = np.meshgrid(x, y)
    u, v = x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn)), y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))
    distance = np.sqrt((u / rx) ** 2 + (v / ry) ** 2)
    core = np.clip((1.25 - distance) / 0.5, 0, 1)
    light = 320.0 * core + 90.0 * np.exp(-(distance / 2.2) ** 2)
    spot_light = np.minimum(light, 255).astype(np.uint8)
    return cv2.resize(spot_light, (placement.width, placement.height), interpolation=cv2.INTER_LINEAR)
