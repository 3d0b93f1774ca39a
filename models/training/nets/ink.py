"""Sets one line of print, with its neighbours, over card paper.

Purpose: an ink mask and a paper strip at a fixed cap height, carrying what the three card templates do to text
(stroke weight, width scale, OCR-A or Arial-like NIK, colon, wear) and what stands around a line.
Invariant: coordinates of the returned `Strip` are exact; its `text` is what a reader should answer.
Deliberately lacks perspective, light and optics: `nets.camera` adds them.
"""

import functools
import os
import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from synth.abrasion import abrade, double_strike

from .texts import Texts

CAP_PX = 28
_TTF = "/usr/share/fonts/truetype/"
_REGULAR, _BOLD = "liberation2/LiberationSans-Regular.ttf", "liberation2/LiberationSans-Bold.ttf"
_BODY = [
    (_REGULAR, 14), (_BOLD, 4), ("croscore/Arimo-Regular.ttf", 2), ("croscore/Arimo-Bold.ttf", 1), ("freefont/FreeSans.ttf", 1),
    ("freefont/FreeSansBold.ttf", 0.7), ("dejavu/DejaVuSansCondensed.ttf", 0.4), ("open-sans/OpenSans-Semibold.ttf", 0.4),
    ("liberation/LiberationSansNarrow-Regular.ttf", 0.3), ("crosextra/Carlito-Bold.ttf", 0.3),
]
_OCR_A = [("ocr-a/OCRA.ttf", 8), ("ocr-a/OCRABold.ttf", 2), ("ocr-a/OCRACondensed.ttf", 0.4)]
_ARIAL_NIK = [(_BOLD, 4), (_REGULAR, 2), ("freefont/FreeSansBold.ttf", 1), ("croscore/Arimo-Bold.ttf", 1)]
_ARIAL_NIK_SHARE = 1 / 12  # 1 in 20 on real cards, drawn more often because it is the harder face
# Template: share, stroke/cap (mean, sd), width scale (mean, sd). Liberation Sans Regular itself measures .121.
_TEMPLATES = [(0.2, 0.12, 0.012, 0.90, 0.05), (0.25, 0.165, 0.022, 1.02, 0.03), (0.55, 0.153, 0.016, 1.0, 0.03)]
TAILS = ("worn", "double_strike", "signed", "dense")
"""Tails of `nets.tail_lines` that single lines can show; the others need a photographed card."""
_PITCH_PER_CAP = {"nik": (0.13, 0.155), "header": (0.185, 0.21), "": (0.235, 0.27)}  # guilloche pitch / cap height of the kind


@dataclass
class Strip:
    ink: np.ndarray  # (H, W) float32, 0 paper … 1 full ink
    paper: np.ndarray  # (H, W) float32 grey
    x0: float  # text box at CAP_PX scale
    x1: float
    cap_top: float
    cap_bottom: float
    colon_x0: float | None  # left edge of a colon in front of the text
    text: str
    kind: str


@functools.cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@functools.cache
def _available(faces: tuple) -> list[tuple[str, float]]:
    found = [(_TTF + path, weight) for path, weight in faces if os.path.exists(_TTF + path)]
    if not found:
        raise FileNotFoundError("no training fonts: apt-get install fonts-liberation2 fonts-liberation fonts-croscore fonts-ocr-a fonts-freefont-ttf")
    return found


def _pick(rng: random.Random, faces: list) -> str:
    found = _available(tuple(faces))
    return rng.choices([p for p, _ in found], [w for _, w in found])[0]


def _face(rng: random.Random, kind: str) -> str:
    if kind == "nik":
        return _pick(rng, _ARIAL_NIK if rng.random() < _ARIAL_NIK_SHARE else _OCR_A)
    if kind in ("noise", "date") and rng.random() < 0.15:
        return _pick(rng, _OCR_A)
    return _pick(rng, _BODY)


def _size(path: str) -> int:
    """Font size at which a capital H is CAP_PX high."""
    box = _font(path, 200).getbbox("H")
    return max(8, round(200 * CAP_PX / (box[3] - box[1])))


