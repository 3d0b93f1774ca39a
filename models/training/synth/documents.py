"""What is not a KTP: other cards and papers, screens, and whole scenes without a card.

Invariant: none of these carries three or more of a KTP's field labels in their places. All texts are invented.
"""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from . import optics, scenery
from .ink import SANS, SANS_BOLD, _font
from .people import full_name, invented_word, street_address
from .places import random_place
from .portrait import draw_portrait


def _write(picture: np.ndarray, items: list[tuple[str, float, float, float, bool]], ink: tuple[int, int, int]) -> np.ndarray:
    """Sets (text, x, y, size, bold) items given in fractions of the picture's width."""
    width = picture.shape[1]
    image = Image.fromarray(picture[..., ::-1].copy())
    draw = ImageDraw.Draw(image)
    for text, x, y, size, bold in items:
        draw.text((x * width, y * width), text, font=_font(SANS_BOLD if bold else SANS, round(size * width, 1)), fill=ink)
    return np.asarray(image)[..., ::-1].copy()


def _gradient(rng: random.Random, width: int, height: int, light: bool) -> np.ndarray:
    low, high = (150, 250) if light else (10, 160)
    corners = np.array([[[rng.uniform(low, high) for _ in range(3)] for _ in range(2)] for _ in range(2)], np.float32)
    return np.clip(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR), 0, 255).astype(np.uint8)


