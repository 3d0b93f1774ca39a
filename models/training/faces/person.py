"""Who is in the picture: shape, skin, hair, clothes and what is worn, drawn from a seed.

Invariant: a person is a function of the seed; nothing about the moment (pose, expression, light) is here.
Nobody's likeness: shapes are random mixes of morph targets, weighted towards people of the archipelago.
Deliberately lacks children: an identity card's holder is seventeen or older.
"""

import re
from dataclasses import dataclass

import numpy as np

from .assets import Assets

HEADWEAR = ("none", "hijab", "peci", "hat")
# Linear skin albedo from the lightest to the darkest met (Fitzpatrick II to VI).
_TONES = np.array([[0.61, 0.365, 0.265], [0.54, 0.295, 0.2], [0.43, 0.215, 0.135], [0.32, 0.155, 0.085], [0.21, 0.10, 0.055], [0.115, 0.055, 0.033]])
_WOMEN = {"long01": 0.3, "ponytail01": 0.22, "braid01": 0.16, "bob02": 0.16, "short01": 0.1, "short03": 0.06}
_MEN = {"short01": 0.38, "short02": 0.38, "short03": 0.06, "short04": 0.18}
_RACES = ("african", "asian", "caucasian")
_GROUPS = ("head", "eyes", "nose", "mouth", "chin", "cheek", "forehead", "eyebrows", "ears", "neck")
_SPREAD = {"head": 0.45, "neck": 0.3}


@dataclass
class Wear:
    headwear: str
    glasses: str | None  # "clear", "dark"
    mask: bool
    beard: float  # 0 none … 1 full
    stubble: float
    hair: str | None
    clothes: int | None


@dataclass
class Person:
    seed: int
    female: bool
    age: float  # 0.5 young adult … 1 old
    race: str  # whose expression units are used
    shape: list[tuple[str, float]]
    tone: float  # 0 light … 1 dark
    skin: int
    skin_tint: np.ndarray
    iris: int
    brow: int
    lash: int | None
    hair_colour: np.ndarray
    cloth_tint: np.ndarray
    wear: Wear


def _triangle(x: float) -> tuple[float, float, float]:
    return max(0.0, 1 - 2 * x), 1 - abs(2 * x - 1), max(0.0, 2 * x - 1)


def _macro(rng: np.random.Generator, female: bool, old: float) -> tuple[list[tuple[str, float]], str]:
    mix = rng.dirichlet([0.35, 0.9, 0.45])
    if rng.random() < 0.5:
        mix = 0.25 * mix + 0.75 * np.array([0.1, 0.8, 0.1])
    weights = dict(zip(("minweight", "averageweight", "maxweight"), _triangle(rng.uniform(0.2, 0.95))))
    muscles = dict(zip(("minmuscle", "averagemuscle", "maxmuscle"), _triangle(rng.uniform(0.3, 0.8))))
    mostly = rng.uniform(0.8, 1.0)
    shape = []
    for sex, share in (("female", mostly if female else 1 - mostly), ("male", 1 - mostly if female else mostly)):
        for age, much in (("young", 1 - old), ("old", old)):
            shape += [(f"macrodetails/{race}-{sex}-{age}", share * much * m) for race, m in zip(_RACES, mix)]
            shape += [
                (f"macrodetails/universal-{sex}-{age}-{muscle}-{weight}", share * much * a * b)
                for muscle, a in muscles.items() for weight, b in weights.items()
            ]
    return [(n, w) for n, w in shape if w > 1e-3], _RACES[int(np.argmax(mix))]


def _families(assets: Assets) -> list[tuple[str, list[str]]]:
    """Targets that say the opposite of one another belong together: one of them is drawn."""
    ends = r"-(decr|incr|up|down|in|out|backward|forward|concave|convex|compress|uncompress)$"
    families: dict[str, list[str]] = {}
    for name in sorted(assets.targets):
        group = name.split("/")[0]
        sideways = re.search(r"trans-(in|out)$", name) and group in ("head", "neck", "nose", "mouth")
        if group in _GROUPS and not sideways and "/r-" not in name:
            families.setdefault(re.sub(ends, "", name), []).append(name)
    return list(families.items())


