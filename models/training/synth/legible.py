"""What of each printed value a picture hides, by the ink that things cover or light takes, counted in letters.

A value is hidden when as much of its ink is gone as one of its letters holds on average, and visible when at most a quarter of
that may be gone; in between nobody needs to agree, and it counts neither way. Ink under a thing is covered, ink whose contrast
with the paper light takes is washed out; where both happened nobody can tell, so it counts for neither surely and for both
perhaps. Invariant: exact masks decide, by printed ink, not by boxes. It draws nothing.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from . import ink
from .card import Card
from .placement import Placement

HIDDEN_LETTERS, VISIBLE_LETTERS = 1.0, 0.25
GONE, DIMMED = 0.75, 0.4
"""Share of ink's contrast that light must take for the ink to be gone, and from which on it may be."""


@dataclass(frozen=True)
class Value:
    """A printed value: its lines' boxes in fractions of the card, and its letters without spaces."""

    boxes: tuple[tuple[float, float, float, float], ...]
    letters: int


@dataclass(frozen=True)
class Loss:
    """Letters' worth of ink that are surely, and perhaps, washed out or covered; and that the frame cuts off."""

    glare: tuple[float, float]
    cover: tuple[float, float]
    cut: float

    def verdict(self, which: str) -> bool | None:
        """Hidden, visible, or neither. `which` is "glare" or "cover"."""
        sure, perhaps = self.glare if which == "glare" else self.cover
        if self.cut > VISIBLE_LETTERS:
            return None
        if sure >= HIDDEN_LETTERS:
            return True
        return False if perhaps <= VISIBLE_LETTERS else None


def values(card: Card) -> dict[str, Value]:
    """Every field's printed value. Place and date of birth, though set in one line, are two."""
    lines: dict[str, list[tuple[str, tuple[float, float, float, float]]]] = {}
    for line in card.lines:
        if line.kind != "value" or line.field == "issuePlace":
            continue
        for field, text, x0, x1 in _parts(line):
            lines.setdefault(field, []).append((text, (x0, line.y0, x1, line.y1)))
    letters = {field: sum(len(text.replace(" ", "")) for text, _ in parts) for field, parts in lines.items()}
    return {field: Value(tuple(box for _, box in parts), max(1, letters[field])) for field, parts in lines.items()}


def _parts(line: ink.Line) -> list[tuple[str, str, float, float]]:
    """The fields of one line with their texts and ends."""
    if line.field != "birth":
        return [(line.field, line.text, line.x0, line.x1)]
    place, comma, date = line.text.rpartition(",")
    if not comma:
        return [("dateOfBirth", line.text, line.x0, line.x1)]
    if not date.strip():
        return [("placeOfBirth", place, line.x0, line.x1)]
    font = ink._font(ink.SANS, 100.0)
    end, start = (font.getlength(text) / font.getlength(line.text) for text in (place, place + ", "))
    at = lambda share: line.x0 + share * (line.x1 - line.x0)
    return [("placeOfBirth", place, line.x0, at(end)), ("dateOfBirth", date.strip(), at(start), line.x1)]


def _ink(card: Card, box: tuple[float, float, float, float]) -> np.ndarray:
    """Where a box of the flat card holds ink: (n, 2) pixels."""
    height, width = card.image.shape[:2]
    left, top = int(box[0] * width), int(box[1] * height)
    part = card.image[top:int(box[3] * height) + 1, left:int(box[2] * width) + 1]
    gray = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    paper, dark = np.percentile(gray, 75), np.percentile(gray, 3)
    rows, columns = np.nonzero(gray < (paper + dark) / 2)
    return np.stack([columns + left + .5, rows + top + .5], 1).astype(np.float32)


def losses(card: Card, placement: Placement, cover: np.ndarray, lost: np.ndarray) -> dict[str, Loss]:
    """What a picture takes of each value. `cover` marks things and `lost` is the share of contrast lost, both frame-sized."""
    height, width = card.image.shape[:2]
    warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [width, 0], [width, height], [0, height]]), placement.quad)
    found = {}
    for field, value in values(card).items():
        points = np.concatenate([_ink(card, box) for box in value.boxes])
        if not len(points):
            continue
        x, y = cv2.perspectiveTransform(points[None], warp)[0].astype(int).T
        inside = (x >= 0) & (y >= 0) & (x < placement.width) & (y < placement.height)
        over, light = cover[y[inside], x[inside]] > 0, lost[y[inside], x[inside]]
        per_letter = len(points) / value.letters
        count = lambda mask: float(mask.sum() / per_letter)
        found[field] = Loss((count((light >= GONE) & ~over), count(light >= DIMMED)),
                            (count(over & (light < GONE)), count(over)), count(~inside))
    return found


def verdicts(found: dict[str, Loss], which: str) -> tuple[list[str], list[str]]:
    """The fields that are hidden, and those that count neither way."""
    said = {field: loss.verdict(which) for field, loss in found.items()}
    return [f for f, v in said.items() if v], [f for f, v in said.items() if v is None]
