"""Detector: where faces are.

Purpose: the net (RGB 192×192 letterboxed with grey 114, `v / 127.5 − 1` → 15 maps of 24×24), its targets and its decoding.
Invariant: stride 8, cell k lies at (k + .5) · 8 px. Map 0: centre logit; 1–4: ln of the distances to left, top, right and
bottom in strides; 5–14: x, y of the five points from the cell, in units of 16 px.
Deliberately lacks anchors and several scales: a selfie's face is large.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from nets.layers import Residual, conv

from .scenes import SIDE_PX, Scene

CELLS, STRIDE_PX, POINT_PX = 24, 8, 16
_AXIS = (np.arange(CELLS) + 0.5) * STRIDE_PX
_OVERLAP = 0.35  # boxes that share more than this of the smaller one are the same face


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(3, 16, 3, 2), conv(16, 24, 3, 2), conv(24, 48, 3, 2), Residual(48))
        self.middle = nn.Sequential(conv(48, 72, 3, 2), Residual(72), Residual(72, 2))
        self.coarse = nn.Sequential(conv(72, 72, 3, 2), Residual(72))
        self.lift_coarse, self.lift_middle = conv(72, 72, 1, act=False), conv(72, 48, 1, act=False)
        self.merge = Residual(48)
        self.head = nn.Sequential(conv(48, 48, 3), nn.Conv2d(48, 15, 1))
        nn.init.zeros_(self.head[-1].bias)
        self.head[-1].bias.data[0] = -4.0

    def forward(self, x):  # (B, 3, 192, 192) -> (B, 15, 24, 24)
        fine = self.fine(x)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        middle = F.relu(middle + F.interpolate(self.lift_coarse(coarse), scale_factor=2.0, mode="nearest"))
        up = F.interpolate(self.lift_middle(middle), scale_factor=2.0, mode="nearest")
        return self.head(self.merge(F.relu(fine + up)))


def collate(images: list[np.ndarray]) -> torch.Tensor:
    x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float()
    return x.div(127.5).sub(1).contiguous(memory_format=torch.channels_last)


def targets(scene: Scene) -> np.ndarray:
    """(18, 24, 24): heat, 4 distances px, 10 point offsets px, weight, size px, mask of cells that count."""
    out = np.zeros((18, CELLS, CELLS), np.float32)
    heat, weight, size, mask = out[0], out[15], out[16], out[17]
    size[:], mask[:] = 1, 1
    cx, cy = np.meshgrid(_AXIS, _AXIS)
    for x0, y0, x1, y1 in scene.ignored:
        mask[(cx > x0) & (cx < x1) & (cy > y0) & (cy < y1)] = 0
    order = np.argsort([-(b[2] - b[0]) * (b[3] - b[1]) for b in scene.boxes]) if len(scene.boxes) else []
    for k in order:  # small faces last: they win where faces overlap
        box, points = scene.boxes[k], scene.points[k]
        x, y, w, h = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]
        sx, sy = max(w * 0.09, 3.2), max(h * 0.09, 3.2)
        bell = np.exp(-((cx - x) ** 2 / (2 * sx * sx) + (cy - y) ** 2 / (2 * sy * sy))).astype(np.float32)
        row, column = min(CELLS - 1, max(0, int(y / STRIDE_PX))), min(CELLS - 1, max(0, int(x / STRIDE_PX)))
        bell[row, column] = 1
        np.maximum(heat, bell, out=heat)
        near = bell > 0.35
        weight[near], size[near] = bell[near], np.sqrt(w * h)
        for q, distance in enumerate((cx - box[0], cy - box[1], box[2] - cx, box[3] - cy)):
            out[1 + q][near] = distance[near]
        for q in range(5):
            out[5 + 2 * q][near], out[6 + 2 * q][near] = (points[q, 0] - cx)[near], (points[q, 1] - cy)[near]
    mask[heat > 0.35] = 1
    return out


def loss_of(maps: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, dict[str, float]]:
    """Focal loss of centres, IoU loss of boxes, smooth L1 of points relative to the face's size."""
    heat, weight, size, mask = wanted[:, 0], wanted[:, 15], wanted[:, 16], wanted[:, 17]
    p = torch.sigmoid(maps[:, 0]).clamp(1e-5, 1 - 1e-5)
    peak = (heat > 0.999).float()
    found = -(peak * (1 - p) ** 2 * p.log() + (1 - peak) * (1 - heat) ** 4 * p**2 * (1 - p).log() * mask).sum() / peak.sum().clamp(min=1)
    total = weight.sum() + 1
    near, true = torch.exp(maps[:, 1:5].clamp(-6, 4)) * STRIDE_PX, wanted[:, 1:5]
    inside = (torch.minimum(near[:, 0], true[:, 0]) + torch.minimum(near[:, 2], true[:, 2])) * (
        torch.minimum(near[:, 1], true[:, 1]) + torch.minimum(near[:, 3], true[:, 3])
    )
    area = lambda d: (d[:, 0] + d[:, 2]) * (d[:, 1] + d[:, 3])
    box = ((1 - inside / (area(near) + area(true) - inside + 1)) * weight).sum() / total
    off = F.smooth_l1_loss(maps[:, 5:] * POINT_PX / size[:, None], wanted[:, 5:15] / size[:, None], reduction="none", beta=0.03)
    points = (off.mean(1) * weight).sum() / total
    return found + 2 * box + 20 * points, {"centre": found.item(), "box": box.item(), "points": points.item()}


def decode(maps: np.ndarray, least: float = 0.3, most: int = 8) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """(15, 24, 24) -> [(score, box x0 y0 x1 y1, points 5×2)] in px of the square, best first, one per face."""
    score = 1 / (1 + np.exp(-maps[0]))
    faces: list[tuple[float, np.ndarray, np.ndarray]] = []
    for cell in np.argsort(-score, axis=None)[: 6 * most]:
        row, column = divmod(int(cell), CELLS)
        if score[row, column] < least or len(faces) == most:
            break
        at = np.array([_AXIS[column], _AXIS[row]])
        reach = np.exp(np.clip(maps[1:5, row, column], -6, 4)) * STRIDE_PX
        box = np.concatenate([at - reach[:2], at + reach[2:]])
        if all(_shared(box, other) < _OVERLAP for _, other, _ in faces):
            faces.append((float(score[row, column]), box, maps[5:, row, column].reshape(5, 2) * POINT_PX + at))
    return faces


def _shared(a: np.ndarray, b: np.ndarray) -> float:
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
