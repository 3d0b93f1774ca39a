"""Synthetic people: coherent truths for the printed fields of a card.

Invariant: with `serial="0000"` (the default, and the only choice for anything committed) no NIK made here was ever issued.
The shares of dashes, disagreeing NIKs, foreign district codes and lengths follow measured cards. It draws nothing.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import words
from .places import Place, random_place

TEMPLATES = {"A": 0.1, "B": 0.15, "C": 0.75}
"""Print templates and their share among cards shown at a counter today."""


@dataclass(frozen=True)
class Person:
    """What one card says. Dates are real dates; texts are upper case as printed."""

    nik: str
    name: str
    birth_place: str
    birth: date
    gender: str
    blood: str
    address: str
    rt_rw: str
    village: str
    district: str
    religion: str
    marital: str
    occupation: str
    nationality: str
    expiry: date | None
    issued: date
    place: Place
    template: str
    foreign: bool

    def truth(self) -> dict[str, str]:
        """The eval keys in the eval value format; what the card does not print is left out, an unknown neighbourhood
        number is `000` however the card shortens it."""
        rt_rw = "000/000" if self.rt_rw == "000/" else self.rt_rw
        values = {
            "nik": self.nik, "fullName": self.name, "placeOfBirth": self.birth_place,
            "dateOfBirth": self.birth.isoformat(), "gender": self.gender, "bloodType": self.blood,
            "address": self.address, "rtRw": rt_rw, "kelurahan": self.village, "kecamatan": self.district,
            "religion": self.religion, "maritalStatus": self.marital, "occupation": self.occupation,
            "nationality": self.nationality, "validUntil": self.expiry.isoformat() if self.expiry else "SEUMUR HIDUP",
            "issueDate": self.issued.isoformat(), "province": self.place.province, "city": self.place.city,
        }
        return {key: " ".join(value.split()) for key, value in values.items() if value}


def weighted(rng: random.Random, table: dict[str, float]) -> str:
    """One key of a table of weights."""
    return rng.choices(list(table), list(table.values()))[0]


def invented_word(rng: random.Random) -> str:
    """A pronounceable word of no list: keeps a reader from learning a dictionary."""
    syllables = [rng.choice(words.ONSETS) + rng.choice("AIUEO") + rng.choice(words.CODAS) for _ in range(rng.randint(1, 4))]
    word = "".join(syllables)[:12]
    return word if len(word) > 2 else word + "AN"


def full_name(rng: random.Random, female: bool) -> str:
    """A name of one to four words, now and then with an initial, an apostrophe or a title."""
    first = words.FEMALE if female else words.MALE
    count = rng.choices([1, 2, 3, 4], [12, 23, 18, 5])[0]
    parts = [rng.choice(words.FAMILY if k and rng.random() < 0.5 else first) for k in range(count)]
    parts = [invented_word(rng) if rng.random() < 0.18 else part for part in parts]
    if count > 1 and rng.random() < 0.06:
        parts[rng.randrange(count)] = rng.choice("ABDEFHIJKLMNPRSTY") + rng.choice(["", "."])
    if rng.random() < 0.03:
        parts[-1] = parts[-1][:2] + "'" + parts[-1][2:]
    if count > 1 and rng.random() < 0.02:
        parts[-2:] = ["-".join(parts[-2:])]
    name = " ".join(parts)
    if rng.random() < 0.05:
        name = f"{rng.choice(words.TITLES_BEFORE)} {name}"
    if rng.random() < 0.06:
        name += rng.choice([", ", ", ", " ", ","]) + rng.choice(words.TITLES_AFTER)
    return name[:46].rstrip(" ,.'-")


def _house(rng: random.Random) -> str:
    n = rng.randint
    block = rng.choice("ABCDEFGHIJKLMNPQRSTW")
    return rng.choice([
        lambda: f"NO.{n(1, 250)}", lambda: f"NO. {n(1, 250)}", lambda: f"NO {n(1, 250)}", lambda: f"NO : {n(1, 250)}",
        lambda: f"NO.{n(1, 99)}{block}", lambda: f"BLOK {block}{n(1, 30)}/{n(1, 40)}", lambda: f"BLOK {block} NO.{n(1, 60)}",
        lambda: f"{block}-{n(1, 30)} NO. {n(1, 40)}", lambda: f"{block}{n(1, 20)} NO {n(1, 40)}", lambda: f"{n(1, 99)}",
        lambda: f"{n(1, 60)}-{n(61, 99)}", lambda: f"NO.{n(1, 90)}/{n(1, 90)}", lambda: f"KM {n(1, 30)}", lambda: f"KAV.{n(1, 90)}",
    ])()


def street_address(rng: random.Random, place: Place) -> str:
    """An address line; lengths spread as measured (median about 21 characters, up to 54)."""
    def words_of(count: int) -> list[str]:
        pool = [rng.choice(words.STREET_WORDS), rng.choice(words.STREET_WORDS), rng.choice(place.villages), invented_word(rng)]
        return rng.sample(pool, count)

    if rng.random() < 0.12:
        return " ".join(words_of(rng.choice([1, 1, 2])))
    parts = [rng.choice(words.STREETS)] + words_of(rng.choices([1, 2, 3], [6, 5, 1])[0])
    if parts[0].endswith(".") and rng.random() < 0.3:
        parts[:2] = [parts[0] + parts[1]]
    if rng.random() < 0.22:
        parts.append(rng.choice(words.ROMAN))
    if rng.random() < 0.6:
        parts.append(_house(rng))
    if rng.random() < 0.2:
        parts += [rng.choice(words.STREETS)] + words_of(1) + ([_house(rng)] if rng.random() < 0.4 else [])
    if rng.random() < 0.05:
        parts.append(f"({rng.choice(words.STREET_WORDS)})")
    return " ".join(parts)[:56].rstrip(" ,.-(")


def nik_number(rng: random.Random, code: str, birth: date, female: bool, serial: str | None) -> str:
    """District code, birth date (day + 40 for women), serial; `serial=None` draws one."""
    day = birth.day + (40 if female else 0)
    tail = serial if serial is not None else f"{rng.choice([rng.randint(1, 40), rng.randint(1, 9999)]):04d}"
    return f"{code}{day:02d}{birth.month:02d}{birth.year % 100:02d}{tail}"


def _disagreeing(rng: random.Random, birth: date, female: bool) -> tuple[date, bool]:
    """What a wrong NIK encodes: another date (the commoner slip) or the other sex."""
    if rng.random() < 0.25:
        return birth, not female
    return birth + timedelta(days=rng.choice([-1, 1, 10, 31, -365, rng.randint(-4000, 4000)])), female


def _dates(rng: random.Random, template: str) -> tuple[date, date, bool]:
    """Birth, issue and whether the card never expires, as the template's years have it."""
    first, last = {"A": (2012, 2013), "B": (2011, 2013), "C": (2014, 2025)}[template]
    issued = date(first, 1, 1) + timedelta(days=rng.randrange((last - first + 1) * 365))
    age_days = int((17 + min(70.0, rng.expovariate(1 / 15))) * 365.25) + rng.randrange(365)
    birth = issued - timedelta(days=age_days)
    lifelong = rng.random() < 0.99 if template == "C" else age_days > 60 * 365
    return birth, issued, lifelong