def set_text(rng: random.Random, text: str, path: str, advance: float | None = None) -> tuple[np.ndarray, float]:
    """-> (mask uint8 with the baseline box padded, y of the cap top). `advance`: fixed pitch in cap heights."""
    font = _font(path, _size(path))
    top = font.getbbox("H")[1]
    pad = CAP_PX // 2
    height = CAP_PX + 2 * pad
    tracking = rng.gauss(0, 0.025) * CAP_PX if rng.random() < 0.5 else 0.0
    if advance is None and abs(tracking) < 0.4:
        image = Image.new("L", (int(font.getlength(text)) + 10, height))
        ImageDraw.Draw(image).text((4, pad - top), text, font=font, fill=255)
        return np.asarray(image), pad
    steps = [advance * CAP_PX if advance else font.getlength(c) + tracking for c in text]
    image = Image.new("L", (int(sum(steps)) + CAP_PX + 10, height))
    draw, x = ImageDraw.Draw(image), 4.0
    for char, step in zip(text, steps):
        draw.text((x, pad - top), char, font=font, fill=255)
        x += step
    return np.asarray(image), pad


def _spread(ink: np.ndarray, stroke: float, natural: float) -> np.ndarray:
    """Grow or thin strokes to `stroke` cap heights by fractional grey dilation."""
    side = (stroke - natural) * CAP_PX / 2
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    grow = cv2.dilate if side > 0 else cv2.erode
    side = min(abs(side), 2.0)
    while side > 0.05:
        part = min(side, 1.0)
        ink = cv2.addWeighted(ink, 1 - part, grow(ink, kernel), part, 0)
        side -= part
    return ink


