"""Visibility: what light and things hide on an upright card, and where each field's value stands on this very card.

Purpose: the net (BGR 160×256 → 40×64 cells of glare, things, and a choice among nothing and the 18 values), its input, its
targets, and the letters of each value that are hidden.
Invariant: a cell is 4 px wide and high; values are told where they are, or must be, whether or not they can be seen.
Deliberately lacks reading: rows follow from labels, lengths and gaps alone.
"""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .layers import Residual, conv

HEIGHT_PX, WIDTH_PX, CELL_PX = 160, 256, 4
ROWS, COLS = HEIGHT_PX // CELL_PX, WIDTH_PX // CELL_PX
FIELDS = ("nik", "fullName", "placeOfBirth", "dateOfBirth", "gender", "bloodType", "address", "rtRw", "kelurahan", "kecamatan", "religion",
          "maritalStatus", "occupation", "nationality", "validUntil", "issueDate", "province", "city")
"""In the order of the product's `Field::ALL`."""
MAPS = 2 + 1 + len(FIELDS)
LETTER_CELLS = np.array([3.18, 1.2, 1.2, 0.9, 1.08, 1.0, 1.22, 1.0, 1.2, 1.2, 1.1, 1.2, 1.22, 1.16, 1.1, 0.78, 2.15, 2.25], np.float32)
"""Cells that one letter of each value fills with its share of spaces, on average over printed cards."""


class Visibility(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(conv(3, 16, 3, 2), conv(16, 16, 3, 2))
        self.middle = nn.Sequential(conv(16, 32, 3, 2), Residual(32))
        self.wide = nn.Sequential(conv(32, 48, 3, 2), Residual(48), Residual(48, 2))
        self.lower = conv(48, 32, 1, act=False)
        self.lift = conv(32, 16, 1, act=False)
        self.join = conv(32, 32, 3)
        self.merge = conv(16, 32, 3)
        self.maps = nn.Conv2d(32, MAPS, 1)

    def forward(self, x):  # (B, 3, 160, 256) -> (B, 21, 40, 64)
        fine = self.fine(x)
        middle = self.middle(fine)
        wide = F.interpolate(self.lower(self.wide(middle)), scale_factor=2.0, mode="nearest")
        joined = self.join(F.relu(middle + wide))
        up = F.interpolate(self.lift(joined), scale_factor=2.0, mode="nearest")
        return self.maps(self.merge(F.relu(fine + up)))


def collate(images: np.ndarray) -> torch.Tensor:
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float()
    return x.div(127.5).sub(1).contiguous(memory_format=torch.channels_last)


def upright(picture: np.ndarray, quad: np.ndarray) -> np.ndarray:
    """Frame pixels to the net's: the card as the product cuts it out, from the picture or its half."""
    wide = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    while wide >= 2 * WIDTH_PX and min(picture.shape[:2]) >= 512:
        picture = cv2.resize(picture, (picture.shape[1] // 2, picture.shape[0] // 2), interpolation=cv2.INTER_AREA)
        quad, wide = (quad + .5) / 2 - .5, wide / 2
    return cv2.warpPerspective(picture, matrix(quad), (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def matrix(quad: np.ndarray) -> np.ndarray:
    w, h = WIDTH_PX - .5, HEIGHT_PX - .5
    return cv2.getPerspectiveTransform(quad.astype(np.float32), np.float32([[-.5, -.5], [w, -.5], [w, h], [-.5, h]]))


def cells(plane: np.ndarray) -> np.ndarray:
    """Means of an input-sized plane over the cells."""
    return plane.reshape(ROWS, CELL_PX, COLS, CELL_PX).mean((1, 3))


def hidden_letters(maps: torch.Tensor) -> torch.Tensor:
    """(B, 21, 40, 64) logits -> (B, 2, 18) letters of each value that glare and things hide."""
    trouble, place = torch.sigmoid(maps[:, :2]), torch.softmax(maps[:, 2:], 1)[:, 1:]
    sums = torch.einsum("bkyx,bfyx->bkf", trouble, place)
    return sums / torch.from_numpy(LETTER_CELLS)
