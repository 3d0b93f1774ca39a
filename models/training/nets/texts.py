"""Texts as a card prints them.

Purpose: seeded sampling of one printed line (name, address, NIK, label …) with its kind.
Invariant: held-out texts share no name or place word with training texts, and no 16-digit line can be
a person's NIK: its serial is 0000, its date impossible or its province does not exist.
Deliberately lacks layout and pixels: `nets.ink` sets the line, `nets.camera` photographs it.
"""

import random

from . import lexicon
from .vocab import CHARS, printable

_ONSETS = "B C D F G H J K L M N P R S T W Y Z NG NY SY KH TR PR ".split(" ")
_SYLLABLES = [o + v + c for o in _ONSETS for v in "AIUEO" for c in ["", "", "", "N", "NG", "R", "S", "T", "H", "L", "M", "K"]]
_THIN_ONSETS = "L L T I J F R LI TI K H".split(" ")
_PROVINCE_CODES = {11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65, 71, 72,
                   73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97}
_KINDS = {
    "nik": 15, "name": 15, "birth": 11, "sex": 3, "address": 14, "rtrw": 6, "place": 9, "religion": 2.5, "marital": 2.5,
    "occupation": 7, "citizenship": 2, "valid": 4, "header": 5, "label": 6, "blood": 2, "labelled": 3, "date": 5, "issue": 4,
    "noise": 7,
}  # shares: what is hard or scored most is drawn most
MAX_CHARS = 40


