"""What forgers do to cards and to pictures of cards: other digits typed, moved or pasted, colour prints, printed highlights.

Invariant: the truth says what the forged card shows, its `edited` which characters of the line were edited (counted from 1), and no edit
touches a NIK's serial. Faces and ink are a forger's guess at the printer's; how good a guess is drawn. It takes no photographs.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from . import optics
from .card import Card
from .ink import OCR_A, SANS, SANS_BOLD, Line, _cap_ratio, _font
from .world import Shot

OTHER_FACES = ("liberation2/LiberationMono-Bold.ttf", "dejavu/DejaVuSansMono.ttf", "dejavu/DejaVuSansMono-Bold.ttf", SANS, SANS_BOLD,
               "croscore/Cousine-Bold.ttf")
OTHER_BODIES = ("liberation2/LiberationSerif-Regular.ttf", "dejavu/DejaVuSans.ttf", "liberation2/LiberationMono-Regular.ttf", SANS_BOLD,
                "croscore/Cousine-Bold.ttf")
EDITED = (3, 5, 7, 10, 11)
"""Places of the NIK that are changed: region, day, year. They leave it a number of a valid form."""
FINE = 4


@dataclass(frozen=True)
class Cell:
    """One printed digit: its text, place in the line, middle and size in card widths (heights for `y`)."""

    text: str
    nth: int
    x: float
    y: float
    advance: float
    cap: float


def _nik_cells(card: Card) -> list[Cell]:
    line = next(line for line in card.lines if line.kind == "value" and line.field == "nik")
    font = _font(OCR_A if line.x1 - line.x0 > .395 else SANS_BOLD, 1000.0)
    left, _, right, _ = font.getbbox(line.text)
    pitch = (line.x1 - line.x0) / (right - left) * font.getlength("0")
    start = line.x0 - left * (line.x1 - line.x0) / (right - left)
    return [_cell(card, line, text, nth, start + (nth + .5) * pitch, pitch) for nth, text in enumerate(line.text)]


def _cell(card: Card, line: Line, text: str, nth: int, x: float, advance: float) -> Cell:
    height, width = card.image.shape[:2]
    return Cell(text, nth, x, (line.y0 + line.y1) / 2, advance, (line.y1 - line.y0) * height / width)


def _date_cells(card: Card) -> list[Cell]:
    """The characters of the birth date, which ends its line."""
    line = [line for line in card.lines if line.kind == "value" and line.field == "birth"][-1]
    font, length = _font(SANS, 1000.0), len(line.text)
    scale = (line.x1 - line.x0) / font.getlength(line.text)
    ends = [line.x0 + font.getlength(line.text[:k]) * scale for k in range(length + 1)]
    start = length - 10
    return [_cell(card, line, line.text[k], k - start, (ends[k] + ends[k + 1]) / 2, ends[k + 1] - ends[k]) for k in range(start, length)]


def _box(cell: Cell, width: int, height: int, grow: float = 0.0) -> tuple[slice, slice]:
    half_x, half_y = cell.advance * width * (.5 + grow), cell.cap * width * (.62 + grow)
    x, y = cell.x * width, cell.y * height
    return slice(max(0, int(y - half_y)), int(y + half_y) + 1), slice(max(0, int(x - half_x)), int(x + half_x) + 1)


def _ink(card: Card) -> np.ndarray:
    """The colour of the card's print: the darkest tenth of the NIK's line."""
    height, width = card.image.shape[:2]
    cells = _nik_cells(card)
    first, last = _box(cells[0], width, height), _box(cells[-1], width, height)
    line = card.image[first[0], first[1].start:last[1].stop].reshape(-1, 3)
    return line[line.sum(1) <= np.quantile(line.sum(1), .1)].mean(0)


def _coverage(card: Card, cell: Cell, text: str, path: str, shift: tuple[float, float] = (0.0, 0.0), outset: float = 0.0) -> np.ndarray:
    """A digit's coverage on the flat card; `shift` in capitals, `outset` moves its edges by so many capitals."""
    height, width = card.image.shape[:2]
    cap_px = cell.cap * width * FINE
    font = _font(path, round(cap_px / _cap_ratio(path), 1))
    side = int(cap_px * 2.5)
    canvas = Image.new("L", (side, side))
    left, top, right, bottom = font.getbbox(text)
    ImageDraw.Draw(canvas).text((side / 2 - (left + right) / 2, side / 2 - (top + bottom) / 2), text, font=font, fill=255)
    glyph = np.asarray(canvas)
    reach = max(1, round(abs(outset) * cap_px)) * 2 + 1
    if outset:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        glyph = cv2.dilate(glyph, kernel) if outset > 0 else cv2.erode(glyph, kernel)
    x = cell.x * width + shift[0] * cell.cap * width - side / FINE / 2
    y = cell.y * height + shift[1] * cell.cap * width - side / FINE / 2
    small = cv2.GaussianBlur(glyph, (0, 0), FINE * .5)
    place = np.float32([[1 / FINE, 0, x], [0, 1 / FINE, y]])
    return cv2.warpAffine(small, place, (width, height), flags=cv2.INTER_AREA)


