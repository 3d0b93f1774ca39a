"""The personalised print: text set into one ink mask, its spread, its wear, and boxes that say where each line landed.

Invariant: a box's y range is the cap height of its line and its x range the ink itself, in fractions of the card.
It knows fonts and strokes, not what a KTP says; the mask is supersampled so that thin strokes keep their width.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ASPECT = 1.5858
SUPERSAMPLE = 2
FONT_ROOT = "/usr/share/fonts/truetype/"
SANS = "liberation2/LiberationSans-Regular.ttf"
SANS_BOLD = "liberation2/LiberationSans-Bold.ttf"
ARIMO = "croscore/Arimo-Regular.ttf"
OCR_A = "ocr-a/OCRA.ttf"
_SPREAD_SIGMA = 0.9
"""Blur (supersampled px) over which ink spreads; small enough to keep counters open."""


@dataclass(frozen=True)
class Line:
    """One printed line. `field` is an eval key, or `birth` for the shared place-and-date line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    kind: str
    field: str
    part: int = 0


@lru_cache(maxsize=512)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_ROOT + path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16)
def _cap_ratio(path: str) -> float:
    """Height of a capital over the font size."""
    box = _font(path, 1000.0).getbbox("H")
    return (box[3] - box[1]) / 1000.0


@dataclass(frozen=True)
class Face:
    """A typeface as one template prints it: cap height in card widths and width scale against the font."""

    path: str
    cap: float
    stretch: float = 1.0


