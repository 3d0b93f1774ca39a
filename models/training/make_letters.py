"""Writes crates/vision/src/decode/letters.bin: how letters follow one another in names, addresses and places.

An interpolated (Witten-Bell) model of the five last characters, within words: what follows a space knows only whether it is in a
name, begins an address, goes on in one, or names a place. All digits are one symbol. Counted over word lists of this folder and
the official regions' names (`assets/regions`), never over people's data; `synth/data/places.tsv` is left out, its licence being
another. What was counted fewer than `LEAST` times is dropped at the two longest orders.
Format, per order 1–5: number of n-grams (u32 LE); their keys (6 bits a symbol, the predicted one last), sorted, as LEB128 differences;
a byte each of −20 · ln p; and but for the last order a byte each of −20 · ln of the weight left to shorter contexts.
Usage: `python make_letters.py`; `python make_letters.py --words` prints the lists' words instead, for measuring what is in none.
"""

import argparse
import itertools
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from nets import lexicon
from synth import people, words

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "crates/vision/src/decode/letters.bin"
SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ#.,-/'():&+"
END, NAME, STREET, ON, PLACE = (len(SYMBOLS) + 1 + k for k in range(5))
ORDER, BITS = 5, 6
LEAST = 1.0
STEP = 20.0


def _codes(word: str) -> list[int]:
    return [SYMBOLS.index("#" if ch.isdigit() else ch) + 1 for ch in word]


def _region_words() -> list[str]:
    names = [line.split("\t")[1] for line in (ROOT / "assets/regions/regions.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [word for name in names for word in name.replace("(", " ").replace(")", " ").split()]


def _houses() -> list[str]:
    """House numbers and what stands for them, token by token."""
    rng = random.Random("letters")
    forms = [people._house(rng) for _ in range(3000)]
    forms += [f"RT.{k:03d}" for k in range(60)] + [f"RW.{k:02d}" for k in range(40)] + ["RT", "RW"] * 60 + [f"{k:03d}/{k:03d}" for k in range(60)]
    return [token for form in forms for token in form.split()]


def weighed() -> Iterator[tuple[int, str, float]]:
    """(where a word stands, the word, how often)."""
    regions = _region_words()
    places = [*lexicon.PLACE_WORDS, *regions, *(w for c in words.COUNTRIES for w in c.split())]
    names = [*words.MALE, *words.FEMALE, *words.FAMILY, *lexicon.NAME_WORDS]
    for word in names:
        yield NAME, word, 3.0
        yield NAME, word + ",", 0.2
        yield ON, word, 0.5
    for word in [*words.FOREIGN_FIRST, *(w for n in words.FOREIGN_LAST for w in n.split())]:
        yield NAME, word, 2.0
    for letter in SYMBOLS[:26]:
        yield NAME, letter, 1.5
        yield NAME, letter + ".", 1.5
    for title in [*words.TITLES_BEFORE, *words.TITLES_AFTER, *lexicon.TITLES]:
        yield NAME, title, 4.0
    for word in places:
        yield PLACE, word, 1.0
        yield ON, word, 0.3
        yield STREET, word, 0.1
    for word in [*words.STREETS, *lexicon.STREET_WORDS]:
        yield STREET, word, 12.0
        yield ON, word, 3.0
    for word in words.STREET_WORDS:
        yield STREET, word, 1.0
        yield ON, word, 4.0
    for word in words.ROMAN:
        yield ON, word, 6.0
    for token in _houses():
        yield ON, token, 0.2


def counted() -> list[dict[tuple[int, ...], Counter[int]]]:
    """Per length of context: what follows each, within words."""
    counts: list[dict[tuple[int, ...], Counter[int]]] = [defaultdict(Counter) for _ in range(ORDER)]
    for start, word, weight in weighed():
        line = [start, *_codes(word), END]
        for at, order in itertools.product(range(1, len(line)), range(ORDER)):
            if order <= at:
                counts[order][tuple(line[at - order:at])][line[at]] += weight
    return counts


def model() -> list[dict[tuple[int, ...], tuple[float, float]]]:
    """Per order: ln p of each n-gram and ln of the weight that its context leaves to the shorter one."""
    counts = counted()
    for order in range(ORDER - 2, ORDER):
        for context in list(counts[order]):
            kept = Counter({symbol: n for symbol, n in counts[order][context].items() if n >= LEAST})
            counts[order][context] = kept
            if not kept:
                del counts[order][context]
    p: list[dict[tuple[int, ...], float]] = [{} for _ in range(ORDER + 1)]
    left: dict[tuple[int, ...], float] = {}
    for order in range(ORDER):
        for context, following in counts[order].items():
            kinds, total = len(following), sum(following.values())
            left[context] = kinds / (kinds + total)
            for symbol, n in following.items():
                shorter = p[order].get((*context[1:], symbol), 1.0 / END) if order else 1.0 / END
                p[order + 1][(*context, symbol)] = n / (kinds + total) + left[context] * shorter
    # Contexts that begin a word are no n-grams of their own; they need a weight all the same.
    for context in left:
        if context:
            p[len(context)].setdefault(context, 1e-5)
    return [{gram: (math.log(q), math.log(left.get(gram, 1.0))) for gram, q in p[n].items()} for n in range(1, ORDER + 1)]


def _leb128(value: int) -> bytes:
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _byte(log: float) -> int:
    return min(255, max(0, round(-STEP * log)))


def packed() -> bytes:
    out = bytearray()
    for order, grams in enumerate(model(), start=1):
        keyed = sorted((sum(s << BITS * (len(gram) - 1 - k) for k, s in enumerate(gram)), value) for gram, value in grams.items())
        out += len(keyed).to_bytes(4, "little")
        previous = 0
        for key, _ in keyed:
            out += _leb128(key - previous)
            previous = key
        out += bytes(_byte(p) for _, (p, _) in keyed)
        if order < ORDER:
            out += bytes(_byte(left) for _, (_, left) in keyed)
    return bytes(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", action="store_true")
    if parser.parse_args().words:
        print("\n".join(sorted({word.rstrip(",") for _, word, _ in weighed()})))
    else:
        TARGET.write_bytes(packed())
        print(f"{TARGET.stat().st_size} bytes")
