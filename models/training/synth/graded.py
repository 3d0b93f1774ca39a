"""Graded pictures of nobody's cards for the evaluation sets: one picture per key, from flat and clean to bad.

Invariant: a picture depends on its key alone, every NIK has serial 0000, and up to severity 2 every printed value is whole
and in the picture unless an effect was asked for; what is covered stays in the truth. Nothing is written to disk here.
"""

import random

from . import card, people, world

MAX_SIDE_PX = 1000
TEMPLATES = {"A": 0.14, "B": 0.2, "C": 0.66}
PROFILES = ({"scan": 4, "photo": 5, "webcam": 2}, {"scan": 3, "photo": 5, "webcam": 3}, {"scan": 2, "photo": 5, "webcam": 4},
            {"scan": 1, "photo": 5, "webcam": 4})
ATTEMPTS = 50


def worn(rng: random.Random, severity: int) -> bool | None:
    """Clean cards are unworn, good and mediocre ones as worn as measured, some bad ones heavily."""
    if severity == 0:
        return False
    return True if severity == 3 and rng.random() < 0.15 else None


def print_card(rng: random.Random, severity: int) -> card.Card:
    """The card of an invented person, as worn as its severity allows."""
    person = people.random_person(rng, people.weighted(rng, TEMPLATES), serial="0000")
    return card.render(rng, person=person, worn=worn(rng, severity), heavy_share=0.0)


def picture(key: str, severity: int) -> tuple[world.Shot, dict[str, str]]:
    """One graded picture and its truth; draws again where a value was covered below severity 3."""
    for attempt in range(ATTEMPTS):
        rng = random.Random(f"{key}/{attempt}")
        printed = print_card(rng, severity)
        shot = world.photograph(rng, printed, people.weighted(rng, PROFILES[severity]), severity, max_side_px=MAX_SIDE_PX)
        if severity == 3 or not shot.hidden_fields:
            return shot, printed.truth
    raise RuntimeError("no picture with all values visible in 50 draws")
