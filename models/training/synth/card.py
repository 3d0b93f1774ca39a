"""One printed card, flat and evenly lit, with its lines and its truth.

Invariant: `lines` and `truth` say exactly what the picture prints. Light, optics and surroundings belong to `world`.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from .abrasion import abrade, double_strike
from .ink import ASPECT, InkLayer, Line, wear
from .layout import Print, draw_print, set_text
from .paper import draw_paper
from .people import Person, random_person
from .portrait import draw_portrait, draw_signature


@dataclass(frozen=True)
class Card:
    """`image` is BGR uint8, width over height 1.5858; line boxes are fractions of it."""

    image: np.ndarray
    lines: list[Line]
    truth: dict[str, str]
    person: Person


def _photo_box(rng: random.Random, sheet: Print) -> tuple[float, float, float, float]:
    x0, y0 = .710 + sheet.dx + rng.gauss(0, .003), .198 + sheet.dy + rng.gauss(0, .005)
    return x0, y0, x0 + rng.uniform(.228, .240), y0 + rng.uniform(.452, .472)


def _paste_photo(rng: random.Random, picture: np.ndarray, sheet: Print, person: Person, year: int) -> None:
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = _photo_box(rng, sheet)
    left, top, right, bottom = int(x0 * width), int(y0 * height), int(x1 * width), int(y1 * height)
    female = person.gender in ("PEREMPUAN", "FEMALE")
    picture[top:bottom, left:right] = draw_portrait(rng, right - left, bottom - top, year, female)


def _ink_colour(rng: random.Random) -> np.ndarray:
    """Blue-black, nearly black; one card in ten prints navy."""
    gray = rng.uniform(5, 35)
    blue = rng.uniform(35, 75) if rng.random() < 0.1 else rng.uniform(4, 24)
    return np.array([gray + blue, gray + blue * 0.25, max(0.0, gray - 6)], np.float32)


def _ink_jitter(rng: random.Random, layer: InkLayer) -> None:
    """Lines of one card differ a little in density; labels are often the paler ones."""
    label_loss = max(0.0, rng.gauss(0.02, 0.05))
    for line in layer.lines:
        loss = abs(rng.gauss(0, 0.03)) + (label_loss if line.kind == "label" else 0.0)
        if loss > 0.015:
            layer.fade(line, min(0.4, loss))


def _press(rng: random.Random, sheet: Print, tail: str) -> None:
    """What a tail does to the ink."""
    layer, cap_px = sheet.layer, sheet.body.cap * sheet.layer.width
    if tail == "worn":
        layer.mask = abrade(rng, layer.mask, cap_px)
    elif tail == "double_strike":
        layer.mask = double_strike(rng, layer.mask, cap_px)


def render(rng: random.Random, width_px: int = 1000, person: Person | None = None, template: str | None = None,
           worn: bool | None = None, heavy_share: float = 0.05, backdrop_year: int | None = None, tail: str | None = None) -> Card:
    """Draws a card. Without a person it invents one with random NIK serial digits (training only, never to be kept).

    `worn=None` wears cards as often as measured (`heavy_share` of them heavily), `False` keeps every stroke whole,
    `True` makes it a heavily worn one. `backdrop_year` colours the photograph as for another year of birth. `tail` is one of
    `tails.PRINTED` (others change the picture, not the card).
    """
    person = person or random_person(rng, template, serial=None)
    sheet = draw_print(rng, person, width_px)
    printed = set_text(rng, sheet, person)
    sheet.layer.spread(sheet.outset_px)
    _ink_jitter(rng, sheet.layer)
    if worn is not False:
        wear(rng, sheet.layer, heavy=worn is True or rng.random() < heavy_share)
    if tail:
        _press(rng, sheet, tail)
    picture = draw_paper(rng, width_px, person.issued.year, person.foreign and rng.random() < 0.6)
    _paste_photo(rng, picture, sheet, person, person.birth.year if backdrop_year is None else backdrop_year)
    touches = rng.random() < sheet.template.signature_touches
    signature = draw_signature(rng, *picture.shape[:2], touches, over_date=tail == "signed")
    density = rng.uniform(0.93, 1.0)
    coverage = cv2.max(sheet.layer.coverage(), cv2.convertScaleAbs(signature, alpha=rng.uniform(0.75, 1.0)))
    image = _print_on(picture, cv2.convertScaleAbs(coverage, alpha=density), _ink_colour(rng))
    return Card(image, sheet.layer.lines, printed.truth(), printed)


def _print_on(paper: np.ndarray, coverage: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Ink over paper by coverage, in 8-bit arithmetic for speed."""
    channels = []
    for plane, colour in zip(cv2.split(paper), ink, strict=True):
        bare = cv2.multiply(plane, 255 - coverage, scale=1 / 255)
        channels.append(cv2.add(bare, cv2.convertScaleAbs(coverage, alpha=float(colour) / 255)))
    return cv2.merge(channels)


def round_corner_mask(width_px: int, radius: float = 0.037) -> np.ndarray:
    """Coverage of the card's rounded rectangle, uint8."""
    height, r = round(width_px / ASPECT), round(radius * width_px)
    mask = np.zeros((height, width_px), np.uint8)
    cv2.rectangle(mask, (r, 0), (width_px - 1 - r, height - 1), 255, -1)
    cv2.rectangle(mask, (0, r), (width_px - 1, height - 1 - r), 255, -1)
    for x in (r, width_px - 1 - r):
        for y in (r, height - 1 - r):
            cv2.circle(mask, (x, y), r, 255, -1, cv2.LINE_AA)
    return mask
