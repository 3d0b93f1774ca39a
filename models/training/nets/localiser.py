"""Localiser: where the card is and which way up.

Purpose: the net (BGR 256×256 → heatmaps of the four *semantic* corners and a mask, and a has-card logit), its input
normalisation and the joint decoding of the corners.
Invariant: input is `x / 127.5 − 1` of a picture letterboxed with grey 114; stride 8, cell k lies at (k + .5) · 8 px.
Deliberately lacks refinement: the reader runs the same net again on the close crop.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .layers import Bottleneck, Residual, conv

CELLS, STRIDE_PX, PATCH_PX = 32, 8, 4
GRID = (np.arange(CELLS) + 0.5) * STRIDE_PX
_CARD_ASPECT = 1.5858


class Localiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(3, 16, 3, 2), conv(16, 32, 3, 2), conv(32, 40, 3, 2), Residual(40))
        self.coarse = nn.Sequential(conv(40, 64, 3, 2), Residual(64, 1), Residual(64, 2), Residual(64, 3))
        self.lift = conv(64, 40, 1, act=False)
        self.merge = Residual(40)
        self.maps = nn.Conv2d(40, 5, 1)
        self.presence = nn.Linear(128, 1)

    def forward(self, x):  # (B, 3, 256, 256) -> (B, 5, 32, 32), (B, 1)
        fine = self.fine(x)
        coarse = self.coarse(fine)
        up = F.interpolate(self.lift(coarse), scale_factor=2.0, mode="nearest")
        maps = self.maps(self.merge(F.relu(fine + up)))
        return maps, self.presence(torch.cat([coarse.mean((2, 3)), coarse.amax((2, 3))], 1))


class Tracker(nn.Module):
    """The same at a third of the cost, for a card that is followed from frame to frame. Shaped by what convolutions cost in the runtime, as the line finder is: patches folded into channels, few 3×3 inputs."""

    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(3 * PATCH_PX**2, 32, 1), conv(32, 48, 3, 2), Bottleneck(48, 24))
        self.coarse = nn.Sequential(conv(48, 96, 2, 2, padding=0), Bottleneck(96, 32), Bottleneck(96, 32, 2), Bottleneck(96, 32, 3), Bottleneck(96, 32))
        self.lift = conv(96, 48, 1, act=False)
        self.merge = Bottleneck(48, 24)
        self.maps = nn.Conv2d(48, 5, 1)
        self.presence = nn.Linear(192, 1)

    def forward(self, x):  # (B, 3, 256, 256) -> (B, 5, 32, 32), (B, 1)
        side = 256 // PATCH_PX
        patches = x.reshape(-1, 3, side, PATCH_PX, side, PATCH_PX).permute(0, 1, 3, 5, 2, 4).reshape(-1, 3 * PATCH_PX**2, side, side)
        fine = self.fine(patches)
        coarse = self.coarse(fine)
        up = F.interpolate(self.lift(coarse), scale_factor=2.0, mode="nearest")
        maps = self.maps(self.merge(F.relu(fine + up)))
        return maps, self.presence(torch.cat([coarse.mean((2, 3)), coarse.amax((2, 3))], 1))


def collate(images: list[np.ndarray]) -> torch.Tensor:
    x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float()
    return x.div(127.5).sub(1).contiguous(memory_format=torch.channels_last)


def _peaks(logits: np.ndarray, count: int = 3) -> list[tuple[np.ndarray, float]]:
    """Local means around the highest cells, with their log mass."""
    e = np.exp(logits - logits.max())
    p = e / e.sum()
    rest, out = p.copy(), []
    for _ in range(count):
        y, x = divmod(int(rest.argmax()), CELLS)
        rows, cols = slice(max(0, y - 2), y + 3), slice(max(0, x - 2), x + 3)
        window = p[rows, cols]
        mass = window.sum()
        point = np.array([(window.sum(0) * GRID[cols]).sum(), (window.sum(1) * GRID[rows]).sum()]) / mass
        out.append((point, float(np.log(mass + 1e-6))))
        rest[rows, cols] = 0
    return out


def decode(maps: np.ndarray) -> tuple[np.ndarray, float]:
    """(5, 32, 32) logits -> quad and score: the best of 3⁴ peak combinations under a card-shape prior."""
    candidates = [_peaks(maps[k]) for k in range(4)]
    best, best_score = None, -np.inf
    for a in range(81):
        picks = [candidates[0][a % 3], candidates[1][a // 3 % 3], candidates[2][a // 9 % 3], candidates[3][a // 27]]
        quad, score = np.array([p for p, _ in picks]), sum(s for _, s in picks)
        edges = np.roll(quad, -1, 0) - quad
        following = np.roll(edges, -1, 0)
        if (edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0] <= 20).any():
            score -= 20  # not convex, or mirrored
        length = np.linalg.norm(edges, axis=1) + 1e-3
        score -= 3 * abs(np.log(length[0] / length[2])) + 3 * abs(np.log(length[1] / length[3]))
        score -= 3 * max(0.0, abs(np.log((length[0] + length[2]) / (length[1] + length[3]) / _CARD_ASPECT)) - 0.25)
        if score > best_score:
            best, best_score = quad, score
    return best, best_score
