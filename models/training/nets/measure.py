"""Scores on held-out lines.

Purpose: character error rate, exact lines and exact NIKs, by severity, for any function from a batch to logits.
Invariant: the same held-out lines and rules for every model, so that figures compare.
Deliberately lacks field mapping: the reader's own evaluation measures whole cards.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from .recogniser import collate, exact_digits, greedy

_BATCH = 32


def edit_distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" :")


def lines(logits_of: Callable, items: list[tuple]) -> dict[str, float]:
    """-> cer_*, exact_* per severity and in all; exact_nik by greedy and exact_nik16 by the 16-digit decode."""
    errors, chars, right, count = (defaultdict(float) for _ in range(4))
    items = sorted(items, key=lambda item: item[0].shape[1])
    for k in range(0, len(items), _BATCH):
        part = items[k : k + _BATCH]
        logits = np.asarray(logits_of(collate([p[0] for p in part])), np.float32)
        for (_, text, kind, severity), row, read in zip(part, logits, greedy(logits)):
            truth, read = _plain(text), _plain(read)
            keys = [f"s{severity}", "all"] + (["nik"] if kind == "nik" else [])
            if kind == "nik":
                digits = truth[-16:]
                for key in ("nik16", f"nik16_s{severity}"):
                    count[key] += 1
                    right[key] += exact_digits(row) == digits
            distance = edit_distance(read, truth)
            for key in keys:
                errors[key] += distance
                chars[key] += len(truth)
                right[key] += read == truth
                count[key] += 1
    scores = {f"exact_{key}": right[key] / count[key] for key in sorted(count)}
    return scores | {f"cer_{key}": errors[key] / max(1, chars[key]) for key in sorted(chars)}
