"""Photographs a card: puts it into a scene and carries out the drawn conditions, keeping the truth about geometry and cover.

Invariant: `Shot.quad` is the card's own TL, TR, BR, BL in the returned picture, and for severities 0–2 no printed value is
covered or cut. It draws no text and decides no probabilities: those are `card`'s and `conditions`'.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from . import optics, scenery
from .card import Card, round_corner_mask
from .conditions import Conditions, draw_conditions
from .documents import no_card_scene, other_document
from .ink import Line
from .light import cast_shadow, glare_map, glare_spot, light_map, sheen_map
from .placement import Placement, place
from .plastic import laminate
from .portrait import draw_portrait

HIDDEN_SHARE = 0.06
"""A field counts as hidden when this share of its line is covered."""
EVAL_FIELDS = {"birth": ["placeOfBirth", "dateOfBirth"], "issuePlace": []}


@dataclass(frozen=True)
class Shot:
    """A finished picture. `jpeg` holds the bytes whose decoding is `image`."""

    image: np.ndarray
    quad: np.ndarray
    kind: str
    effects: list[str]
    hidden_fields: list[str]
    jpeg: bytes


def _card_to_frame(card: Card, placement: Placement) -> np.ndarray:
    height, width = card.image.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    return cv2.getPerspectiveTransform(corners, placement.quad)


def _surface(rng: random.Random, c: Conditions, placement: Placement) -> np.ndarray:
    """What the card lies on or is held in front of, with things around it."""
    width, height = placement.width, placement.height
    if c.copied or c.profile == "scan":
        level = rng.choice([255, 250, 240, 225, 200, 25, 5]) if not c.copied else rng.uniform(225, 255)
        return np.full((height, width, 3), int(level), np.uint8)
    scene = scenery.background(rng, width, height, room=c.profile == "webcam" and rng.random() < .7)
    if c.profile == "webcam" and rng.random() < .35:
        _person_behind(rng, scene)
    for _ in range(c.clutter):
        if rng.random() < .5:
            scenery.loose_things(rng, scene, 1)
        else:
            _lay_document(rng, scene)
    return scene


def _person_behind(rng: random.Random, scene: np.ndarray) -> None:
    height, width = scene.shape[:2]
    tall = int(height * rng.uniform(.6, .95))
    wide = int(tall * .8)
    if wide >= width:
        return
    person = draw_portrait(rng, wide, tall, 0, rng.random() < .5)
    backdrop = person[2, 2].astype(np.int16)
    body = (np.abs(person.astype(np.int16) - backdrop).sum(2) > 70).astype(np.uint8) * 255
    alpha = cv2.GaussianBlur(cv2.medianBlur(body, 9), (0, 0), 3)[..., None].astype(np.float32) / 255
    x = rng.randint(0, width - wide)
    part = scene[height - tall:, x:x + wide]
    part[:] = (part * (1 - alpha) + cv2.GaussianBlur(person, (0, 0), 2.5) * alpha).astype(np.uint8)


def _lay_document(rng: random.Random, scene: np.ndarray) -> None:
    height, width = scene.shape[:2]
    paper = other_document(rng, 360)
    size = rng.uniform(.3, .9) * width
    h, w = paper.shape[:2]
    angle, centre = rng.uniform(0, 2 * np.pi), np.array([rng.uniform(0, width), rng.uniform(0, height)])
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [size, size * h / w]
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    quad = (half @ turn.T + centre).astype(np.float32)
    warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), quad)
    cv2.warpPerspective(paper, warp, (width, height), dst=scene, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)


def _sized(card: np.ndarray, card_px: float, alias: bool) -> np.ndarray:
    """The card picture at about its size in the frame, so that warping neither aliases nor wastes time."""
    width = card.shape[1]
    if alias or card_px > width * 0.93:
        return card
    target = max(24, round(card_px * 1.05))
    return cv2.resize(card, (target, round(target * card.shape[0] / width)), interpolation=cv2.INTER_AREA)


def _faded(rng: random.Random, image: np.ndarray) -> np.ndarray:
    """A region whose print has lost contrast: pulled towards the paper's colour."""
    height, width = image.shape[:2]
    paper = np.median(image[::8, ::8].reshape(-1, 3), 0)
    x0, y0 = rng.uniform(-.1, .6) * width, rng.uniform(-.1, .7) * height
    patch = np.zeros((height // 8, width // 8), np.float32)
    size = (int(rng.uniform(.1, .35) * width / 8), int(rng.uniform(.08, .3) * height / 8))
    cv2.ellipse(patch, (int(x0 / 8) + size[0], int(y0 / 8) + size[1]), size, rng.uniform(-20, 20), 0, 360, rng.uniform(.1, .5), -1)
    share = cv2.resize(cv2.GaussianBlur(patch, (0, 0), 5), (width, height))[..., None]
    return (image + (paper.astype(np.float32) - image) * share).astype(np.uint8)


def _lay_card(rng: random.Random, c: Conditions, card: Card, placement: Placement, scene: np.ndarray) -> np.ndarray:
    """Warps the card into the scene over its shadow; returns the card's coverage."""
    flat = optics.photocopy(rng, card.image) if c.copied else card.image
    flat = _faded(rng, flat) if c.fade else flat
    card_px = float(np.linalg.norm(placement.quad[1] - placement.quad[0]))
    flat = _sized(flat, card_px, c.alias)
    h, w = flat.shape[:2]
    warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), placement.quad)
    size = (placement.width, placement.height)
    corners = round_corner_mask(w, rng.choice([.037, .037, .037, .012]))[:h]
    mask = cv2.warpPerspective(corners, warp, size, flags=cv2.INTER_LINEAR)
    if c.profile != "scan" and rng.random() < .8:
        spread = card_px * rng.uniform(.003, .02)
        small = cv2.resize(mask, None, fx=.25, fy=.25, interpolation=cv2.INTER_AREA)
        shift = np.float32([[1, 0, rng.gauss(0, spread / 4)], [0, 1, abs(rng.gauss(0, spread / 4))]])
        small = cv2.GaussianBlur(cv2.warpAffine(small, shift, (small.shape[1], small.shape[0])), (0, 0), max(.6, spread / 4))
        left = 255 - cv2.convertScaleAbs(cv2.resize(small, size), alpha=rng.uniform(.2, .7))
        cv2.multiply(scene, cv2.merge([left] * 3), dst=scene, scale=1 / 255)
    if c.hand_behind:
        _hand_behind(rng, placement, scene)
    inter = cv2.INTER_LINEAR if c.alias or card_px < w else cv2.INTER_CUBIC
    laid = cv2.warpPerspective(flat, warp, size, flags=inter, borderMode=cv2.BORDER_REPLICATE)
    share = mask.astype(np.float32) / 255
    scene[:] = cv2.blendLinear(laid, scene, share, 1 - share)
    return mask


