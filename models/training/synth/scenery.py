"""What is around a card: procedural desks, cloths, rooms; loose things; hands and fingers.

Invariant: textures come from a fixed number of seeds, drawn once per process; nothing is loaded from files.
"""

import random
from functools import lru_cache

import cv2
import numpy as np

TEXTURES = 36
TEXTURE_SIDE = 900


def _clouds(gen: np.random.Generator, height: int, width: int, cells_y: float, cells_x: float) -> np.ndarray:
    noise = gen.standard_normal((max(3, int(cells_y)), max(3, int(cells_x)))).astype(np.float32)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def _wood(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    base = np.array(rng.choice([(95, 140, 190), (60, 95, 140), (40, 60, 95), (140, 180, 210), (30, 40, 60)]), np.float32)
    grain = _clouds(gen, side, side, rng.uniform(60, 200), rng.uniform(3, 7)) + 0.5 * _clouds(gen, side, side, 300, 12)
    rings = np.sin(_clouds(gen, side, side, 9, 3) * rng.uniform(3, 9))
    tone = 1.0 + 0.07 * grain + 0.06 * rings
    if rng.random() < 0.5:
        for x in range(0, side, rng.randint(110, 320)):
            tone[x:x + 2, :] *= 0.6
    return base * tone[..., None]


def _stone(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    base = np.array([rng.uniform(60, 220)] * 3, np.float32) * np.array([rng.uniform(.9, 1.1), 1, rng.uniform(.9, 1.1)], np.float32)
    speckle = sum(_clouds(gen, side, side, n, n) * a for n, a in ((450, .10), (160, .08), (40, .06)))
    return base * (1.0 + speckle)[..., None]


def _cloth(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    base = np.array([rng.uniform(20, 220) for _ in range(3)], np.float32)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    pitch = rng.uniform(4, 9)
    weave = np.sin(x / pitch * 6.28) * np.sin(y / pitch * 6.28)
    folds = _clouds(gen, side, side, 5, 5)
    tone = 1.0 + 0.10 * weave + 0.16 * folds
    if rng.random() < 0.5:
        period, other = rng.uniform(30, 120), np.array([rng.uniform(20, 240) for _ in range(3)], np.float32)
        motif = (np.sin(x / period * 6.28) + np.sin(y / period * 6.28) + 0.4 * folds) > rng.uniform(0.1, 0.9)
        return np.where(motif[..., None], other, base) * tone[..., None]
    return base * tone[..., None]


def _plain(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    level = rng.choice([rng.uniform(8, 50), rng.uniform(170, 250), rng.uniform(60, 200)])
    tint = np.array([level * rng.uniform(.85, 1.12) for _ in range(3)], np.float32)
    return tint * (1.0 + 0.03 * _clouds(gen, side, side, 4, 4) + 0.015 * _clouds(gen, side, side, 300, 300))[..., None]


def _print(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    """Printed matter: lines of something like text, boxes, a keyboard's grid."""
    page = np.full((side, side, 3), int(rng.uniform(200, 250)), np.uint8)
    if rng.random() < 0.35:
        page[:], cell = rng.randint(15, 60), rng.randint(60, 100)
        for y in range(8, side, cell):
            for x in range(8 + (y // cell % 3) * 12, side, cell):
                cv2.rectangle(page, (x, y), (x + cell - 10, y + cell - 10), [rng.uniform(25, 110)] * 3, -1)
                cv2.putText(page, rng.choice("ASDFGHJKLQWERTYUIOP"), (x + 18, y + 36), 0, 0.9, [rng.uniform(170, 240)] * 3, 2)
        return page
    y = 20
    while y < side - 10:
        x, size = rng.randint(10, 80), rng.choice([0.4, 0.5, 0.5, 0.8])
        while x < side - 60:
            word = "".join(rng.choice("abcdeghiklmnoprstuyABDKMPST") for _ in range(rng.randint(2, 9)))
            cv2.putText(page, word, (x, y), rng.choice([0, 0, 3]), size, [rng.uniform(10, 90)] * 3, 1, cv2.LINE_AA)
            x += int(len(word) * 20 * size + 16)
        y += int(rng.choice([22, 26, 60]) * (0.6 + size))
    return page


def _room(rng: random.Random, gen: np.random.Generator, side: int) -> np.ndarray:
    """An out-of-focus interior: walls, furniture, lamps, windows."""
    room = np.ones((side, side, 3), np.float32) * np.array([rng.uniform(70, 210)] * 3, np.float32)
    for _ in range(rng.randint(5, 18)):
        colour = [rng.uniform(10, 245) for _ in range(3)] if rng.random() < 0.2 else [rng.uniform(20, 220)] * 3
        a = (rng.randint(-200, side), rng.randint(-200, side))
        if rng.random() < 0.75:
            cv2.rectangle(room, a, (a[0] + rng.randint(30, 420), a[1] + rng.randint(30, 500)), colour, -1)
        else:
            cv2.ellipse(room, a, (rng.randint(15, 150), rng.randint(15, 150)), 0, 0, 360, colour, -1)
    for _ in range(rng.choice([0, 1, 1, 2])):
        centre = (rng.randint(0, side), rng.randint(0, side // 2))
        cv2.ellipse(room, centre, (rng.randint(10, 90), rng.randint(8, 50)), 0, 0, 360, (255, 255, 255), -1)
    return cv2.GaussianBlur(room, (0, 0), rng.uniform(1.5, 12))


@lru_cache(maxsize=TEXTURES)
def texture(index: int) -> np.ndarray:
    """One of the surfaces, uint8 BGR, `TEXTURE_SIDE` square."""
    rng, gen = random.Random(500 + index), np.random.default_rng(500 + index)
    draw = (_wood, _wood, _stone, _cloth, _plain, _plain, _print, _room, _room)[index % 9]
    return np.clip(draw(rng, gen, TEXTURE_SIDE), 0, 255).astype(np.uint8)


def background(rng: random.Random, width: int, height: int, room: bool = False) -> np.ndarray:
    """A frame full of one surface (or an interior), its colours varied."""
    index = rng.choice([k for k in range(TEXTURES) if k % 9 >= 7]) if room else rng.randrange(TEXTURES)
    source = texture(index)
    scale = rng.uniform(0.35, 1.0)
    w = max(8, int(TEXTURE_SIDE * scale * min(1.0, width / height)))
    h = max(8, int(TEXTURE_SIDE * scale * min(1.0, height / width)))
    x, y = rng.randint(0, TEXTURE_SIDE - w), rng.randint(0, TEXTURE_SIDE - h)
    crop = source[y:y + h, x:x + w]
    if rng.random() < 0.5:
        crop = cv2.flip(crop, rng.choice([-1, 0, 1]))
    if rng.random() < 0.12:
        crop = crop[..., rng.sample(range(3), 3)]
    picture = cv2.resize(np.ascontiguousarray(crop), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.convertScaleAbs(picture, alpha=rng.uniform(0.6, 1.15), beta=rng.uniform(0, 20))


def loose_things(rng: random.Random, picture: np.ndarray, count: int) -> None:
    """Pens, coins, cables and paper edges lying about, drawn in place."""
    height, width = picture.shape[:2]
    unit = max(width, height) / 100
    for _ in range(count):
        colour = [rng.uniform(0, 255) for _ in range(3)] if rng.random() < 0.6 else [rng.uniform(0, 255)] * 3
        a, b = ((rng.randint(0, width), rng.randint(0, height)) for _ in range(2))
        kind = rng.randrange(4)
        if kind == 0:
            cv2.line(picture, a, b, colour, max(2, int(unit * rng.uniform(0.6, 1.8))), cv2.LINE_AA)
        elif kind == 1:
            cv2.circle(picture, a, int(unit * rng.uniform(2, 6)), colour, -1, cv2.LINE_AA)
        elif kind == 2:
            corners = [(a[0] + rng.gauss(0, 28) * unit, a[1] + rng.gauss(0, 28) * unit) for _ in range(4)]
            cv2.fillConvexPoly(picture, cv2.convexHull(np.float32(corners)).astype(np.int32), colour, cv2.LINE_AA)
        else:
            points = [(rng.uniform(-.1, 1.1) * width, rng.uniform(-.1, 1.1) * height) for _ in range(4)]
            t = np.linspace(0, 1, 40)[:, None]
            p = np.array(points)
            curve = (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t * t * (1 - t) * p[2] + t ** 3 * p[3]
            cv2.polylines(picture, [curve.astype(np.int32)], False, colour, max(2, int(unit * 0.7)), cv2.LINE_AA)


def skin_colour(rng: random.Random) -> np.ndarray:
    """A hand's colour, BGR."""
    return np.array([45, 70, 110], np.float32) + np.array([95, 105, 115], np.float32) * rng.uniform(0.1, 1.0)


def _hand(rng: random.Random, mask: np.ndarray, knuckle: np.ndarray, away: np.ndarray, radius: float) -> None:
    """Adds the back of a hand and an arm that leaves the frame."""
    side = np.array([-away[1], away[0]]) * radius * rng.uniform(-2, 2)
    palm = knuckle + away * radius * 2.2 + side
    arm = palm + (away * rng.uniform(8, 12) + np.array([rng.gauss(0, 2), rng.gauss(0, 2)])) * radius * 4
    cv2.ellipse(mask, tuple(map(int, palm)), (int(radius * 3.8), int(radius * 3.2)), float(np.degrees(np.arctan2(away[1], away[0]))),
                0, 360, 255, -1, cv2.LINE_AA)
    cv2.line(mask, tuple(map(int, palm)), tuple(map(int, arm)), 255, max(3, int(5 * radius)), cv2.LINE_AA)


def finger(rng: random.Random, picture: np.ndarray, tip: np.ndarray, away: np.ndarray, radius: float, skin: np.ndarray,
           nail: bool = True, hand: bool = True) -> np.ndarray:
    """Draws a finger whose tip is at `tip` and which leaves along the unit vector `away`; returns its coverage mask."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    inner = tip + away * radius
    knuckle = tip + away * radius * rng.uniform(7, 10)
    cv2.line(mask, tuple(map(int, inner)), tuple(map(int, knuckle)), 255, max(3, int(2 * radius)), cv2.LINE_AA)
    if hand:
        _hand(rng, mask, knuckle, away, radius)
    cv2.circle(mask, tuple(map(int, inner)), max(2, int(radius)), 255, -1, cv2.LINE_AA)
    x, y, w, h = cv2.boundingRect(mask)
    if w == 0 or h == 0:
        return mask
    pad = int(radius * 1.5) + 3
    window = (slice(max(0, y - pad), y + h + pad), slice(max(0, x - pad), x + w + pad))
    part, cover = picture[window], mask[window]
    soft = cv2.GaussianBlur(cover, (0, 0), max(1.0, radius * 0.45)).astype(np.float32) / 255
    drop = np.float32([[1, 0, 0], [0, 1, radius * 0.25]])
    fallen = cv2.warpAffine(cover, drop, (cover.shape[1], cover.shape[0]), flags=cv2.INTER_NEAREST)
    shadow = cv2.GaussianBlur(fallen, (0, 0), max(1.0, radius * 0.3)).astype(np.float32) / 255
    shaded = part * (1.0 - 0.5 * shadow[..., None])
    flesh = skin * (0.55 + 0.5 * soft[..., None])
    alpha = cv2.GaussianBlur(cover, (0, 0), max(0.8, radius * 0.05)).astype(np.float32)[..., None] / 255
    part[:] = np.clip(shaded + (flesh - shaded) * alpha, 0, 255).astype(part.dtype)
    if nail:
        spot = tuple(map(int, tip + away * radius * 0.95))
        angle = float(np.degrees(np.arctan2(away[1], away[0])))
        colour = [float(c) for c in np.minimum(255, skin * 1.15 + 12)]
        cv2.ellipse(picture, spot, (int(radius * 0.7), int(radius * 0.55)), angle, 0, 360, colour, -1, cv2.LINE_AA)
    return mask
