"""What is behind a person: rooms, walls, shelves, windows, curtains, posters; and pictures of nothing in particular.

Invariant: float32 RGB in display values 0…1, a function of the generator that is passed.
Deliberately lacks people and anything face-like (posters carry text and shapes).
"""

import cv2
import numpy as np


def natural_colour(rng: np.random.Generator) -> np.ndarray:
    """Mostly greyish, as things in rooms are; seldom loud."""
    return np.clip(rng.random() + rng.normal(0, 0.1, 3) * (1 if rng.random() < 0.8 else 3), 0, 1)


def clouds(rng: np.random.Generator, height: int, width: int, cells=(4, 12, 48), fade: float = 0.6) -> np.ndarray:
    out, amount = np.zeros((height, width), np.float32), 1.0
    for count in cells:
        noise = rng.standard_normal((count, count)).astype(np.float32)
        out += amount * cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR)
        amount *= fade
    return out


def write(rng: np.random.Generator, image: np.ndarray, at: tuple[int, int], largest: float) -> None:
    """A few letters in a natural colour, into a picture of floats."""
    ink = np.zeros(image.shape[:2], np.uint8)
    letters = "".join(chr(int(rng.integers(48, 91))) for _ in range(int(rng.integers(2, 10))))
    cv2.putText(ink, letters, at, int(rng.integers(0, 5)), float(rng.uniform(0.3, largest)), 255, int(rng.integers(1, 4)), cv2.LINE_AA)
    rows, columns = np.nonzero(ink)
    share = ink[rows, columns, None].astype(np.float32) / 255
    image[rows, columns] += (natural_colour(rng).astype(np.float32) - image[rows, columns]) * share


def _slope(rng: np.random.Generator, height: int, width: int, strength: float) -> np.ndarray:
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    return (rng.normal(0, strength) * x[None] + rng.normal(0, strength) * y[:, None])[..., None]


