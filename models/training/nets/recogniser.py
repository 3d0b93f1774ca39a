"""Recogniser: a 32-px line crop to characters.

Purpose: the net (grey 1×32×W → one step of class logits per 4 px), its input normalisation and CTC decoding,
including the decode of a NIK as exactly 16 digits.
Invariant: crops are `(x − mean) / (std + 4)` and right-padded with 0 to a multiple of 16; the reader does the same.
Deliberately lacks a language model: field knowledge belongs to the reader.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from .layers import Residual, SequenceMixer, conv
from .vocab import BLANK, CHARS, CLASSES, encode

WIDTH_STEP_PX = 16
PX_PER_STEP = 4
_DIGITS = [CHARS.index(c) + 1 for c in "0123456789"]


@dataclass(frozen=True)
class Size:
    """Channels of the picture's three stages, width of the sequence, and how many mixers it has."""

    channels: tuple[int, int, int]
    width: int
    mixers: int


SIZES = {"glancer": Size((16, 32, 56), 160, 3), "recogniser": Size((32, 48, 96), 192, 2)}
"""Both are shipped: `glancer` has half the arithmetic and learns from `recogniser` (`nets.teach`), which reads what the other is not sure of."""


class Recogniser(nn.Module):
    def __init__(self, size: str = "glancer"):
        super().__init__()
        (a, b, c), width = SIZES[size].channels, SIZES[size].width
        self.image = nn.Sequential(conv(1, a, 3, 2), conv(a, b, 3, 2), Residual(b), conv(b, c, 3, (2, 1)), Residual(c))
        self.column = conv(c, width, (4, 1), padding=0)
        self.sequence = nn.Sequential(*(SequenceMixer(width) for _ in range(SIZES[size].mixers)))
        self.drop = nn.Dropout(0.1)
        self.classes = nn.Conv2d(width, CLASSES, 1)

    def forward(self, x):  # (B, 1, 32, W) -> (B, W / 4, CLASSES)
        x = self.sequence(self.column(self.image(x)))
        return self.classes(self.drop(x)).squeeze(2).transpose(1, 2)


def normalise(image: np.ndarray) -> np.ndarray:
    x = image.astype(np.float32)
    return (x - x.mean()) / (x.std() + 4.0)


def collate(images: list[np.ndarray]) -> torch.Tensor:
    width = -(-max(i.shape[1] for i in images) // WIDTH_STEP_PX) * WIDTH_STEP_PX
    x = np.zeros((len(images), 1, 32, width), np.float32)
    for row, image in zip(x, images):
        row[0, :, : image.shape[1]] = normalise(image)
    return torch.from_numpy(x).contiguous(memory_format=torch.channels_last)


def targets(texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    codes = [encode(t) for t in texts]
    return torch.tensor([c for code in codes for c in code]), torch.tensor([len(c) for c in codes])


def greedy(logits: np.ndarray) -> list[str]:
    """CTC best path of (B, T, CLASSES)."""
    out = []
    for row in logits.argmax(-1):
        keep = [c for i, c in enumerate(row) if c != BLANK and (i == 0 or c != row[i - 1])]
        out.append("".join(CHARS[c - 1] for c in keep))
    return out


def exact_digits(logits: np.ndarray, count: int = 16) -> str:
    """Most likely path of (T, CLASSES) that emits exactly `count` digits; every other class counts as blank."""
    x = logits - logits.max(-1, keepdims=True)
    logp = x - np.log(np.exp(x).sum(-1, keepdims=True))
    digit = logp[:, _DIGITS]
    other = np.log(np.exp(np.delete(logp, _DIGITS, 1)).sum(-1) + 1e-12)
    score = np.full((count + 1, 11), -1e9)  # [digits emitted, last digit or 10 = blank]
    score[0, 10] = 0
    back = []
    for t in range(len(logp)):
        new, ptr = np.full_like(score, -1e9), np.zeros(score.shape, int)
        new[:, 10], ptr[:, 10] = score.max(1) + other[t], score.argmax(1)
        for d in range(10):
            others = score.copy()
            others[:, d] = -np.inf
            enter = np.concatenate([[-1e9], others.max(1)[:-1] + digit[t, d]])
            stay = score[:, d] + digit[t, d]
            new[:, d] = np.maximum(stay, enter)
            ptr[:, d] = np.where(stay >= enter, d, 100 + np.concatenate([[10], others.argmax(1)[:-1]]))
        score = new
        back.append(ptr)
    k, s, out = count, int(score[count].argmax()), []
    for ptr in reversed(back):
        p = ptr[k, s]
        if p >= 100:
            out.append(str(s))
            k -= 1
        s = p % 100
    return "".join(reversed(out))
