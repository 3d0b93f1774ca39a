"""The three measured print templates and how a person's values are laid out on one of them.

Invariant: whatever is dropped because it does not fit two lines is dropped from the truth as well.
Numbers are medians and spreads measured on cards, in fractions of card width (x, cap) or height (y, pitch).
"""

import random
from dataclasses import dataclass, replace

from .ink import ARIMO, OCR_A, SANS, SANS_BOLD, Face, InkLayer
from .people import Person

INK_OF_FONT = 0.121
"""Stroke over cap height of the stand-in font before any ink spread."""
VALUE_X, COLON_X, LABEL_X, INDENT_X = 0.2555, 0.2455, 0.026, 0.081


@dataclass(frozen=True)
class Template:
    """One printer batch. Pairs are (mean, standard deviation)."""

    header_y: tuple[float, float]
    nik_y: float
    first_row: tuple[float, float]
    pitch: tuple[float, float]
    cap: tuple[float, float]
    header_cap: float
    nik_cap: tuple[float, float]
    stretch: tuple[float, float]
    header_stretch: float
    stroke: tuple[float, float]
    gender_label: str
    blood_label: str
    blood_colon_gap: float
    blood_value_gap: float
    date_row_gap: tuple[float, float]
    signature_touches: float


TEMPLATES = {
    "A": Template((.055, .109), .190, (.279, .008), (.0468, .0006), (.0179, .0003), .0238, (.0300, .0004), (.90, .04), .98,
                  (.122, .012), "Jenis Kelamin", "Gol Darah", .018, .016, (.037, .003), 0.0),
    "B": Template((.061, .115), .195, (.283, .006), (.0466, .0006), (.0171, .0004), .0239, (.0309, .0005), (1.02, .03), 1.02,
                  (.165, .020), "Jenis Kelamin", "Gol. Darah", .006, .012, (.036, .003), 0.5),
    "C": Template((.056, .110), .189, (.275, .006), (.0451, .0005), (.0182, .0006), .0238, (.0297, .0007), (1.00, .03), .93,
                  (.153, .014), "Jenis kelamin", "Gol. Darah", .006, .004, (.041, .004), 0.06),
}

INDENTED = {"rtRw", "kelurahan", "kecamatan"}


@dataclass
class Print:
    """One card's own draw from its template: faces, offsets, and where rows lie."""

    template: Template
    layer: InkLayer
    body: Face
    header: Face
    nik: Face
    nik_width: float
    dx: float
    dy: float
    first_row: float
    pitch: float
    right_limit: float
    outset_px: float


def draw_print(rng: random.Random, person: Person, width_px: int) -> Print:
    """Draws one card's faces, shifts and pitch."""
    template, gauss = TEMPLATES[person.template], rng.gauss
    stroke = min(0.23, max(0.09, gauss(*template.stroke)))
    cap = max(0.0157, gauss(*template.cap)) * (1.0 - (stroke - INK_OF_FONT))
    sans = SANS if rng.random() < 0.8 else ARIMO
    arial_nik = person.template == "C" and rng.random() < 0.08
    nik_face = SANS_BOLD if arial_nik else OCR_A
    layer = InkLayer(width_px)
    return Print(
        template, layer, Face(sans, cap, min(1.08, max(0.77, gauss(*template.stretch)))),
        Face(sans, template.header_cap * gauss(1, .015), gauss(template.header_stretch, .025)),
        Face(nik_face, gauss(*template.nik_cap) * (0.9 if arial_nik else 1.0)),
        rng.uniform(.378, .384) if arial_nik else gauss(.417, .003),
        gauss(0, .006), gauss(0, .0035), gauss(*template.first_row), gauss(*template.pitch), rng.uniform(.688, .703),
        (stroke - INK_OF_FONT) * cap * layer.width / 2,
    )


def wrap(sheet: Print, text: str, lines: int = 2) -> list[str]:
    """Breaks a value at spaces to the value column's width; words beyond the last line are dropped."""
    rows: list[str] = []
    for word in text.split(" "):
        joined = f"{rows[-1]} {word}" if rows else word
        if rows and VALUE_X + sheet.layer.length(joined, sheet.body) > sheet.right_limit:
            rows.append(word)
        else:
            rows[-1:] = [joined]
    return rows[:lines]


def _fit(rng: random.Random, sheet: Print, text: str) -> list[str]:
    """The lines of a value that may wrap. Now and then a printer lets a single line run into the photograph."""
    rows = wrap(sheet, text)
    overlong = VALUE_X + sheet.layer.length(text, sheet.body)
    return [text] if len(rows) == 2 and overlong < 0.76 and rng.random() < 0.25 else rows


def _birth_rows(rng: random.Random, sheet: Print, person: Person) -> list[str]:
    day = person.birth.strftime("%d-%m-%Y")
    joined = f"{person.birth_place}, {day}"
    fits = VALUE_X + sheet.layer.length(joined, sheet.body) <= sheet.right_limit
    if fits and rng.random() > 0.06:
        return [joined]
    return [f"{person.birth_place},", day]