def _hand_behind(rng: random.Random, placement: Placement, scene: np.ndarray) -> None:
    quad, skin = placement.quad, scenery.skin_colour(rng)
    centre, card_px = quad.mean(0), float(np.linalg.norm(quad[1] - quad[0]))
    edge = rng.choice([(0, 3), (2, 3), (1, 2)])
    middle = (quad[edge[0]] + quad[edge[1]]) / 2
    away = (middle - centre) / np.linalg.norm(middle - centre)
    palm = middle + away * card_px * rng.uniform(.0, .15)
    radius = card_px * rng.uniform(.18, .3)
    cv2.line(scene, tuple(map(int, palm)), tuple(map(int, palm + away * card_px)), [float(v) * .85 for v in skin], int(radius * 1.5), cv2.LINE_AA)
    cv2.circle(scene, tuple(map(int, palm)), int(radius), [float(v) * .9 for v in skin], -1, cv2.LINE_AA)


def _rim_point(rng: random.Random, quad: np.ndarray, edge: int, depth: float) -> tuple[np.ndarray, np.ndarray]:
    """A fingertip `depth` card widths inside an edge, and the direction the finger leaves in."""
    a, b, share = quad[edge], quad[(edge + 1) % 4], rng.uniform(.12, .92)
    centre, card_px = quad.mean(0), float(np.linalg.norm(quad[1] - quad[0]))
    point = a * (1 - share) + b * share
    inward = centre - (a + b) / 2
    inward = inward / np.linalg.norm(inward)
    turn = rng.gauss(0, .35)
    away = -inward @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return point + inward * depth * card_px, away


