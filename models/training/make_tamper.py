"""Writes a benchmark of tampering: DIR/{truth.json,images/*.jpg}, for `loketctl bench tamper`.

For each severity 0–2: 2N genuine cards and N of each attack; N genuine bursts of five frames and N of each attack on bursts. A
picture's `kind` is `severityS/group`, a burst's `burst/group`. The truth is what the picture prints, edits included; `edited` names the edited
characters of NIK or birth date as printed, counted from 1. Genuine cards agree
with themselves: the few real ones that do not are no tampering, and are counted elsewhere. Invariant: same code, seed and N, same
bytes; the serial of every NIK stays 0000. Usage: `python make_tamper.py --out DIR [--seed NAME] [--cards N]`; one line a picture.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np

from make_bench import BURST_FRAMES, Job, command, entry_of, held
from synth import card, forgery, graded, optics, people, world
from synth.conditions import Conditions, draw_conditions
from synth.light import glare_spot
from synth.placement import place

PROFILES = ({"scan": 3, "photo": 5, "webcam": 4}, {"scan": 2, "photo": 5, "webcam": 5}, {"scan": 1, "photo": 5, "webcam": 6})
SEVERITIES = len(PROFILES)
GENUINE = "genuine"
WRONG_NIK = ("nik_date", "nik_sex", "nik_unknown_region", "nik_other_province")
FLAT_EDITS = ("digit_face", "digit_weight", "digit_moved", "date_face")
PICTURE_EDITS = ("digit_pasted", "digit_retyped")
COPIES = ("screen", "grey_copy", "colour_print")
ATTACKS = (*WRONG_NIK, "backdrop", *FLAT_EDITS, *PICTURE_EDITS, *COPIES)
BURSTS = (GENUINE, "printed_highlight", "matt_print")
Drawn = tuple[world.Shot, dict[str, str]]


def jobs(cards: int) -> list[Job]:
    """Everything a benchmark of `cards` an attack holds, in its order."""
    found = []
    for severity in range(SEVERITIES):
        found += [Job(f"severity{severity}/{GENUINE}", k) for k in range(2 * cards)]
        found += [Job(f"severity{severity}/{attack}", k) for attack in ATTACKS for k in range(cards)]
    return found + [Job(f"burst/{group}", k, BURST_FRAMES) for group in BURSTS for k in range(cards)]


def _agreeing(rng: random.Random) -> people.Person:
    """Somebody whose card agrees with itself; one in four was registered elsewhere, as measured."""
    person = people.random_person(rng, people.weighted(rng, graded.TEMPLATES), serial="0000")
    female = person.gender in ("PEREMPUAN", "FEMALE")
    return replace(person, nik=people.nik_number(rng, person.nik[:6], person.birth, female, "0000"))


def _with_wrong_nik(rng: random.Random, person: people.Person, attack: str) -> people.Person:
    female = person.gender in ("PEREMPUAN", "FEMALE")
    code, birth = person.nik[:6], person.birth
    if attack == "nik_date":
        birth += timedelta(days=rng.choice([-1, 1, 10, 31, -365, rng.randint(30, 4000)]))
    elif attack == "nik_sex":
        female = not female
    elif attack == "nik_unknown_region":
        code = f"{rng.choice([10, 20, 30, 40, 50, 77, 88, 98])}{rng.randint(1, 99):02d}{rng.randint(1, 40):02d}"
    else:
        while code[:2] == person.place.code[:2]:
            code = people.random_place(rng).code
    return replace(person, nik=people.nik_number(rng, code, birth, female, "0000"))


def _print(rng: random.Random, severity: int, group: str) -> card.Card:
    person = _agreeing(rng)
    if group in WRONG_NIK:
        person = _with_wrong_nik(rng, person, group)
    year = person.birth.year + (group == "backdrop")
    return card.render(rng, person=person, worn=graded.worn(rng, severity), heavy_share=0.0, backdrop_year=year)


def _conditions(rng: random.Random, severity: int, group: str) -> Conditions:
    profile = people.weighted(rng, PROFILES[severity])
    effect = {"screen": "screen", "grey_copy": "photocopy"}.get(group)
    if effect == "screen" and profile == "scan":
        profile = "photo"
    drawn = draw_conditions(rng, profile, severity, effect)
    # Severity 2 has a few screens and copies of its own.
    return replace(drawn, screen=effect == "screen", copied=effect == "photocopy")


def _flat(rng: random.Random, printed: card.Card, group: str) -> card.Card:
    """What is done to the card, or to a file that is printed again, before it is photographed."""
    flat: dict[str, Callable[[random.Random, card.Card], card.Card]] = {
        "digit_face": forgery.digit_in_other_face, "digit_weight": forgery.digit_in_other_weight, "digit_moved": forgery.digit_moved,
        "date_face": forgery.date_in_other_face, "colour_print": forgery.colour_print,
    }
    return flat[group](rng, printed) if group in flat else printed


def single(key: str, severity: int, group: str) -> Drawn:
    """One picture; draws again where an effect covers a value."""
    for attempt in range(graded.ATTEMPTS):
        rng = random.Random(f"{key}/{attempt}")
        printed = _flat(rng, _print(rng, severity, group), group)
        shot = world.shoot(rng, printed, _conditions(rng, severity, group), graded.MAX_SIDE_PX, careful=True)
        if shot.hidden_fields:
            continue
        if group == "digit_pasted":
            other = _print(rng, severity, GENUINE)
            source = world.shoot(rng, other, _conditions(rng, severity, GENUINE), graded.MAX_SIDE_PX, careful=True)
            return forgery.pasted(rng, shot, printed, source, other)
        if group == "digit_retyped":
            return forgery.retyped(rng, shot, printed)
        return shot, printed.truth
    raise RuntimeError("no picture with all values visible in 50 draws")


def _tilt(rng: random.Random) -> np.ndarray:
    return np.array([rng.gauss(0, .035), rng.gauss(0, .035)])


def burst(key: str, group: str) -> Iterator[Drawn]:
    """Frames of one held card. On laminate the image of a lamp, where there is one, wanders as the card tilts; on a print it stays or is not."""
    rng = random.Random(key)
    printed = _print(rng, 1, group)
    c = replace(_conditions(rng, 1, group), profile="webcam", glare=0, sheen=min(20.0, rng.uniform(0, 30)), rim_fingers=rng.choice([0, 1, 2]))
    spot = glare_spot(rng, rng.uniform(.006, .025))
    spot = (rng.uniform(.2, .8), rng.uniform(.35, .85), *spot[2:])
    if group == "printed_highlight":
        printed = forgery.with_highlight(printed, spot)
    base, scene = place(rng, c, graded.MAX_SIDE_PX), rng.getrandbits(64)
    is_lit = group == GENUINE and rng.random() < .6
    for _ in range(BURST_FRAMES):
        # Twice the tilt is what a mirror turns light by; the lamp is some card widths away.
        moved = _tilt(rng) * rng.uniform(3, 5)
        here = (spot[0] + moved[0], spot[1] + moved[1] * card.ASPECT, *spot[2:])
        live = replace(c, spots=(here,)) if is_lit else c
        yield world.expose(random.Random(scene), rng, printed, live, held(rng, base), careful=True), printed.truth


def draw(job: Job, seed: str) -> Iterator[tuple[bytes, dict[str, object]]]:
    """A job's pictures and their entries in the truth file."""
    level, group = job.group.split("/")
    key = f"{seed}/{job.group}/{job.number}"
    if level == "burst":
        for name, (shot, truth) in zip(job.names, burst(key, group), strict=True):
            yield shot.jpeg, entry_of(name, job.group, shot, truth) | {"sequence": f"{group}-{job.number:03d}"}
        return
    shot, truth = single(key, int(level[-1]), group)
    told = {name: value for name, value in truth.items() if name != "edited"}
    edited = [int(place) for place in truth.get("edited", "").split()]
    yield shot.jpeg, entry_of(job.names[0], job.group, shot, told) | ({"edited": edited} if edited else {})


if __name__ == "__main__":
    command(__doc__, "tamper", 20, jobs, "make_tamper.py", drawn=draw)
