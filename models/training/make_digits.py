"""Writes crates/vision/src/tamper/digits.bin: what the card printer's digits look like, for telling edited ones.

Three faces (the NIK's OCR-A, the bold face that some cards' NIK has, the face of all other values), each with its digits 0–9 as coverage of
32 × 48 px: as wide as one advance, the capital height in the middle 32 rows. Bytes row by row, digit by digit, face by face. Drawn
from the free stand-ins that the generator uses. Usage: `python make_digits.py`.
"""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from synth.ink import OCR_A, SANS, SANS_BOLD, _cap_ratio, _font

WIDTH, HEIGHT, CAP, FINE = 32, 48, 32, 8
TARGET = Path(__file__).resolve().parents[2] / "crates/vision/src/tamper/digits.bin"


def form(path: str, digit: str) -> np.ndarray:
    """One digit's coverage."""
    font = _font(path, round(CAP * FINE / _cap_ratio(path), 1))
    top = font.getbbox("H")[1]
    advance = font.getlength("0")
    fine = Image.new("L", (round(advance), HEIGHT * FINE))
    ImageDraw.Draw(fine).text((0, (HEIGHT - CAP) * FINE / 2 - top), digit, font=font, fill=255)
    return cv2.resize(np.asarray(fine), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    TARGET.write_bytes(b"".join(form(path, digit).tobytes() for path in (OCR_A, SANS_BOLD, SANS) for digit in "0123456789"))