class Texts:
    """Sampler over one half of the word lists: every sixth word is held out for measuring."""

    def __init__(self, rng: random.Random, held_out: bool = False):
        self.rng = rng
        self.held_out = held_out
        self.names = [w for i, w in enumerate(lexicon.NAME_WORDS) if (i % 6 == 0) == held_out]
        self.places = [w for i, w in enumerate(lexicon.PLACE_WORDS) if (i % 6 == 0) == held_out]

    def sample(self) -> tuple[str, str]:
        """-> (text as printed, kind)"""
        kind = self.rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        text = printable(getattr(self, kind)()) if kind != "rtrw" else self.rtrw()
        return self._cut(text) or "-", kind

    def _cut(self, text: str) -> str:
        if len(text) <= MAX_CHARS:
            return text.strip()
        cut = text[:MAX_CHARS]
        return (cut.rsplit(" ", 1)[0] if " " in cut else cut).strip()

    def _word(self, words: list[str]) -> str:
        invented = 0.3 if self.held_out else 0.2
        if self.rng.random() >= invented:
            return self.rng.choice(words)
        return "".join(self.rng.choice(_SYLLABLES) for _ in range(self.rng.randint(1, 4)))

    def name(self) -> str:
        r = self.rng
        words = [self._word(self.names) for _ in range(r.choices([1, 2, 3, 4, 5], [2, 5, 4, 1.5, 0.5])[0])]
        if r.random() < 0.08:
            words[-1] = words[-1][0] + ("." if r.random() < 0.5 else "")
        if r.random() < 0.06:
            words[0] += "."
        if r.random() < 0.05:
            words[-1] = words[-1][:2] + "'" + words[-1][2:]
        text = " ".join(words)
        return text + (", " if r.random() < 0.7 else ",") + r.choice(lexicon.TITLES) if r.random() < 0.06 else text

    def place(self, words: int | None = None) -> str:
        words = words or self.rng.choices([1, 2, 3], [5, 5, 1])[0]
        return " ".join(self._word(self.places) for _ in range(words))

    def date(self) -> str:
        r = self.rng
        return f"{r.randint(1, 31):02}-{r.randint(1, 12):02}-{r.randint(1930, 2035):04}"

    def birth(self) -> str:
        r = self.rng
        place = self.place(r.choices([1, 2], [3, 1])[0])
        return place + r.choices([", ", ",", ","], [8, 1, 1])[0] + self.date()

    def nik(self) -> str:
        r = self.rng
        born = f"{r.randint(1, 31) + r.choice([0, 40]):02}{r.randint(1, 12):02}{r.randint(0, 99):02}"
        region = f"{r.randint(1, 79):02}{r.randint(1, 40):02}"
        q = r.random()
        if q < 0.2:
            return f"{r.choice(sorted(_PROVINCE_CODES)):02}{region}{born}0000"
        if q < 0.5:
            nowhere = r.choice([c for c in range(100) if c not in _PROVINCE_CODES])
            return f"{nowhere:02}{region}{born}{r.randint(1, 99):04}"
        return self._impossible_digits()

    def _impossible_digits(self) -> str:
        r = self.rng
        # Repeats and the thin digits 1, 4, 7 are what a CTC decoder drops: half of the lines are rich in them.
        alphabet = "0123456789" if r.random() < 0.5 else r.choice(["0123456789111444", "01114477", "0011223344", "123456789" + 6 * r.choice("0123456789")])
        while True:
            digits = "".join(r.choice(alphabet) for _ in range(16))
            day, month = int(digits[6:8]), int(digits[8:10])
            if int(digits[:2]) not in _PROVINCE_CODES or not (1 <= month <= 12 and 1 <= day % 40 <= 31) or digits[12:] == "0000":
                return digits
            if alphabet != "0123456789":
                return digits[:8] + r.choice(["13", "14", "44", "41", "71", "17", "22", "00"]) + digits[10:]

    def address(self) -> str:
        r = self.rng
        text = (r.choice(lexicon.STREET_WORDS) + " ") if r.random() < 0.8 else ""
        text += self.place(r.choice([1, 1, 2, 2, 3]))
        q, letter = r.random(), r.choice("ABCDEFGHIJKLMNOPQRSTUVW")
        tails = [
            (0.22, f" NO.{r.randint(1, 250)}"), (0.36, f" NO {r.randint(1, 250)}"), (0.42, f" NO. {r.randint(1, 99)}{letter}"),
            (0.52, f" BLOK {letter}{r.randint(1, 30)}/{r.randint(1, 40)}"), (0.58, f" {letter}-{r.randint(1, 30)} NO. {r.randint(1, 40)}"),
            (0.66, " " + r.choice("I II III IV V VI VII VIII IX X XI XII".split())), (0.70, f" ({self._word(self.places)})"),
            (0.75, f" {r.randint(1, 99)}{letter}"), (0.80, f" RT {r.randint(1, 20):03} RW {r.randint(1, 20):02}"),
            (0.84, f" BLOK {letter}.{r.randint(1, 30)} NO.{r.randint(1, 40)}"), (0.87, f" KM {r.randint(1, 40)},{r.randint(0, 9)}"),
        ]
        return text + next((tail for limit, tail in tails if q < limit), "")

    def rtrw(self) -> str:
        r = self.rng
        a, b = (f"{r.randint(0, 60):03}", f"{r.randint(0, 40):03}") if r.random() < 0.8 else (f"{r.randint(0, 999):03}", f"{r.randint(0, 999):03}")
        if r.random() < 0.08:
            return r.choice(["-", "000/", "000/000", "-/-", f"{int(a)}/{int(b)}"])
        return a + r.choices(["/", " / ", " /  ", "/ ", "  /  "], [5, 3, 2, 1, 1])[0] + b

    def sex(self) -> str:
        return self.rng.choices(["LAKI-LAKI", "PEREMPUAN", "MALE", "FEMALE"], [8, 8, 1, 1])[0]

    def religion(self) -> str:
        return self.rng.choice(lexicon.RELIGIONS)

    def marital(self) -> str:
        return self.rng.choice(lexicon.MARITAL)

    def occupation(self) -> str:
        return self.rng.choice(lexicon.OCCUPATIONS)

    def citizenship(self) -> str:
        return "WNI" if self.rng.random() < 0.5 else self.rng.choice(lexicon.COUNTRIES)

    def valid(self) -> str:
        return "SEUMUR HIDUP" if self.rng.random() < 0.5 else self.date()

    def header(self) -> str:
        r = self.rng
        return r.choice([
            "PROVINSI " + r.choice(lexicon.PROVINCES), "KABUPATEN " + self.place(r.choice([1, 2])), "KOTA " + self.place(r.choice([1, 2])),
            "JAKARTA " + r.choice(["BARAT", "TIMUR", "UTARA", "SELATAN", "PUSAT"]),
        ])

    def issue(self) -> str:
        r = self.rng
        return self.date() if r.random() < 0.5 else r.choice(["", "", "KOTA "]) + self.place(r.choice([1, 1, 2]))

    def dense(self) -> tuple[str, str]:
        """What bad pictures lose first: thin letters side by side, single digits of dates and RT/RW, long names and addresses."""
        r = self.rng
        kind = r.choices(["name", "date", "rtrw", "address", "birth"], [8, 6, 5, 6, 3])[0]
        if kind in ("date", "rtrw"):
            return getattr(self, kind)(), kind
        if kind == "birth":
            return self._cut(f"{self._thin_word()}, {self.date()}"), kind
        words = [self._thin_word() if r.random() < 0.6 else self._word(self.names if kind == "name" else self.places) for _ in range(r.randint(1, 5))]
        if kind == "address":
            words = [r.choice(lexicon.STREET_WORDS), *words, r.choice(["NO.", "NO ", "RT ", "BLOK I", "GG. I", ""]) + str(r.choice([r.randint(1, 19), r.randint(1, 250)]))]
        return self._cut(printable(" ".join(words))) or "-", kind

    def _thin_word(self) -> str:
        r = self.rng
        return "".join(r.choice(_THIN_ONSETS) + r.choice("IIIAUE") + r.choice(["", "", "L", "LI", "T", "I", "R"]) for _ in range(r.randint(1, 4)))

    def label(self) -> str:
        return self.rng.choice(lexicon.LABELS) + self.rng.choice(["", "", " :", ":"])

    def blood(self) -> str:
        return self.rng.choice(lexicon.BLOOD)

    def labelled(self) -> str:
        r = self.rng
        value = r.choice([self.name, lambda: self.place(1), self.date, self.blood, self.marital])()
        return r.choice(lexicon.LABELS[1:]) + r.choice([" : ", " :", " : "]) + value

    def noise(self) -> str:
        r = self.rng
        return "".join(r.choice(CHARS[1:]) if r.random() < 0.87 else " " for _ in range(r.randint(2, 22)))