def _wall(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    light = np.clip(rng.uniform(0.35, 0.95) + rng.normal(0, 0.05, 3), 0, 1)
    colour = light if rng.random() < 0.7 else natural_colour(rng)
    image = np.ones((height, width, 3), np.float32) * colour * (1 + _slope(rng, height, width, 0.18))
    kind = rng.random()
    if kind < 0.15:  # tiles or bricks
        pitch, rows = rng.integers(14, 60), rng.integers(10, 50)
        for y in range(0, height, int(rows)):
            cv2.line(image, (0, y), (width, y), (colour * 0.8).tolist(), 1)
            for x in range(int(pitch / 2) * ((y // int(rows)) % 2), width, int(pitch)):
                cv2.line(image, (x, y), (x, y + int(rows)), (colour * 0.8).tolist(), 1)
    elif kind < 0.25:  # planks
        for x in range(0, width, int(rng.integers(15, 70))):
            cv2.line(image, (x, 0), (x, height), (colour * 0.6).tolist(), 2)
        image *= (1 + 0.1 * cv2.resize(clouds(rng, 8, width, (40,)), (width, height)))[..., None]
    return image * (1 + rng.uniform(0, 0.05) * clouds(rng, height, width))[..., None]


def _shelf(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    frame = natural_colour(rng) * 0.6
    cv2.rectangle(image, (x, y), (x + w, y + h), (frame * 0.5).tolist(), -1)
    boards = int(rng.integers(2, 5))
    for k in range(boards):
        top, bottom, at = y + k * h // boards, y + (k + 1) * h // boards, x + 3
        while at < x + w - 4:
            thick, tall = int(rng.integers(4, 18)), rng.uniform(0.5, 0.95)
            if rng.random() < 0.85:
                cv2.rectangle(image, (at, int(bottom - (bottom - top) * tall)), (min(at + thick, x + w - 3), bottom), natural_colour(rng).tolist(), -1)
            at += thick + 1
        cv2.rectangle(image, (x, bottom - 3), (x + w, bottom), frame.tolist(), -1)
    cv2.rectangle(image, (x, y), (x + w, y + h), frame.tolist(), 3)


def _window(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    sky = np.clip(np.array([0.9, 0.95, 1.0]) * rng.uniform(0.7, 1.3), 0, 1)
    cv2.rectangle(image, (x, y), (x + w, y + h), sky.tolist(), -1)
    for _ in range(int(rng.integers(0, 6))):
        green = np.array([0.3, 0.5, 0.25]) * rng.uniform(0.4, 1.4)
        cv2.circle(image, (int(x + rng.random() * w), int(y + h * rng.uniform(0.6, 1))), int(w * rng.uniform(0.08, 0.3)) + 1, green.tolist(), -1)
    frame = (np.ones(3) * rng.uniform(0.3, 0.95)).tolist()
    cv2.rectangle(image, (x, y), (x + w, y + h), frame, 5)
    cv2.line(image, (x + w // 2, y), (x + w // 2, y + h), frame, 4)


def _curtain(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    x0, x1, y0, y1 = max(0, x), min(image.shape[1], x + w), max(0, y), min(image.shape[0], y + h)
    if x1 > x0 and y1 > y0:
        folds = 0.75 + 0.25 * np.sin(np.arange(x0, x1) / rng.uniform(3, 12) + rng.uniform(0, 6)) * rng.uniform(0.4, 1)
        image[y0:y1, x0:x1] = natural_colour(rng) * folds[None, :, None]


def _poster(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    cv2.rectangle(image, (x, y), (x + w, y + h), natural_colour(rng).tolist(), -1)
    for _ in range(int(rng.integers(1, 8))):
        at, colour = (int(x + rng.random() * w * 0.8), int(y + rng.random() * h)), natural_colour(rng).tolist()
        if rng.random() < 0.5:
            write(rng, image, at, 1.2)
        else:
            cv2.ellipse(image, at, (int(w * rng.uniform(0.05, 0.4)) + 1, int(h * rng.uniform(0.05, 0.4)) + 1), float(rng.uniform(0, 180)), 0, 360, colour, -1)
    cv2.rectangle(image, (x, y), (x + w, y + h), (natural_colour(rng) * 0.5).tolist(), int(rng.integers(1, 6)))


def _lamp(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    yy, xx = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
    glow = np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * (0.35 * max(w, 20)) ** 2))
    image += glow[..., None] * np.array([1, 0.92, 0.75], np.float32) * np.float32(rng.uniform(0.3, 1.0))


def _plant(rng: np.random.Generator, image: np.ndarray, x: int, y: int, w: int, h: int) -> None:
    for _ in range(int(rng.integers(6, 20))):
        green = np.array([0.25, 0.45, 0.2]) * rng.uniform(0.3, 1.5)
        at = (int(x + w * rng.random()), int(y + h * rng.random()))
        cv2.ellipse(image, at, (int(w * rng.uniform(0.1, 0.4)) + 1, int(w * rng.uniform(0.02, 0.1)) + 1), float(rng.uniform(0, 180)), 0, 360, green.tolist(), -1)


_THINGS = (_shelf, _window, _curtain, _poster, _lamp, _plant)


def room(rng: np.random.Generator, width: int, height: int, blur: float | None = None) -> np.ndarray:
    """A wall with furniture, out of focus by `blur` (drawn when None), lit unevenly."""
    image = _wall(rng, height, width).astype(np.float32)
    if rng.random() < 0.3:  # floor or desk line, door frame
        y = int(height * rng.uniform(0.5, 0.95))
        image[y:] = natural_colour(rng) * rng.uniform(0.4, 1)
    for _ in range(int(rng.integers(0, 5))):
        thing = _THINGS[rng.integers(len(_THINGS))]
        w, h = int(width * rng.uniform(0.1, 0.5)), int(height * rng.uniform(0.15, 0.8))
        thing(rng, image, int(rng.uniform(-0.1, 0.9) * width), int(rng.uniform(-0.1, 0.7) * height), w, h)
    sigma = rng.uniform(0, 0.012) * width if blur is None else blur
    if sigma > 0.2:
        image = cv2.GaussianBlur(image, (0, 0), float(sigma))
    image *= 1 + _slope(rng, height, width, 0.12)
    return np.clip(image, 0, 1).astype(np.float32)


def shapes(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Rectangles, ellipses, lines and letters of all sizes: what a detector must learn to pass over."""
    image = np.ones((height, width, 3), np.float32) * natural_colour(rng)
    for _ in range(int(rng.integers(3, 40))):
        x, y = int(rng.integers(-width // 3, width)), int(rng.integers(-height // 3, height))
        w, h = ((width * rng.uniform(0.02, 1, 2)) ** 1.0 * rng.uniform(0.1, 1)).astype(int) + 2
        colour, kind = natural_colour(rng).tolist(), rng.random()
        if kind < 0.45:
            cv2.rectangle(image, (x, y), (x + int(w), y + int(h)), colour, -1)
        elif kind < 0.8:
            cv2.ellipse(image, (x, y), (int(w) // 2 + 1, int(h) // 2 + 1), float(rng.uniform(0, 180)), 0, 360, colour, -1)
        elif kind < 0.9:
            cv2.line(image, (x, y), (x + int(w), y + int(h) * int(rng.choice([-1, 1]))), colour, int(rng.integers(1, 8)))
        else:
            write(rng, image, (x, y + 10), 1.5)
    if rng.random() < 0.6:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 4)))
    if rng.random() < 0.6:
        image = image + rng.uniform(0, 0.12) * clouds(rng, height, width)[..., None] * rng.uniform(0.3, 1, 3).astype(np.float32)
    return np.clip(image, 0, 1).astype(np.float32)