def _details(rng: np.random.Generator, assets: Assets) -> list[tuple[str, float]]:
    shape, strength = [], rng.uniform(0.2, 0.65)
    for family, names in _families(assets):
        if rng.random() > 0.6:
            continue
        name, group = names[rng.integers(len(names))], family.split("/")[0]
        weight = min(abs(rng.normal(0, _SPREAD.get(group, 0.5) * strength)), 0.9)
        if "head-age" in name or ("trans" in name and group == "head"):
            weight *= 0.4
        shape.append((name, weight))
        if "/l-" in name:
            shape.append((name.replace("/l-", "/r-"), weight * rng.uniform(0.8, 1.2)))
    for name in sorted(t for t in assets.targets if t.startswith("asym/") and "breast" not in t and "trunk" not in t):
        if rng.random() < 0.15:
            shape.append((name, abs(rng.normal(0, 0.35))))
    return shape


def _skin(rng: np.random.Generator, assets: Assets, female: bool, old: float, tone: float) -> tuple[int, np.ndarray]:
    """A texture of about the right sex and age, tinted so that its mean becomes the wanted albedo."""
    def fits(name: str) -> bool:
        aged = "old" in name or "middleage" in name
        return ("female" in name) == female and (aged == (old > 0.4) or rng.random() < 0.2) and ("dark" in name) == (tone > 0.75)
    found = [k for k, (name, _) in enumerate(assets.skins) if fits(name)]
    found = found or [k for k, (name, _) in enumerate(assets.skins) if ("female" in name) == female]
    pick = found[rng.integers(len(found))]
    mean = assets.mean_albedo(assets.skins[pick][1])
    at = tone * (len(_TONES) - 1)
    low = min(int(at), len(_TONES) - 2)
    wanted = _TONES[low] + (_TONES[low + 1] - _TONES[low]) * (at - low)
    return pick, wanted * (1 + rng.normal(0, 0.04, 3)) / mean


def _hair(rng: np.random.Generator, assets: Assets, female: bool, headwear: str) -> str | None:
    if headwear in ("hijab", "hat") or rng.random() > (0.95 if female else 0.88):
        return None
    if headwear == "peci":
        return rng.choice(["long01", "bob02", "short01"] if female else ["short01", "short02"])
    common = _WOMEN if female else _MEN
    return rng.choice(list(common), p=list(common.values()))


def _hair_colour(rng: np.random.Generator, old: float) -> np.ndarray:
    if old > 0.6 and rng.random() < 0.6:
        return np.array([0.9, 0.9, 0.92]) * rng.uniform(0.5, 1.1)
    shades = ([0.14, 0.12, 0.115], [0.3, 0.2, 0.13], [0.8, 0.6, 0.38])
    return np.array(shades[rng.choice(3, p=[0.82, 0.14, 0.04])]) * rng.uniform(0.6, 1.6)


def draw(seed: int, assets: Assets, female: bool | None = None, headwear: str | None = None, tone: float | None = None, **wear) -> Person:
    """`wear` and the named arguments fix what would else be drawn."""
    rng = np.random.default_rng((seed, 11))
    female = bool(rng.random() < 0.5) if female is None else female
    age = rng.uniform(0.5, 0.7) if rng.random() < 0.6 else rng.uniform(0.5, 1.0)
    old = max(0.0, 2 * age - 1)
    macro, race = _macro(rng, female, old)
    tone = float(np.clip(rng.normal(0.45, 0.24), 0, 1)) if tone is None else tone
    headwear = rng.choice(HEADWEAR, p=[0.5, 0.46, 0.01, 0.03] if female else [0.74, 0.0, 0.2, 0.06]) if headwear is None else headwear
    skin, tint = _skin(rng, assets, female, old, tone)
    bearded = not female and rng.random() < 0.35
    worn = Wear(
        str(headwear), ("dark" if rng.random() < 0.15 else "clear") if rng.random() < 0.28 else None, bool(rng.random() < 0.07),
        float(rng.uniform(0.2, 1)) if bearded and rng.random() < 0.5 else 0.0, float(rng.uniform(0.2, 1)) if bearded else 0.0,
        _hair(rng, assets, female, str(headwear)), int(rng.integers(len(assets.clothes))) if rng.random() < 0.93 else None,
    )
    for name, value in wear.items():
        setattr(worn, name, value)
    cloth = np.ones(3) * rng.uniform(0.5, 1.1) if rng.random() < 0.45 else rng.uniform(0.25, 1.2, 3)
    return Person(
        seed, female, age, race, macro + _details(rng, assets), tone, skin, tint, assets.irises[0 if rng.random() < 0.93 else rng.integers(len(assets.irises))],
        int(rng.integers(len(assets.brows))), int(rng.integers(len(assets.lashes))) if rng.random() < 0.92 else None, _hair_colour(rng, old), cloth, worn,
    )