def _erased(image: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Ink inside `cover` smeared over with what is around it."""
    rows, columns = np.where(cover > 0)
    y0, y1, x0, x1 = max(0, rows.min() - 12), rows.max() + 13, max(0, columns.min() - 12), columns.max() + 13
    part, mask = image[y0:y1, x0:x1], cover[y0:y1, x0:x1]
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    paper, ink = np.quantile(grey, .8), np.quantile(grey, .03)
    dark = ((grey < paper - .2 * (paper - ink)) & (mask > 0)).astype(np.uint8)
    out = image.copy()
    out[y0:y1, x0:x1] = cv2.inpaint(part, cv2.dilate(dark, np.ones((3, 3), np.uint8)), 4, cv2.INPAINT_TELEA)
    return out


def _printed(image: np.ndarray, coverage: np.ndarray, ink: np.ndarray) -> np.ndarray:
    share = coverage[..., None].astype(np.float32) / 255
    return np.clip(image + (ink - image) * share, 0, 255).astype(np.uint8)


def _chosen(rng: random.Random, cells: list[Cell]) -> list[Cell]:
    return [cells[nth] for nth in sorted(rng.sample(EDITED, rng.choice([1, 1, 2, 3])))]


def _other_digit(rng: random.Random, cell: Cell) -> str:
    # A day may begin with any ten; its ones and the year's digits may be anything but nought, which could leave no date.
    return rng.choice([digit for digit in "123456789" if digit != cell.text])


def _told(card: Card, edits: dict[int, str]) -> dict[str, str]:
    nik = "".join(edits.get(nth, digit) for nth, digit in enumerate(card.truth["nik"]))
    return card.truth | {"nik": nik, "edited": _places(edits)}


def _places(edited: Iterable[int]) -> str:
    return " ".join(str(nth + 1) for nth in sorted(edited))


def _edited(card: Card, cells: list[Cell], digits: list[str], coverages: list[np.ndarray], truth: dict[str, str]) -> Card:
    height, width = card.image.shape[:2]
    image, ink = card.image, _ink(card)
    for cell, coverage in zip(cells, coverages, strict=True):
        cover = np.zeros((height, width), np.uint8)
        cover[_box(cell, width, height)] = 255
        image = _printed(_erased(image, cover), coverage, ink)
    return replace(card, image=image, truth=truth)


def _nik_edit(rng: random.Random, card: Card, other: bool, draw: Callable[[Cell, str], np.ndarray]) -> Card:
    cells = _chosen(rng, _nik_cells(card))
    digits = [_other_digit(rng, cell) if other else cell.text for cell in cells]
    coverages = [draw(cell, digit) for cell, digit in zip(cells, digits, strict=True)]
    return _edited(card, cells, digits, coverages, _told(card, {cell.nth: digit for cell, digit in zip(cells, digits, strict=True)}))


def digit_in_other_face(rng: random.Random, card: Card) -> Card:
    """One to three digits of the NIK in a typeface the printer does not have."""
    path = rng.choice(OTHER_FACES)
    return _nik_edit(rng, card, True, lambda cell, digit: _coverage(card, cell, digit, path))


def digit_in_other_weight(rng: random.Random, card: Card) -> Card:
    """The right typeface, but strokes fatter or thinner than the rest."""
    outset = rng.choice([-1, 1, 1]) * rng.uniform(.02, .05)
    return _nik_edit(rng, card, True, lambda cell, digit: _coverage(card, cell, digit, OCR_A, outset=outset))


def digit_moved(rng: random.Random, card: Card) -> Card:
    """The right typeface and weight, off the line or off the pitch."""
    def draw(cell: Cell, digit: str) -> np.ndarray:
        shift = [rng.uniform(-.02, .02), rng.uniform(-.02, .02)]
        shift[rng.randrange(2)] = rng.choice([-1, 1]) * rng.uniform(.06, .14)
        return _coverage(card, cell, digit, OCR_A, (shift[0], shift[1]))
    return _nik_edit(rng, card, True, draw)


def date_in_other_face(rng: random.Random, card: Card) -> Card:
    """One or two digits of the birth date's year in a typeface the printer does not have."""
    cells = [_date_cells(card)[nth] for nth in rng.choice([(9,), (8,), (8, 9)])]
    digits, path = [_other_digit(rng, cell) for cell in cells], rng.choice(OTHER_BODIES)
    coverages = [_coverage(card, cell, digit, path) for cell, digit in zip(cells, digits, strict=True)]
    year = list(card.truth["dateOfBirth"][:4])
    for cell, digit in zip(cells, digits, strict=True):
        year[cell.nth - 6] = digit
    told = {"dateOfBirth": "".join(year) + card.truth["dateOfBirth"][4:], "edited": _places(cell.nth for cell in cells)}
    return _edited(card, cells, digits, coverages, card.truth | told)


def colour_print(rng: random.Random, card: Card) -> Card:
    """A colour copy on plain paper: less gamut, dots of an ink jet, fine lines lost."""
    soft = cv2.GaussianBlur(card.image, (0, 0), rng.uniform(.8, 1.4)).astype(np.float32)
    grey = soft.mean(2, keepdims=True)
    soft = grey + (soft - grey) * rng.uniform(.6, .9)
    soft = 255 - (255 - soft) * rng.uniform(.8, 1.05) * np.array([rng.gauss(1, .04) for _ in range(3)], np.float32)
    dots = np.random.default_rng(rng.getrandbits(32)).standard_normal(soft.shape, np.float32)
    depth = rng.uniform(4, 12) * (1 - np.abs(soft / 127.5 - 1) * .6)
    return replace(card, image=np.clip(soft + cv2.GaussianBlur(dots, (0, 0), .6) * 2 * depth, 0, 255).astype(np.uint8))


def with_highlight(card: Card, spot: tuple[float, float, float, float, float]) -> Card:
    """A copy of a photograph in which a lamp shone: the highlight is part of the print."""
    height, width = card.image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) / width - spot[0], (np.arange(height, dtype=np.float32) / height - spot[1]) * height / width)
    u, v = x * np.cos(spot[4]) + y * np.sin(spot[4]), y * np.cos(spot[4]) - x * np.sin(spot[4])
    distance = np.sqrt((u / spot[2]) ** 2 + (v / spot[3]) ** 2)
    light = 320 * np.clip((1.25 - distance) / .5, 0, 1) + 90 * np.exp(-(distance / 2.2) ** 2)
    return replace(card, image=np.clip(card.image + light[..., None], 0, 255).astype(np.uint8))