class InkLayer:
    """Collects lines on a supersampled mask of the card."""

    def __init__(self, width_px: int) -> None:
        self.width, self.height = width_px * SUPERSAMPLE, round(width_px / ASPECT) * SUPERSAMPLE
        self.mask = np.zeros((self.height, self.width), np.uint8)
        self.lines: list[Line] = []

    def length(self, text: str, face: Face) -> float:
        """Advance width of a text in card widths."""
        return _font(face.path, self._size(face)).getlength(text) * face.stretch / self.width

    def _size(self, face: Face) -> float:
        return round(face.cap * self.width / _cap_ratio(face.path), 1)

    def _glyphs(self, text: str, face: Face, width: float | None) -> tuple[np.ndarray, int, int]:
        """Cropped coverage of a text at the wanted width, its left bearing and its cap top inside the crop."""
        font = _font(face.path, self._size(face))
        left, top, right, bottom = font.getbbox(text)
        left, top = int(left), int(top)
        image = Image.new("L", (max(1, int(right) - left + 2), max(1, int(bottom) - top + 2)))
        ImageDraw.Draw(image).text((-left, -top), text, font=font, fill=255)
        glyphs = np.asarray(image)
        stretch = face.stretch if width is None else width * self.width / max(1, glyphs.shape[1])
        if abs(stretch - 1.0) > 0.004:
            size = (max(1, round(glyphs.shape[1] * stretch)), glyphs.shape[0])
            glyphs = cv2.resize(glyphs, size, interpolation=cv2.INTER_LINEAR if stretch > 0.8 else cv2.INTER_AREA)
        return glyphs, round(left * stretch), int(font.getbbox("H")[1]) - top

    def put(self, text: str, x: float, y: float, face: Face, kind: str, field: str, *, anchor: str = "left",
            width: float | None = None, part: int = 0) -> Line:
        """Sets a text with its cap-height centre at `y` and its left edge (or centre) at `x`."""
        glyphs, bearing, cap_top = self._glyphs(text, face, width)
        cap_px = face.cap * self.width
        column = x * self.width + bearing if anchor == "left" else x * self.width - glyphs.shape[1] / 2
        col, row = round(column), round(y * self.height - cap_px / 2 - cap_top)
        y0, x0 = max(0, row), max(0, col)
        y1, x1 = min(self.height, row + glyphs.shape[0]), min(self.width, col + glyphs.shape[1])
        if y1 > y0 and x1 > x0:
            window = self.mask[y0:y1, x0:x1]
            np.maximum(window, glyphs[y0 - row:y1 - row, x0 - col:x1 - col], out=window)
        cap_row = row + cap_top
        line = Line(" ".join(text.split()), x0 / self.width, cap_row / self.height, x1 / self.width,
                    (cap_row + cap_px) / self.height, kind, field, part)
        self.lines.append(line)
        return line

    def spread(self, outset_px: float) -> None:
        """Moves every stroke edge outwards by so many supersampled pixels (ink gain; negative thins)."""
        threshold = NormalDist().cdf(-outset_px / _SPREAD_SIGMA)
        soft = cv2.GaussianBlur(self.mask, (0, 0), _SPREAD_SIGMA)
        width = min(0.55, 1.9 * threshold, 1.9 * (1.0 - threshold))
        ramp = np.clip((np.arange(256) / 255.0 - threshold) / width + 0.5, 0.0, 1.0)
        self.mask = cv2.LUT(soft, (ramp * 255).astype(np.uint8))

    def fade(self, line: Line, share: float) -> None:
        """Takes ink away from one line's band."""
        grow = 0.35 * (line.y1 - line.y0)
        rows = slice(max(0, int((line.y0 - grow) * self.height)), int((line.y1 + grow) * self.height))
        columns = slice(max(0, int(line.x0 * self.width)), int(line.x1 * self.width) + 1)
        self.mask[rows, columns] = (self.mask[rows, columns] * (1.0 - share)).astype(np.uint8)

    def coverage(self) -> np.ndarray:
        """The mask at card resolution, uint8."""
        size = (self.width // SUPERSAMPLE, self.height // SUPERSAMPLE)
        return cv2.resize(self.mask, size, interpolation=cv2.INTER_AREA)


def _bite(rng: random.Random, mask: np.ndarray, line: Line, heavy: bool) -> None:
    """A vertical loss one to three letters wide through a line or several rows."""
    height, width = mask.shape
    cap = (line.y1 - line.y0) * height
    x = rng.uniform(line.x0, line.x1) * width
    rows = rng.choice([0.7, 0.9, 1.2, 2.5])
    shape = (int(cap * rng.uniform(0.15, 0.6)), int(cap * rows * 0.7))
    centre = (int(x), int((line.y0 + line.y1) / 2 * height))
    bite = np.zeros(mask.shape, np.uint8)
    cv2.ellipse(bite, centre, shape, rng.uniform(-25, 25), 0, 360, 255, -1)
    y0, y1 = max(0, centre[1] - 3 * shape[1] - 20), centre[1] + 3 * shape[1] + 20
    x0, x1 = max(0, centre[0] - 3 * shape[1] - 20), centre[0] + 3 * shape[1] + 20
    loss = rng.uniform(0.5, 0.92) if heavy else rng.uniform(0.3, 0.68)
    keep = 1.0 - cv2.GaussianBlur(bite[y0:y1, x0:x1], (0, 0), 2.0).astype(np.float32) / 255.0 * loss
    mask[y0:y1, x0:x1] = (mask[y0:y1, x0:x1] * keep).astype(np.uint8)


def _scratch(rng: random.Random, mask: np.ndarray) -> None:
    height, width = mask.shape
    start = (rng.randrange(width), rng.randrange(height))
    end = (start[0] + rng.randint(-width // 3, width // 3), start[1] + rng.randint(-height // 3, height // 3))
    cv2.line(mask, start, end, 0, rng.choice([1, 1, 2, 3]), cv2.LINE_AA)


def wear(rng: random.Random, layer: InkLayer, heavy: bool, share: float = 0.06) -> None:
    """Breaks strokes: bites out of a share of the lines, hairline scratches, and specks where the card is worn."""
    for line in layer.lines:
        if line.kind != "colon" and rng.random() < share * (3 if heavy else 1):
            _bite(rng, layer.mask, line, heavy)
    for _ in range(rng.randint(2, 9) if heavy else rng.choice([0, 0, 0, 1, 2])):
        _scratch(rng, layer.mask)
    if heavy:
        noise = np.random.default_rng(rng.getrandbits(32)).random((layer.height // 6, layer.width // 6), np.float32)
        grain = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 1.0), (layer.width, layer.height))
        layer.mask = (layer.mask * np.clip((grain - 0.30) * 9.0, 0.25, 1.0)).astype(np.uint8)
