"""Line finder: where the text lines of a rectified card are.

Purpose: the net (grey 400×640 → 100×80 maps of label ribbon, value ribbon, log height, row offset), its input
normalisation, its training targets and the reading of boxes from its maps.
Invariant: input is `(x − mean) / (std + 8)`; a cell is 4 px high and 8 px wide; height is `ln(h / 12 px)`, offset in 8 px.
Deliberately lacks reading order and fields: the reader assembles them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch.nn.functional as F
from torch import nn

from .canvases import HEIGHT_PX, WIDTH_PX, Canvas
from .layers import Bottleneck, conv

ROWS, COLS, CELL_H, CELL_W = 100, 80, 4, 8
_RIBBON = 0.36  # half height of a ribbon in cap heights: thin enough that rows stay apart
_ROW_Y, _COL_X = (np.arange(ROWS) + 0.5) * CELL_H, (np.arange(COLS) + 0.5) * CELL_W


class LineFinder(nn.Module):
    """In the runtime a convolution costs by the values it gathers, positions × inputs × kernel, not by its products: so patches are
    folded into channels at once, and 3×3 kernels see few channels."""

    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(CELL_H * CELL_W, 64, 1), conv(64, 16, 1), conv(16, 32, 3))
        self.wide = nn.Sequential(conv(32, 64, 2, 2, padding=0), Bottleneck(64, 24, (1, 1)), Bottleneck(64, 24, (1, 2)), Bottleneck(64, 24, (2, 4)))
        self.lift = conv(64, 32, 1, act=False)
        self.merge = nn.Sequential(conv(32, 16, 1), conv(16, 32, 3))
        self.maps = nn.Conv2d(32, 4, 1)

    def forward(self, x):  # (B, 1, 400, 640) -> (B, 4, 100, 80)
        cells = x.reshape(-1, ROWS, CELL_H, COLS, CELL_W).permute(0, 2, 4, 1, 3).reshape(-1, CELL_H * CELL_W, ROWS, COLS)
        fine = self.fine(cells)
        up = F.interpolate(self.lift(self.wide(fine)), scale_factor=2.0, mode="nearest")
        return self.maps(self.merge(F.relu(fine + up)))


def normalise(image: np.ndarray) -> np.ndarray:
    x = image.astype(np.float32)
    return (x - x.mean()) / (x.std() + 8.0)


def targets(canvas: Canvas) -> np.ndarray:
    maps = np.zeros((4, ROWS, COLS), np.float32)
    ribbons = [np.zeros((HEIGHT_PX, WIDTH_PX), np.float32) for _ in range(2)]
    for box in canvas.boxes:
        left, right, h = np.array(box.left), np.array(box.right), box.height
        half = np.array([0, _RIBBON * h])
        outline = np.round(np.array([left - half, right - half, right + half, left + half]) * 16).astype(np.int32)
        cv2.fillPoly(ribbons[0 if box.is_label else 1], [outline], 1.0, cv2.LINE_8, 4)
        for i in range(max(0, int(left[0] / CELL_W) - 1), min(COLS, int(right[0] / CELL_W) + 2)):
            y = left[1] + (right[1] - left[1]) * (_COL_X[i] - left[0]) / max(1, right[0] - left[0])
            rows = np.abs(_ROW_Y - y) < 0.6 * h + 2
            maps[2, rows, i] = np.log(max(h, 3) / 12)
            maps[3, rows, i] = (y - _ROW_Y[rows]) / 8
    for k in (0, 1):
        maps[k] = cv2.resize(ribbons[k], (COLS, ROWS), interpolation=cv2.INTER_AREA)
    return maps


@dataclass
class FoundLine:
    x0: float
    x1: float
    a: float  # y = a + b · x
    b: float
    height: float
    is_label: bool
    weight: float

    def y(self, x: float) -> float:
        return self.a + self.b * x


def _component(p: np.ndarray, maps: np.ndarray, ys: np.ndarray, xs: np.ndarray, is_label: bool) -> FoundLine:
    w = p[ys, xs]
    y, x = (ys + 0.5) * CELL_H + maps[3][ys, xs] * 8, (xs + 0.5) * CELL_W
    height = 12 * np.exp((maps[2][ys, xs] * w).sum() / w.sum())
    mx, my = (x * w).sum() / w.sum(), (y * w).sum() / w.sum()
    # The prior on zero slope keeps two-letter values from tilting.
    b = ((x - mx) * (y - my) * w).sum() / (((x - mx) ** 2 * w).sum() + 64 * w.sum())
    return FoundLine(float(xs.min() * CELL_W), float((xs.max() + 1) * CELL_W), my - b * mx, b, height, is_label, w.sum())


def _joins(left: FoundLine, right: FoundLine) -> bool:
    gap, middle = right.x0 - left.x1, (left.x1 + right.x0) / 2
    return (
        -10 <= gap < 2.2 * max(left.height, right.height) and right.x1 > left.x1
        and abs(left.y(middle) - right.y(middle)) < 0.35 * min(left.height, right.height) and 0.6 < left.height / right.height < 1.6
    )


def _join(left: FoundLine, right: FoundLine) -> FoundLine:
    xa, xb, w = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2, left.weight + right.weight
    ya, yb = left.y(xa), right.y(xb)
    b = float(np.clip((yb - ya) / max(8, xb - xa), -0.08, 0.08))
    a = (ya * left.weight + yb * right.weight - b * (xa * left.weight + xb * right.weight)) / w
    return FoundLine(left.x0, right.x1, a, b, (left.height * left.weight + right.height * right.weight) / w, left.is_label, w)


def boxes(logits: np.ndarray, threshold: float = 0.5) -> list[FoundLine]:
    """(4, 100, 80) -> lines: connected ribbons, a weighted line fit each, fragments of one row joined."""
    found = []
    for k in (0, 1):
        p = 1 / (1 + np.exp(-logits[k]))
        count, labels = cv2.connectedComponents((p > threshold).astype(np.uint8), connectivity=8)
        parts = []
        for i in range(1, count):
            ys, xs = np.where(labels == i)
            if len(ys) >= 2:
                parts.append(_component(p, logits, ys, xs, k == 0))
        found += _merged(sorted(parts, key=lambda part: part.x0))
    return found


def _merged(parts: list[FoundLine]) -> list[FoundLine]:
    while True:
        pair = next(((a, b) for a in parts for b in parts if a is not b and _joins(a, b)), None)
        if pair is None:
            return parts
        joined = _join(*pair)
        parts = [joined if p is pair[0] else p for p in parts if p is not pair[1]]
