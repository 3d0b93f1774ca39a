"""Writes synth/data/places.tsv: the place names and Kemendagri codes that synthetic people live at.

Source: the npm package `idn-area-data` (data under the Open Database License, see synth/data/NOTICE.md).
Usage: `npm pack idn-area-data && tar xzf idn-area-data-*.tgz && python make_places.py package/data`.
Invariant: same package version in, same bytes out. It keeps every province, regency and district, but only a few
villages of each district: the generator needs variety of words, not a gazetteer.
"""

import csv
import random
import sys
from pathlib import Path

VILLAGES_PER_DISTRICT = 4
MAX_NAME_CHARS = 24


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def printable(name: str) -> str:
    """The name in the upper case and character set that cards print."""
    upper = " ".join(name.upper().split())
    return upper if all(c.isascii() for c in upper) else ""


def main(source: Path) -> None:
    rng = random.Random(20)
    villages: dict[str, list[str]] = {}
    for row in read(source / "villages.csv"):
        name = printable(row["name"])
        if name and len(name) <= MAX_NAME_CHARS and "(" not in name:
            villages.setdefault(row["district_code"], []).append(name)
    rows = []
    for level in ("provinces", "regencies"):
        rows += [(r["code"].replace(".", ""), printable(r["name"]), "") for r in read(source / f"{level}.csv")]
    for r in read(source / "districts.csv"):
        names = villages.get(r["code"], [])
        chosen = rng.sample(names, min(VILLAGES_PER_DISTRICT, len(names)))
        if chosen:
            rows.append((r["code"].replace(".", ""), printable(r["name"]), "|".join(chosen)))
    target = Path(__file__).parent / "synth" / "data" / "places.tsv"
    target.write_text("".join("\t".join(row) + "\n" for row in sorted(rows)), encoding="utf-8")
    print(f"{len(rows)} places -> {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