def _wear(rng: random.Random, noise: np.random.RandomState, ink: np.ndarray, x0: int, x1: int) -> np.ndarray:
    h, w = ink.shape
    if rng.random() < 0.3:  # uneven deposit
        patches = cv2.resize(noise.rand(max(2, h // 12), max(2, w // 12)).astype(np.float32), (w, h))
        ink = ink * (1 - rng.uniform(0.1, 0.6) * patches)
    if rng.random() < 0.06:  # a bite through one to three letters
        x, width = rng.uniform(x0, x1), CAP_PX * rng.uniform(0.1, 1.8)
        ink = ink.copy()
        ink[:, max(0, int(x)) : int(x + width)] *= rng.uniform(0.3, 0.85)
    if rng.random() < 0.08:  # specks and scratches that took ink off
        ink = np.ascontiguousarray(ink)
        for _ in range(rng.randint(1, 6)):
            x, y = rng.uniform(x0, x1), rng.uniform(0, h)
            end = (int(x + rng.gauss(0, 1) * CAP_PX), int(y + rng.gauss(0, 0.6) * CAP_PX))
            cv2.line(ink, (int(x), int(y)), end, rng.uniform(0, 0.4), rng.choice([1, 1, 2, 3]), cv2.LINE_AA)
    return ink


def paper_strip(rng: random.Random, noise: np.random.RandomState, pitch: float, w: int, h: int) -> np.ndarray:
    """Card paper in grey: near-horizontal guilloche arches of `pitch` px, slow blotches, now and then micro-band strokes."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    paper = np.full((h, w), rng.uniform(170, 240), np.float32)
    for k in range(rng.choice([1, 1, 2])):
        slope, bend, period = rng.gauss(0, 0.12), rng.uniform(0, 1.5) * pitch, rng.uniform(6, 60) * pitch
        phase = (yy + slope * xx + bend * np.sin(xx / period * 6.283 + rng.uniform(0, 6.283))) / (pitch * (1 if k == 0 else rng.uniform(0.8, 2.5)))
        duty = rng.uniform(0.2, 0.75)
        paper *= 1 - rng.uniform(0.04, 0.30) * np.clip((np.sin(6.283 * phase) - duty) / (1 - duty), 0, 1)
    blotch = cv2.resize(noise.randn(max(2, h // 40), max(2, w // 40)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    return np.clip(paper + blotch * rng.uniform(0, 7), 0, 255)


class Typesetter:
    """Draws strips from one seed; keeps a bank of paper because noise fields are the dearest part."""

    def __init__(self, seed: int, held_out: bool = False, papers: int = 36, tail: str | None = None):
        self.rng = random.Random(seed)
        self.noise = np.random.RandomState(seed & 0x7FFFFFFF)
        self.texts = Texts(self.rng, held_out)
        self.tail = tail
        self.papers: dict[str, list[np.ndarray]] = {}
        for key, (low, high) in _PITCH_PER_CAP.items():
            count = papers if key == "" else papers // 2
            self.papers[key] = [paper_strip(self.rng, self.noise, self.rng.uniform(low, high) * CAP_PX, 1600, 160) for _ in range(count)]

    def _paper(self, kind: str, w: int, h: int) -> np.ndarray:
        sheet = self.rng.choice(self.papers.get(kind, self.papers[""]))
        y = self.rng.randint(0, max(0, sheet.shape[0] - h))
        x = self.rng.randint(0, max(0, sheet.shape[1] - w)) if sheet.shape[1] > w else 0
        part = sheet[y : y + h, x : x + w]
        if part.shape != (h, w):
            part = cv2.copyMakeBorder(part, 0, h - part.shape[0], 0, w - part.shape[1], cv2.BORDER_REFLECT)
        return part[:, ::-1].copy() if self.rng.random() < 0.5 else part.copy()

    def _text(self) -> tuple[str, str]:
        if self.tail == "dense":
            return self.texts.dense()
        if self.tail == "signed":
            return self.texts.issue(), "issue"
        return self.texts.sample()

    def strip(self) -> Strip:
        r = self.rng
        shown, kind = self._text()
        path = _face(r, kind)
        advance = r.uniform(0.80, 0.92) if kind == "nik" and "ocr-a" in path else None
        mask, cap_top = set_text(r, shown, path, advance)
        inked = np.flatnonzero(mask.max(0))
        if len(inked) == 0:
            return self.strip()
        mask = mask[:, inked[0] : inked[-1] + 1]
        margin, pad = CAP_PX * 3, CAP_PX
        h, w = mask.shape[0] + 2 * pad, mask.shape[1] + 2 * margin
        ink = np.zeros((h, w), np.uint8)
        x0, x1, top = margin, margin + mask.shape[1], pad + cap_top
        ink[pad : pad + mask.shape[0], x0:x1] = mask
        colon = self._colon(ink, path, x0, pad) if kind not in ("label", "labelled", "header", "issue", "noise") else None
        self._neighbours(ink, path, top)
        _, stroke, sd, scale, scale_sd = r.choices(_TEMPLATES, [t[0] for t in _TEMPLATES])[0]
        natural = 0.12 if kind == "nik" else (0.2 if "Bold" in path else 0.121)
        target = max(stroke, natural) + abs(r.gauss(0, sd)) if "Bold" in path else r.gauss(stroke if kind != "nik" else 0.125, sd)
        ink = self._pressed(_spread(ink, target, natural), x0, x1)
        ink = _wear(r, self.noise, ink.astype(np.float32) / 255, x0, x1)
        scale = min(1.15, max(0.72, r.gauss(scale, scale_sd))) if kind != "nik" else r.uniform(0.95, 1.05)
        if abs(scale - 1) > 0.01:
            ink = cv2.resize(ink, (max(8, round(w * scale)), h), interpolation=cv2.INTER_AREA)
        x0, x1, colon = x0 * scale, x1 * scale, None if colon is None else colon * scale
        paper = self._paper(kind, ink.shape[1], h)
        self._surroundings(paper, ink, x0, x1, kind)
        text = " ".join(shown.upper().split())
        return Strip(ink, paper, x0, x1, top, top + CAP_PX, colon, text, kind)

    def _pressed(self, ink: np.ndarray, x0: int, x1: int) -> np.ndarray:
        """What the tail does to the ink, if it is one of print."""
        if self.tail == "worn":
            return abrade(self.rng, ink, CAP_PX)
        if self.tail == "double_strike":
            return double_strike(self.rng, ink, CAP_PX)
        if self.tail == "signed":
            return self._signed(ink, x0, x1)
        return ink

    def _signed(self, ink: np.ndarray, x0: int, x1: int) -> np.ndarray:
        """A signature's smooth loops across the line: taller than it, pen-thin to marker-thick, as dark as the print or paler."""
        r, h = self.rng, ink.shape[0]
        for _ in range(r.choice([1, 1, 2])):
            count = r.randint(5, 14)
            span = (x1 - x0) * r.uniform(0.35, 1.3)
            xs = r.uniform(x0, x1) - span / 2 + np.linspace(0, span, count) + np.array([r.gauss(0, span * 0.08) for _ in range(count)])
            ys = h * r.uniform(0.2, 0.8) + np.array([r.gauss(0, 1) for _ in range(count)]) * CAP_PX * r.uniform(0.5, 2.0)
            t = np.linspace(0, count - 1, count * 12)
            curve = [cv2.GaussianBlur(np.interp(t, range(count), v).astype(np.float32)[None], (25, 1), 4)[0] for v in (xs, ys)]
            thick = max(1, round(CAP_PX * r.choice([0.06, 0.08, 0.11, 0.14, 0.2, 0.3])))
            pen = cv2.polylines(np.zeros_like(ink), [np.int32(np.stack(curve, 1) * 8)], False, r.randint(150, 255), thick, cv2.LINE_AA, 3)
            ink = cv2.max(ink, pen)
        return ink

    def _colon(self, ink: np.ndarray, path: str, x0: int, pad: int) -> float | None:
        r = self.rng
        if r.random() > 0.6:
            return None
        mark, _ = set_text(r, ":", path)
        cols = np.flatnonzero(mark.max(0))
        mark = mark[:, cols[0] : cols[-1] + 1]
        x = x0 - mark.shape[1] - int(CAP_PX * r.uniform(0.15, 1.1))
        ink[pad : pad + mark.shape[0], x : x + mark.shape[1]] = mark
        return float(x)

    def _neighbours(self, ink: np.ndarray, path: str, top: int) -> None:
        """Rows above and below at the card's pitch, as they bleed into a crop."""
        r = self.rng
        pitch = CAP_PX * r.uniform(1.5, 1.9)
        for side in (-1, 1):
            if r.random() > 0.65:
                continue
            mask, cap_top = set_text(r, self.texts.sample()[0], path)
            y = int(top + side * pitch - cap_top)
            x = r.randint(-CAP_PX * 4, CAP_PX * 4)
            ys, xs = max(0, -y), max(0, -x)
            part = mask[ys : ys + ink.shape[0] - max(0, y), xs : xs + ink.shape[1] - max(0, x)]
            if part.size and y < ink.shape[0] and x < ink.shape[1]:
                area = ink[max(0, y) : max(0, y) + part.shape[0], max(0, x) : max(0, x) + part.shape[1]]
                np.maximum(area, part, out=area)

    def _surroundings(self, paper: np.ndarray, ink: np.ndarray, x0: float, x1: float, kind: str) -> None:
        """Photo box or card edge at a side, pen strokes of the signature, in place."""
        r = self.rng
        h, w = paper.shape
        if r.random() < 0.14:  # photo to the right, or card edge at either side
            right = r.random() < 0.7
            value = r.uniform(15, 200)
            edge = int(x1 + CAP_PX * r.uniform(0.0, 1.0)) if right else int(x0 - CAP_PX * r.uniform(0.15, 1.0))
            side = slice(edge, w) if right else slice(0, max(0, edge))
            paper[:, side] = value + self.noise.randn(*paper[:, side].shape).astype(np.float32) * r.uniform(0, 20)
            if right:
                ink[:, edge:] *= r.choice([0.0, 1.0])
        if r.random() < (0.35 if kind in ("issue", "date") else 0.03):
            points = np.cumsum([[r.uniform(-1.2, 1.6) * CAP_PX, r.uniform(-1.2, 1.2) * CAP_PX] for _ in range(9)], 0) + [r.uniform(x0, x1), h / 2]
            cv2.polylines(ink, [points.astype(np.int32)], False, r.uniform(0.5, 1), r.choice([1, 2, 2, 3, 4]), cv2.LINE_AA)