def _fingers(rng: random.Random, c: Conditions, placement: Placement, scene: np.ndarray, careful: bool) -> np.ndarray:
    """Fingers on the rim and on the face of the card; returns what they cover."""
    cover = np.zeros(scene.shape[:2], np.uint8)
    card_px, skin = float(np.linalg.norm(placement.quad[1] - placement.quad[0])), scenery.skin_colour(rng)
    for _ in range(c.rim_fingers):
        edge = rng.choices([0, 1, 2, 3], [1, 3, 4, 4])[0]
        limit = {0: .012, 1: .04, 2: .045, 3: .05}[edge] if careful else {0: .03, 1: .07, 2: .08, 3: .09}[edge]
        tip, away = _rim_point(rng, placement.quad, edge, rng.uniform(.0, limit))
        cover |= scenery.finger(rng, scene, tip, away, card_px * rng.uniform(.035, .055), skin, rng.random() < .7)
    for _ in range(c.face_fingers):
        edge = rng.choices([0, 1, 2, 3], [1, 2, 4, 5])[0]
        tip, away = _rim_point(rng, placement.quad, edge, rng.uniform(.08, .22))
        cover |= scenery.finger(rng, scene, tip, away, card_px * rng.uniform(.035, .06), skin)
    for _ in range(c.objects):
        tip, away = _rim_point(rng, placement.quad, rng.randrange(4), rng.uniform(.1, .35))
        colour = np.array([rng.uniform(10, 240) for _ in range(3)], np.float32)
        cover |= scenery.finger(rng, scene, tip, away, card_px * rng.uniform(.012, .05), colour, nail=False, hand=False)
    return cover


def _sleeve(rng: random.Random, placement: Placement, scene: np.ndarray) -> None:
    """A clear plastic cover: a veil, bright edges, a few streaks."""
    quad, centre = placement.quad, placement.quad.mean(0)
    outline = np.int32((centre + (quad - centre) * rng.uniform(1.03, 1.12)) * 8)
    veil = np.zeros(scene.shape[:2], np.uint8)
    cv2.fillPoly(veil, [outline], int(rng.uniform(15, 45)), cv2.LINE_AA, 3)
    card_px = float(np.linalg.norm(quad[1] - quad[0]))
    for _ in range(rng.randint(1, 4)):
        start, end = (quad[rng.randrange(4)] + np.array([rng.gauss(0, .25), rng.gauss(0, .25)]) * card_px for _ in range(2))
        cv2.line(veil, tuple(map(int, start)), tuple(map(int, end)), int(rng.uniform(30, 90)), max(1, int(card_px * rng.uniform(.002, .02))), cv2.LINE_AA)
    cv2.polylines(veil, [outline], True, int(rng.uniform(80, 200)), max(1, int(card_px * .004)), cv2.LINE_AA, 3)
    share = cv2.GaussianBlur(veil, (0, 0), max(.8, card_px * .003)).astype(np.float32)[..., None] / 255
    np.copyto(scene, (scene + (235 - scene.astype(np.float32)) * share).astype(np.uint8))


def _line_points(line: Line) -> np.ndarray:
    """A grid of points over a line's box, in card fractions."""
    x, y = np.meshgrid(np.linspace(line.x0, line.x1, 17), np.linspace(line.y0, line.y1, 3))
    return np.stack([x.ravel(), y.ravel()], 1)