def _rt_rw_text(rng: random.Random, person: Person) -> str:
    if person.template == "A":
        return person.rt_rw.replace("/", " / ")
    if person.template == "B":
        return person.rt_rw.replace("/", rng.choice([" /  ", "  / ", " /  ", " / "]))
    return person.rt_rw


def value_rows(rng: random.Random, sheet: Print, person: Person) -> tuple[list[tuple[str, str, list[str]]], Person]:
    """(field, label, lines) in print order, and the person as the card really says."""
    name, address = _fit(rng, sheet, person.name), _fit(rng, sheet, person.address)
    person = replace(person, name=" ".join(name).rstrip(" ,"), address=" ".join(address))
    valid = person.expiry.strftime("%d-%m-%Y") if person.expiry else "SEUMUR HIDUP"
    rows = [
        ("fullName", "Nama", name), ("birth", "Tempat/Tgl Lahir", _birth_rows(rng, sheet, person)),
        ("gender", sheet.template.gender_label, [person.gender]), ("address", "Alamat", address),
        ("rtRw", "RT/RW", [_rt_rw_text(rng, person)]), ("kelurahan", "Kel/Desa", [person.village]),
        ("kecamatan", "Kecamatan", [person.district]), ("religion", "Agama", [person.religion]),
        ("maritalStatus", "Status Perkawinan", [person.marital]), ("occupation", "Pekerjaan", [person.occupation]),
        ("nationality", "Kewarganegaraan", [person.nationality]), ("validUntil", "Berlaku Hingga", [valid]),
    ]
    return rows, person


def _put_header(rng: random.Random, sheet: Print, person: Person) -> None:
    centre = 0.435 + rng.gauss(0, .008) + sheet.dx
    texts = (("PROVINSI " + person.place.province, "province"), (person.place.city, "city"))
    for (text, field), y in zip(texts, sheet.template.header_y, strict=True):
        sheet.layer.put(text, centre, y + sheet.dy, sheet.header, "value", field, anchor="centre")


def _put_nik(rng: random.Random, sheet: Print, person: Person) -> None:
    y = sheet.template.nik_y + sheet.dy + rng.gauss(0, .003)
    layer, face = sheet.layer, sheet.nik
    layer.put("NIK", LABEL_X + sheet.dx, y, face, "label", "nik", width=rng.gauss(.073, .003))
    layer.put(":", rng.uniform(.19, .215) + sheet.dx, y, face, "colon", "nik")
    layer.put(person.nik, rng.gauss(.237, .003) + sheet.dx, y, face, "value", "nik", width=sheet.nik_width)


def _put_rows(rng: random.Random, sheet: Print, rows: list[tuple[str, str, list[str]]], blood: str) -> None:
    row, layer, body, template = 0, sheet.layer, sheet.body, sheet.template
    for field, label, texts in rows:
        y = sheet.first_row + sheet.dy + sheet.pitch * row
        x = INDENT_X if field in INDENTED else LABEL_X
        layer.put(label, x + sheet.dx, y, body, "label", field)
        layer.put(":", COLON_X + sheet.dx, y, body, "colon", field)
        if field == "gender":
            label_line = layer.put(template.blood_label, .486 + sheet.dx + rng.gauss(0, .004), y, body, "label", "bloodType")
            colon = label_line.x1 + template.blood_colon_gap + abs(rng.gauss(0, .003))
            layer.put(":", colon, y, body, "colon", "bloodType")
            layer.put(blood, colon + .008 + template.blood_value_gap, y, body, "value", "bloodType")
        for part, text in enumerate(texts):
            layer.put(text, VALUE_X + sheet.dx, y + sheet.pitch * part, body, "value", field, part=part)
        row += len(texts)


def _put_issue(rng: random.Random, sheet: Print, person: Person) -> None:
    """City and date under the photograph; a long city wraps and pushes the date down."""
    face = Face(sheet.body.path, sheet.body.cap * rng.uniform(.9, 1.0), sheet.body.stretch * rng.uniform(.92, 1.0))
    x, y = .828 + sheet.dx + rng.gauss(0, .004), .693 + sheet.dy + rng.gauss(0, .004)
    place, layer = person.place.issue_place, sheet.layer
    words, parts = place.split(" "), [place]
    if len(words) > 1 and (layer.length(place, face) > .27 or rng.random() < .05):
        parts = [" ".join(words[:(len(words) + 1) // 2]), " ".join(words[(len(words) + 1) // 2:])]
    for part, text in enumerate(parts):
        layer.put(text, x, y + .038 * part, face, "value", "issuePlace", anchor="centre", part=part)
    gap = rng.gauss(*sheet.template.date_row_gap)
    date_y = y + .040 * (len(parts) - 1) + gap
    layer.put(person.issued.strftime("%d-%m-%Y"), x + rng.gauss(0, .004), date_y, face, "value", "issueDate", anchor="centre")


def set_text(rng: random.Random, sheet: Print, person: Person) -> Person:
    """Sets every line of the card into the print's ink layer; returns the person as printed."""
    rows, printed = value_rows(rng, sheet, person)
    _put_header(rng, sheet, printed)
    _put_nik(rng, sheet, printed)
    _put_rows(rng, sheet, rows, printed.blood)
    _put_issue(rng, sheet, printed)
    return printed