def driving_licence(rng: random.Random, width: int) -> np.ndarray:
    """A card with numbered values, a portrait and a coloured head, laid out unlike a KTP."""
    height, female = round(width / 1.5858), rng.random() < .5
    card = _gradient(rng, width, height, True)
    head = [rng.uniform(30, 200) for _ in range(3)]
    cv2.rectangle(card, (0, 0), (width, int(height * .2)), head, -1)
    left = rng.random() < .5
    x = .05 if left else .70
    wide, tall = int(.24 * width), int(.30 * width)
    top, start = int(.26 * height), int(x * width)
    card[top:top + tall, start:start + wide] = draw_portrait(rng, wide, tall, rng.randrange(2), female)[:card.shape[0] - top]
    values = [full_name(rng, female), f"{random_place(rng).city_name}, {rng.randint(1, 28):02d}-{rng.randint(1, 12):02d}-{rng.randint(1950, 2005)}",
              "PRIA" if not female else "WANITA", street_address(rng, random_place(rng)), rng.choice(["KARYAWAN SWASTA", "PELAJAR"]), random_place(rng).city_name]
    column = .33 if left else .05
    title = rng.choice(["SURAT IZIN MENGEMUDI", "DRIVING LICENSE", "KARTU MAHASISWA", "KARTU PEGAWAI", "KARTU PELAJAR", "MEMBER CARD"])
    items = [(title, .25, .035, .05, True), (f"{rng.choice('ABC')}", .9, .03, .07, True)]
    items += [(f"{k + 1}. {value[:30]}", column, .16 + .055 * k, .032, False) for k, value in enumerate(values)]
    items.append((f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}-{rng.randint(100000, 999999)}", column, .52, .038, True))
    return _write(card, items, (20, 20, 30))


def bank_card(rng: random.Random, width: int) -> np.ndarray:
    """A payment card: chip, number, name, two discs."""
    height = round(width / 1.5858)
    card = _gradient(rng, width, height, rng.random() < .3)
    for _ in range(rng.randint(0, 4)):
        centre = (rng.randint(0, width), rng.randint(0, height))
        cv2.ellipse(card, centre, (rng.randint(20, width), rng.randint(20, height)), rng.uniform(0, 180), 0, 360, [rng.uniform(0, 255) for _ in range(3)], rng.choice([-1, 2]))
    cv2.rectangle(card, (int(.08 * width), int(.33 * height)), (int(.2 * width), int(.5 * height)), (120, 190, 210), -1)
    for k, colour in enumerate(((150, 90, 20), (60, 170, 90))):
        cv2.circle(card, (int((.80 + .07 * k) * width), int(.84 * height)), int(.055 * width), colour, -1, cv2.LINE_AA)
    number = " ".join(f"{rng.randint(0, 9999):04d}" for _ in range(4))
    items = [(f"BANK {invented_word(rng)}", .06, .05, .06, True), (number, .08, .34, .06, False),
             (f"{rng.randint(1, 12):02d}/{rng.randint(25, 33)}", .45, .44, .03, False), (full_name(rng, False)[:24], .08, .52, .04, False)]
    return _write(card, items, rng.choice([(240, 240, 240), (15, 15, 15)]))


def letter(rng: random.Random, width: int) -> np.ndarray:
    """A page, receipt or form with running text and perhaps a table."""
    height = int(width * rng.choice([1.41, .71, 2.0, 1.0]))
    page = np.full((height, width, 3), rng.uniform(215, 255), np.float32).astype(np.uint8)
    items, y = [(rng.choice(["KUITANSI", "SURAT KETERANGAN", "KARTU KELUARGA", "INVOICE", "PAJAK", "NPWP", "BPJS"]), .3, .04, .05, True)], .14
    while y < height / width - .06:
        text = " ".join(invented_word(rng).lower() for _ in range(rng.randint(2, 8)))
        items.append((text[:60], .06, y, .026, False))
        y += rng.choice([.04, .04, .06])
    page = _write(page, items, (40, 40, 40))
    if rng.random() < .4:
        for k in range(rng.randint(3, 9)):
            at = int(height * (.3 + .07 * k))
            cv2.line(page, (int(.05 * width), at), (int(.95 * width), at), (90, 90, 90), 1)
    return page


def screen(rng: random.Random, width: int) -> np.ndarray:
    """A phone's or monitor's user interface."""
    height = int(width * rng.choice([.5625, .625, 1.9]))
    picture = np.full((height, width, 3), rng.choice([250, 240, 30, 18]), np.uint8)
    for _ in range(rng.randint(4, 14)):
        x, y = rng.randint(0, width), rng.randint(0, height)
        colour = [rng.uniform(0, 255) for _ in range(3)] if rng.random() < .5 else [rng.uniform(90, 230)] * 3
        cv2.rectangle(picture, (x, y), (x + rng.randint(20, width // 2), y + rng.randint(8, height // 4)), colour, -1)
    items = [(invented_word(rng).title(), rng.uniform(.03, .8), rng.uniform(.02, height / width - .06), rng.uniform(.015, .05), False) for _ in range(rng.randint(4, 20))]
    return _write(picture, items, rng.choice([(20, 20, 20), (200, 200, 210)]))


def other_document(rng: random.Random, width: int) -> np.ndarray:
    """Any document that is not a KTP, BGR uint8."""
    return rng.choice([driving_licence, driving_licence, bank_card, bank_card, letter, letter, screen])(rng, width)


def add_person(rng: random.Random, scene: np.ndarray) -> None:
    """Puts a person (or a portrait photograph) into a scene, in place."""
    height, width = scene.shape[:2]
    tall = int(height * rng.uniform(.5, 1.0))
    wide = min(width, int(tall * .8))
    x = rng.randint(0, width - wide)
    person = draw_portrait(rng, wide, tall, rng.randrange(2), rng.random() < .5)
    if rng.random() < .6:
        backdrop = person[2, 2].astype(np.int16)
        body = (np.abs(person.astype(np.int16) - backdrop).sum(2, keepdims=True) > 70)
        person = np.where(body, person, scene[height - tall:, x:x + wide])
    scene[height - tall:, x:x + wide] = person


def _with_document(rng: random.Random, scene: np.ndarray) -> None:
    height, width = scene.shape[:2]
    paper = other_document(rng, 640)
    h, w = paper.shape[:2]
    size = rng.uniform(.45, 1.0) * min(width, height * w / h)
    angle = rng.gauss(0, .12) + rng.choice([0, 0, 0, np.pi / 2, np.pi, -np.pi / 2])
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [size, size * h / w]
    half /= 1 + half[:, :1] / size * rng.gauss(0, .06)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = (half @ turn.T + [width * rng.uniform(.4, .6), height * rng.uniform(.4, .6)]).astype(np.float32)
    warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), quad)
    cv2.warpPerspective(paper, warp, (width, height), dst=scene, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    if rng.random() < .3:
        tip = quad.mean(0) + np.array([rng.uniform(-.5, .5), .45]) * [size, size * h / w]
        scenery.finger(rng, scene, tip, np.array([0.0, 1.0]), size * .05, scenery.skin_colour(rng))


def no_card_scene(rng: random.Random, max_side_px: int) -> np.ndarray:
    """A camera frame without a KTP in it."""
    aspect = rng.choice([1.7778, 1.3333, .75, .5625, 1.5858])
    width, height = (max_side_px, int(max_side_px / aspect)) if aspect >= 1 else (int(max_side_px * aspect), max_side_px)
    scene = scenery.background(rng, width, height, room=rng.random() < .4)
    kind = rng.random()
    if kind < .45:
        _with_document(rng, scene)
    elif kind < .7:
        add_person(rng, scene)
    scenery.loose_things(rng, scene, rng.choice([0, 0, 1, 2, 5]))
    light = np.clip(scene.astype(np.float32) * rng.uniform(.4, 1.2) + rng.uniform(0, 30), 0, 255).astype(np.uint8)
    picture = optics.defocus(rng, light, rng.uniform(0, 2.2))
    picture = optics.sensor_noise(rng, picture, rng.uniform(.3, 5), rng.uniform(0, 2))
    return optics.decode(optics.encode_jpeg(picture, rng.randint(45, 95)))
