"""The province, regency, district and village hierarchy with Kemendagri codes, as a synthetic person lives in it.

Invariant: every `Place.code` is a six-digit code of the list in `data/places.tsv`. It knows nothing of persons or cards.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """One district with the names its residents' cards print."""

    code: str
    province: str
    city: str
    district: str
    villages: tuple[str, ...]

    @property
    def city_name(self) -> str:
        """The city without the words that say what kind it is."""
        return self.city.removeprefix("KABUPATEN ").removeprefix("KOTA ")

    @property
    def issue_place(self) -> str:
        """The city as printed under the photograph: `KABUPATEN` is left out there, `KOTA` stays."""
        return self.city.removeprefix("KABUPATEN ")


def _printed_city(official: str) -> str:
    """Cards of the capital print `JAKARTA SELATAN`, not the official `KOTA ADMINISTRASI JAKARTA SELATAN`."""
    return official.replace("KOTA ADMINISTRASI ", "").replace("KABUPATEN ADMINISTRASI ", "KABUPATEN ")


@lru_cache(maxsize=1)
def _by_kind() -> dict[str, list[list[Place]]]:
    """Places grouped by kind of city, then by city: every city is equally likely within its kind."""
    names: dict[str, str] = {}
    cities: dict[str, list[Place]] = {}
    text = (Path(__file__).parent / "data" / "places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        code, name, villages = line.split("\t")
        names[code] = name
        if villages:
            city = _printed_city(names[code[:4]])
            place = Place(code, names[code[:2]], city, name, tuple(villages.split("|")))
            cities.setdefault(code[:4], []).append(place)
    kinds: dict[str, list[list[Place]]] = {"KABUPATEN": [], "KOTA": [], "JAKARTA": []}
    for places in cities.values():
        kinds[places[0].city.split(" ")[0]].append(places)
    return kinds


def random_place(rng: random.Random) -> Place:
    """A place; kinds of city come about as often as on the measured cards (29 : 18 : 12)."""
    kind = rng.choices(["KABUPATEN", "KOTA", "JAKARTA"], [0.53, 0.31, 0.16])[0]
    return rng.choice(rng.choice(_by_kind()[kind]))
