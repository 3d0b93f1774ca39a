"""Passive net: does one crop look like a recapture.

Purpose: RGB 128×128 (`v / 127.5 − 1`) around a face → `k`, a logit that it is live.
Invariant: one number, one voter among others; it decides nothing alone.
Deliberately lacks attack classes at run time: they only balance the training.
"""

import torch
from torch import nn

from nets.layers import Residual, conv


class Passive(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            conv(3, 16, 3, 2), conv(16, 24, 3, 2), Residual(24), conv(24, 36, 3, 2), Residual(36), conv(36, 48, 3, 2), Residual(48),
        )
        self.verdict = nn.Linear(96, 1)

    def forward(self, x):  # (B, 3, 128, 128) -> (B, 1)
        y = self.body(x)
        return self.verdict(torch.cat([y.mean((2, 3)), y.amax((2, 3))], 1))
