"""Alphabet of the recogniser.

Purpose: one shared order of characters for training, measuring and the reader in Rust.
Invariant: class 0 is the CTC blank, class i + 1 is `CHARS[i]`; the order never changes for a published model.
Deliberately lacks lower case: cards print values in capitals and labels are matched without case.
"""

CHARS = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./,:'()&+"
BLANK = 0
CLASSES = len(CHARS) + 1
INDEX = {char: i + 1 for i, char in enumerate(CHARS)}


def encode(text: str) -> list[int]:
    return [INDEX[char] for char in text]


def printable(text: str) -> str:
    """Single spaces, only characters the recogniser knows (case kept: it is what the card prints)."""
    kept = "".join(char for char in text if char.upper() in INDEX)
    return " ".join(kept.split())