def _safe_spots(rng: random.Random, c: Conditions, card: Card, careful: bool) -> list[tuple[float, float, float, float, float]]:
    """Burnt spots; where values must stay legible, only those that touch no printed line's core."""
    points = np.concatenate([_line_points(line) for line in card.lines if line.kind == "value"]) * [1.0, 1 / 1.5858]
    spots = []
    for _ in range(c.glare):
        for _ in range(8):
            spot = glare_spot(rng, c.glare_area)
            x, y = points[:, 0] - spot[0], points[:, 1] - spot[1] / 1.5858
            u, v = x * np.cos(spot[4]) + y * np.sin(spot[4]), y * np.cos(spot[4]) - x * np.sin(spot[4])
            if not careful or np.sqrt((u / spot[2]) ** 2 + (v / spot[3]) ** 2).min() > 1.9:
                spots.append(spot)
                break
    return spots


def _tone(c: Conditions, card: Card) -> tuple[np.ndarray, float]:
    """Channel gains that bring the card's paper to the wanted grey and colour, and the black lift.

    A negative lift is a stretched tone curve, as scanners and most cameras apply: faint ink turns black.
    """
    height, width = card.image.shape[:2]
    paper = np.median(card.image[int(.2 * height)::6, :int(.68 * width):6].reshape(-1, 3), 0)
    green = c.gray / (.114 * c.blue_green + .587 + .299 * c.red_green)
    wanted = green * np.array([c.blue_green, 1.0, c.red_green]) * (1 + c.burn)
    lift = min(c.lift, .42 * c.gray)
    return ((wanted - lift) / np.maximum(paper, 20)).astype(np.float32), lift


def _lit(rng: random.Random, c: Conditions, card: Card, placement: Placement, scene: np.ndarray, careful: bool) -> tuple[np.ndarray, np.ndarray]:
    """Light, veil and glare on the scene, and the mask of burnt print."""
    gains, lift = _tone(c, card)
    size = (placement.width, placement.height)
    light = light_map(rng, c, placement)[..., None] * gains
    veil = np.full(light.shape[:2], max(0.0, lift), np.float32)
    if c.sheen:
        veil += sheen_map(rng, min(c.sheen, .5 * c.gray), placement)
    added = cv2.resize(np.clip(veil, 0, 255).astype(np.uint8), size)
    burnt = np.zeros(scene.shape[:2], np.uint8)
    for spot in (*_safe_spots(rng, c, card, careful), *c.spots):
        glare = glare_map(placement, spot)
        added = cv2.add(added, glare)
        burnt |= (glare > 170).astype(np.uint8)
    if c.shadow == "cast":
        scene = cast_shadow(rng, placement, scene)
    if lift < 0:
        scene = cv2.subtract(scene, (*(-lift / gains).tolist(), 0.0))
    lit = cv2.multiply(scene, cv2.resize(light, size), dtype=cv2.CV_8U)
    return cv2.add(lit, cv2.merge([added] * 3)), burnt


def _sensed(rng: random.Random, c: Conditions, lit: np.ndarray, card_px: float) -> np.ndarray:
    """Lens, sensor and camera processing."""
    picture = optics.defocus(rng, lit, c.blur_w / 1000 * card_px, c.uneven)
    if c.motion_w:
        picture = optics.motion_blur(rng, picture, c.motion_w / 1000 * card_px)
    if c.screen:
        picture = optics.screen_grid(rng, picture)
    if c.flicker:
        picture = optics.flicker(rng, picture, c.flicker)
    picture = optics.sensor_noise(rng, picture, c.luma, c.chroma)
    if c.denoise:
        picture = optics.denoise(picture, c.denoise)
    if c.soften_px > .25:
        picture = cv2.GaussianBlur(picture, (0, 0), c.soften_px)
    return optics.sharpen(picture, c.halo, max(.8, card_px / 900)) if c.halo else picture


def _coded(c: Conditions, picture: np.ndarray) -> bytes:
    """Every JPEG generation, with the resize between the first and the last."""
    for quality in c.qualities[:-1]:
        picture = optics.decode(optics.encode_jpeg(picture, quality))
    if c.resize != 1.0:
        how = cv2.INTER_AREA if c.resize < 1 else cv2.INTER_CUBIC
        picture = cv2.resize(picture, None, fx=c.resize, fy=c.resize, interpolation=how)
    return optics.encode_jpeg(picture, c.qualities[-1], c.full_chroma)


