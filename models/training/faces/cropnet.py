"""Crop net: landmarks, pose and state of one face.

Purpose: RGB 96×96 (`v / 127.5 − 1`) → 18 numbers: x, y of five points in 0…1 of the crop; yaw, pitch, roll in degrees; five
logits (`crops.OUTPUTS`).
Invariant: one output, as the runtime's port takes one; points are expectations over heat maps, so they always lie inside the crop.
Deliberately lacks dense landmarks: five points, pose and states are what the checks use.
"""

import torch
import torch.nn.functional as F
from torch import nn

from nets.layers import Residual, conv

from .crops import OUTPUTS

CELLS = 24
_DEGREES = 45.0


class CropNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(3, 20, 3, 2), conv(20, 32, 3, 2), Residual(32))
        self.middle = nn.Sequential(conv(32, 56, 3, 2), Residual(56))
        self.coarse = nn.Sequential(conv(56, 72, 3, 2), Residual(72))
        self.lift_coarse, self.lift_middle = conv(72, 56, 1, act=False), conv(56, 32, 1, act=False)
        self.merge = Residual(32)
        self.heat = nn.Conv2d(32, 5, 1)
        self.squeeze = conv(72, 24, 1)
        self.hidden = nn.Linear(24 * 36, 80)
        self.last = nn.Linear(80, 3 + len(OUTPUTS))
        axis = (torch.arange(CELLS) + 0.5) / CELLS
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        self.register_buffer("unit", torch.tensor([_DEGREES] * 3 + [1.0] * len(OUTPUTS)), persistent=False)
        self.register_buffer("grid", torch.stack([x.reshape(-1), y.reshape(-1)], 1), persistent=False)

    def forward(self, x):  # (B, 3, 96, 96) -> (B, 18)
        fine = self.fine(x)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        up = F.relu(middle + F.interpolate(self.lift_coarse(coarse), scale_factor=2.0, mode="nearest"))
        up = F.relu(fine + F.interpolate(self.lift_middle(up), scale_factor=2.0, mode="nearest"))
        heat = self.heat(self.merge(up))
        state = self.last(F.relu(self.hidden(self.squeeze(coarse).flatten(1))))
        with torch.autocast("cpu", enabled=False):  # eight bits of mantissa are too few for places
            points = torch.softmax(heat.float().reshape(-1, 5, CELLS * CELLS), -1) @ self.grid
        return torch.cat([points.reshape(-1, 10), state * self.unit], 1)


def split(rows):
    """(B, 18) of either library -> points (B, 5, 2), angles (B, 3), logits (B, 5)."""
    return rows[:, :10].reshape(-1, 5, 2), rows[:, 10:13], rows[:, 13:]


def loss_of(rows, points, angles, states, weights, seen) -> tuple[torch.Tensor, dict[str, float]]:
    p, a, s = split(rows.float())
    apart = (points[:, 0] - points[:, 1]).norm(dim=-1).clamp(min=0.18)[:, None, None]
    known = seen[:, None] / seen.mean().clamp(min=0.1)
    place = (F.smooth_l1_loss(p / apart, points / apart, beta=0.04, reduction="none").mean(2) * known).mean()
    pose = (F.smooth_l1_loss(a / _DEGREES, angles / _DEGREES, beta=0.1, reduction="none") * known).mean()
    each = F.binary_cross_entropy_with_logits(s, states, reduction="none")
    rare = 1 + 1.5 * torch.stack([1 - states[:, 0], 1 - states[:, 1], *states[:, 2:].unbind(1)], 1)  # shut, open mouth, smile, covered
    state = (each * weights * rare).sum() / weights.sum().clamp(min=1)
    return 8 * place + 3 * pose + state, {"points": place.item(), "pose": pose.item(), "states": state.item()}