def _anniversary(birth: date, year: int) -> date:
    """The birthday in a year; a leap-day child's is 28 February."""
    return birth.replace(year=year, day=28 if (birth.month, birth.day) == (2, 29) else birth.day)


def _rt_rw(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.03:
        return "000/000"
    if roll < 0.045:
        return "000/"
    return f"{rng.randint(1, 25):03d}/{rng.randint(0, 22):03d}"


def _occupation(rng: random.Random) -> str:
    return weighted(rng, words.COMMON_OCCUPATIONS) if rng.random() < 0.6 else rng.choice(words.OCCUPATIONS)


def random_person(rng: random.Random, template: str | None = None, serial: str | None = "0000") -> Person:
    """A resident, 1.5 % of them foreigners. Pass `serial=None` only for training pictures that are never kept."""
    template = template or weighted(rng, TEMPLATES)
    place, female = random_place(rng), rng.random() < 0.42
    birth, issued, lifelong = _dates(rng, template)
    coded = random_place(rng).code if rng.random() < 0.25 else place.code
    shown = _disagreeing(rng, birth, female) if rng.random() < 0.02 else (birth, female)
    born_at = place.city_name if rng.random() < 0.5 else random_place(rng).city_name
    if rng.random() < 0.15:
        born_at = rng.choice([place.district, rng.choice(place.villages), invented_word(rng)])
    person = Person(
        nik=nik_number(rng, coded, *shown, serial), name=full_name(rng, female), birth_place=born_at, birth=birth,
        gender="PEREMPUAN" if female else "LAKI-LAKI", blood=weighted(rng, words.BLOOD),
        address=street_address(rng, place), rt_rw=_rt_rw(rng), village=rng.choice(place.villages), district=place.district,
        religion=weighted(rng, words.RELIGIONS), marital=weighted(rng, words.MARITAL), occupation=_occupation(rng),
        nationality="WNI", expiry=None if lifelong else _anniversary(birth, issued.year + 5), issued=issued,
        place=place, template=template, foreign=False,
    )
    return _foreigner(rng, person) if template == "C" and rng.random() < 0.02 else person


def _foreigner(rng: random.Random, person: Person) -> Person:
    """The same resident as a permit holder: English values and an expiry date."""
    first, last = rng.choice(words.FOREIGN_FIRST), rng.choice(words.FOREIGN_LAST)
    return replace(
        person, name=f"{first} {last}" if rng.random() < 0.7 else f"{first} {rng.choice(words.FOREIGN_FIRST)} {last}",
        birth_place=rng.choice([invented_word(rng), rng.choice(words.COUNTRIES)]),
        gender="FEMALE" if person.gender == "PEREMPUAN" else "MALE", religion=rng.choice(words.FOREIGN_RELIGIONS),
        marital=weighted(rng, words.FOREIGN_MARITAL), occupation=rng.choice(words.FOREIGN_OCCUPATIONS),
        nationality=rng.choice(words.COUNTRIES), expiry=person.issued + timedelta(days=rng.randint(300, 1825)), foreign=True,
    )
