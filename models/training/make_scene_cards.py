"""Writes the pictures that the simulated camera shows: assets/scene/{card-N,back,licence,payment}.jpg and truth.json.

`truth.json` gives, per card, what it says (the evaluation set's keys) and where each value is printed, as fractions of the
card. Invariant: every person is invented and every NIK's serial is 0000. Same code, same bytes.
"""

import json
import random
import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from synth import card, documents, paper, people, words
from synth.ink import SANS, SANS_BOLD, _font

SEED = "scene/3"
OUT = Path(__file__).resolve().parents[2] / "assets" / "scene"
WIDTH_PX = 1280
"""As wide as the simulated frame: the card is never shown larger."""
SOFTNESS_PX = 0.5
"""The guilloche at full contrast would take half of the bytes; a lens softens it more than this."""
TEMPLATES = "CCBCAC"
MAX_BYTES = 250_000
FIELDS_OF_LINE = {"birth": ("placeOfBirth", "dateOfBirth"), "issuePlace": ()}


def jpeg(picture: np.ndarray) -> bytes:
    """The best JPEG that stays below the limit."""
    soft = cv2.GaussianBlur(picture, (0, 0), SOFTNESS_PX)
    for quality in range(90, 40, -2):
        done, coded = cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done and len(coded) <= MAX_BYTES:
            return coded.tobytes()
    raise SystemExit("a picture does not fit its limit")


def places(printed: card.Card) -> dict[str, list[list[float]]]:
    """Where each field's values are printed: boxes left, top, right, bottom."""
    found: dict[str, list[list[float]]] = {}
    for line in printed.lines:
        if line.kind != "value":
            continue
        box = [round(float(v), 4) for v in (line.x0, line.y0, line.x1, line.y1)]
        for field in FIELDS_OF_LINE.get(line.field, (line.field,)):
            found.setdefault(field, []).append(box)
    return found


def plain(person: people.Person) -> bool:
    """Whether the card raises no question: its NIK agrees with the print, every part is there and fits its line."""
    day = person.birth.day + (40 if person.gender == "PEREMPUAN" else 0)
    agrees = person.nik[:12] == f"{person.place.code}{day:02d}{person.birth:%m%y}"
    fits = 8 <= len(person.name) <= 22 and 8 <= len(person.address) <= 28 and "000" not in person.rt_rw
    known = len(person.rt_rw) == 7 and person.occupation in words.COMMON_OCCUPATIONS
    return agrees and fits and known and not person.foreign and person.birth.year >= 1950


def front(number: int, template: str) -> card.Card:
    """One unworn card; draws again until it is a plain one."""
    for attempt in range(2000):
        rng = random.Random(f"{SEED}/{number}/{attempt}")
        person = people.random_person(rng, template)
        if plain(person):
            return card.render(rng, width_px=WIDTH_PX, person=person, worn=False)
    raise SystemExit("no such person in 2000 draws")


def back(rng: random.Random) -> np.ndarray:
    """The other side: title in two lines over the same paper, a map, a chip's outline. No person's data stand there."""
    picture = paper.draw_paper(rng, WIDTH_PX, 2019, False)
    image = Image.fromarray(picture[..., ::-1].copy())
    draw = ImageDraw.Draw(image)
    height, ink = image.height, (30, 60, 70)
    for text, y, size, path in (("REPUBLIK INDONESIA", .12, .052, SANS_BOLD), ("KARTU TANDA PENDUDUK", .80, .046, SANS_BOLD),
                                ("CONTOH SINTETIS", .90, .022, SANS)):
        font = _font(path, round(size * WIDTH_PX, 1))
        draw.text((WIDTH_PX / 2 - font.getlength(text) / 2, y * height), text, font=font, fill=ink)
    for island in paper.ISLANDS:
        draw.polygon([(x * WIDTH_PX, y * height) for x, y in island], fill=(70, 130, 150))
    left, top = .08 * WIDTH_PX, .36 * height
    draw.rounded_rectangle((left, top, left + .11 * WIDTH_PX, top + .16 * height), 14, outline=(120, 130, 130), width=4)
    return np.asarray(image)[..., ::-1].copy()


def main() -> None:
    cv2.setNumThreads(1)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    cards = []
    for number, template in enumerate(TEMPLATES, start=1):
        printed = front(number, template)
        name = f"card-{number}.jpg"
        (OUT / name).write_bytes(jpeg(printed.image))
        cards.append({"file": name, "truth": printed.truth, "places": places(printed)})
    for name, draw in (("back", back), ("licence", lambda rng: documents.driving_licence(rng, WIDTH_PX)),
                       ("payment", lambda rng: documents.bank_card(rng, WIDTH_PX))):
        (OUT / f"{name}.jpg").write_bytes(jpeg(draw(random.Random(f"{SEED}/{name}"))))
    (OUT / "truth.json").write_text(json.dumps({"cards": cards}, indent=1) + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in OUT.iterdir())
    print(f"{len(cards)} cards and 3 other pictures, {total} bytes -> {OUT}")


if __name__ == "__main__":
    main()