def _to_picture(card: Card, shot: Shot) -> np.ndarray:
    height, width = card.image.shape[:2]
    return cv2.getPerspectiveTransform(np.float32([[0, 0], [width, 0], [width, height], [0, height]]), shot.quad.astype(np.float32))


def _saved(rng: random.Random, shot: Shot, image: np.ndarray) -> Shot:
    data = optics.encode_jpeg(image, rng.randint(82, 95))
    return replace(shot, image=optics.decode(data), jpeg=data)


def _cover_of(card: Card, shot: Shot, cell: Cell, grow: float = 0.0) -> np.ndarray:
    height, width = card.image.shape[:2]
    flat = np.zeros((height, width), np.uint8)
    flat[_box(cell, width, height, grow)] = 255
    return cv2.warpPerspective(flat, _to_picture(card, shot), (shot.image.shape[1], shot.image.shape[0]))


def pasted(rng: random.Random, shot: Shot, card: Card, source: Shot, other: Card) -> tuple[Shot, dict[str, str]]:
    """Digits of the picture covered with patches from a photograph of another card; every second forger matches the paper's tone."""
    cells, donors, image, edits = _nik_cells(card), _nik_cells(other), shot.image.copy(), {}
    height, width = card.image.shape[:2]
    size, matched = (image.shape[1], image.shape[0]), rng.random() < .5
    for cell in _chosen(rng, cells):
        donor = rng.choice([d for d in donors[:12] if d.text not in (cell.text, "0")] or donors[:1])
        scale = np.array([cell.advance / donor.advance, cell.cap / donor.cap])
        move = np.array([[scale[0], 0, (cell.x - donor.x * scale[0]) * width], [0, scale[1], (cell.y - donor.y * scale[1]) * height], [0, 0, 1]])
        patch = cv2.warpPerspective(source.image, _to_picture(card, shot) @ move @ np.linalg.inv(_to_picture(other, source)), size)
        cover = cv2.GaussianBlur(_cover_of(card, shot, cell, -.02), (0, 0), .6)
        inside = cover > 128
        if matched:
            levels = np.quantile(image[inside], .8, 0) / np.maximum(np.quantile(patch[inside], .8, 0), 1)
            patch = np.clip(patch * levels, 0, 255)
        share = cover[..., None].astype(np.float32) / 255
        image = (image * (1 - share) + patch * share).astype(np.uint8)
        edits[cell.nth] = donor.text
    return _saved(rng, shot, image), _told(card, edits)


def retyped(rng: random.Random, shot: Shot, card: Card) -> tuple[Shot, dict[str, str]]:
    """Digits of the picture smeared over and typed anew, in the right typeface or another, as sharp as a forger thinks right."""
    path = OCR_A if rng.random() < .6 else rng.choice(OTHER_FACES)
    image, edits, softness = shot.image, {}, rng.choice([0.0, .6, 1.0])
    size = (image.shape[1], image.shape[0])
    for cell in _chosen(rng, _nik_cells(card)):
        cover = _cover_of(card, shot, cell)
        area = image[cover > 0].astype(np.float32)
        ink = area[area.sum(1) <= np.quantile(area.sum(1), .08)].mean(0)
        digit = _other_digit(rng, cell)
        shift = (rng.gauss(0, .015), rng.gauss(0, .015))
        coverage = cv2.warpPerspective(_coverage(card, cell, digit, path, shift), _to_picture(card, shot), size, flags=cv2.INTER_AREA)
        coverage = cv2.GaussianBlur(coverage, (0, 0), softness) if softness else coverage
        image = _printed(_erased(image, cover), coverage, ink)
        edits[cell.nth] = digit
    return _saved(rng, shot, image), _told(card, edits)