def _hidden_fields(card: Card, placement: Placement, cover: np.ndarray) -> list[str]:
    """Fields whose value is covered, burnt or out of the frame."""
    height, width = card.image.shape[:2]
    warp, hidden = _card_to_frame(card, placement), []
    for line in card.lines:
        if line.kind != "value":
            continue
        points = cv2.perspectiveTransform((_line_points(line) * [width, height])[None].astype(np.float32), warp)[0]
        columns, rows = points.astype(int).T
        inside = (columns >= 0) & (rows >= 0) & (columns < placement.width) & (rows < placement.height)
        lost = ~inside
        lost[inside] = cover[rows[inside], columns[inside]] > 0
        if lost.mean() > HIDDEN_SHARE:
            hidden += [field for field in EVAL_FIELDS.get(line.field, [line.field]) if field not in hidden]
    return hidden


def _effects(c: Conditions) -> list[str]:
    present = {
        "glare": c.glare, "sheen": c.sheen, "finger_rim": c.rim_fingers, "finger_face": c.face_fingers, "object": c.objects,
        "sleeve": c.sleeve or c.laminate, "motion": c.motion_w, "defocus": c.blur_w > 2.2, "low_light": c.gray < 90, "uneven_light": c.ramp > 1.4,
        "hard_shadow": c.shadow in ("hard", "cast"), "photocopy": c.copied, "screen": c.screen, "squeeze": abs(c.squeeze - 1) > .1, "cut": c.cut,
        "turned": c.quarter_turns, "far": c.fill < .4, "noise": c.luma > 4, "low_quality": min(c.qualities) < 60, "faded": c.fade,
    }
    return [name for name, on in present.items() if on]


def photograph(rng: random.Random, card: Card, profile: str = "photo", severity: int | None = None, effect: str | None = None,
               max_side_px: int = 1100) -> Shot:
    """One picture of a card under conditions of a profile (`scan`, `photo`, `webcam`).

    `severity=None` follows the measured distributions; 0–3 grade from flat and clean to bad. `effect` forces one of
    `conditions.EFFECTS`; a forced effect may hide fields at any severity, and `hidden_fields` says which.
    """
    c = draw_conditions(rng, profile, severity, effect)
    return shoot(rng, card, c, max_side_px, careful=severity is not None and severity <= 2 and effect is None)


def shoot(rng: random.Random, card: Card, c: Conditions, max_side_px: int = 1100, careful: bool = False) -> Shot:
    """Carries out given conditions at a drawn placement."""
    return expose(rng, rng, card, c, place(rng, c, max_side_px), careful)


def expose(rng: random.Random, sensor: random.Random, card: Card, c: Conditions, placement: Placement, careful: bool) -> Shot:
    """Takes one picture of a placed card.

    The same `rng` state gives the same scene, hands and light around any quad; `sensor` draws what differs between frames.
    """
    scene = _surface(rng, c, placement)
    _lay_card(rng, c, card, placement, scene)
    if c.sleeve:
        _sleeve(rng, placement, scene)
    if c.laminate:
        laminate(rng, placement, scene)
    cover = _fingers(rng, c, placement, scene, careful)
    lit, burnt = _lit(rng, c, card, placement, scene, careful)
    card_px = float(np.linalg.norm(placement.quad[1] - placement.quad[0]))
    data = _coded(c, _sensed(sensor, c, lit, card_px))
    image = optics.decode(data)
    scale = np.array([image.shape[1] / placement.width, image.shape[0] / placement.height], np.float32)
    return Shot(image, placement.quad * scale, c.profile, _effects(c), _hidden_fields(card, placement, cover | burnt), data)


def negative(rng: random.Random, max_side_px: int = 900) -> np.ndarray:
    """A frame without a KTP: a bare scene, a room with or without a person, or other documents."""
    return no_card_scene(rng, max_side_px)
