"""The ruler: photometric and text metrics of a card in a picture, given its corners.

Invariant: real reference numbers were taken with exactly this arithmetic, so a change here makes them incomparable.
It needs numpy and OpenCV only, judges nothing, and takes about a second or two a card.
"""

import cv2
import numpy as np

ASPECT = 1.5858
Metrics = dict[str, float]
GROUPS = {
    "head": (.2, .69, .03, .15, .06, .018), "nik": (.225, .675, .155, .235, .08, .02),
    "val": (.262, .66, .25, .9, .05, .014), "lab": (.022, .225, .25, .9, .055, .014),
}
"""Text groups: x0, x1, y0, y1 of the band, largest and least row height, in card fractions."""


def warp(image: np.ndarray, quad: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The card rectified to a width, and where it was inside the picture."""
    height = int(round(width / ASPECT))
    target = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(np.float32(quad), target)
    shrink = np.linalg.norm(quad[1] - quad[0]) / width
    if shrink > 1.3:
        image = cv2.GaussianBlur(image, (0, 0), .35 * shrink)
    flat = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC)
    inside = cv2.warpPerspective(np.full(image.shape[:2], 255, np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST)
    return flat, inside > 0


def _far_blur(plane: np.ndarray, sigma: float) -> np.ndarray:
    """A very wide blur at a quarter of the size: it only weighs 2 % and only where no bare paper is near."""
    small = cv2.resize(plane, None, fx=.25, fy=.25, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4), plane.shape[::-1])


def paper_level(gray: np.ndarray, k: float) -> np.ndarray:
    """Local mean of the pixels without text, guilloche included."""
    k = int(k) | 1
    soft = cv2.GaussianBlur(gray, (0, 0), max(.5, k * .045))
    closed = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((k, k), np.uint8))
    closed = cv2.GaussianBlur(closed, (0, 0), k / 2).astype(np.float32)
    ink = np.clip(closed - soft, 0, None) / np.maximum(closed, 20)
    threshold = max(.12, .42 * np.percentile(ink, 98.5))
    bare = 1 - cv2.dilate((ink > threshold).astype(np.uint8), np.ones((max(3, int(k * .28) | 1),) * 2)).astype(np.float32)
    weighted = gray.astype(np.float32) * bare
    near, near_weight = cv2.GaussianBlur(weighted, (0, 0), .6 * k), cv2.GaussianBlur(bare, (0, 0), .6 * k)
    far, far_weight = _far_blur(weighted, 2 * k), _far_blur(bare, 2 * k)
    return (near + .02 * far / np.maximum(far_weight, 1e-3)) / (near_weight + .02)


def _rows(ink: np.ndarray, x0: float, x1: float, y0: float, y1: float, least: float, most: float) -> list[tuple[int, int]]:
    """Text rows of a band by its ink profile."""
    height, width = ink.shape
    profile = ink[int(y0 * height):int(y1 * height), int(x0 * width):int(x1 * width)].mean(1)
    profile = cv2.GaussianBlur(profile.astype(np.float32)[:, None], (1, 3), .8)[:, 0]
    threshold = .3 * np.percentile(profile, 90) + .7 * np.percentile(profile, 8) * .7
    found, start = [], None
    for i, on in enumerate([*(profile > threshold), False]):
        if on and start is None:
            start = i
        if not on and start is not None:
            if least * height <= i - start <= most * height:
                found.append((start + int(y0 * height), i + int(y0 * height)))
            start = None
    return found


def _cap_height(gray: np.ndarray, paper: np.ndarray, y0: int, y1: int, x0: int, x1: int) -> float:
    """Height at half depth of a row's ink profile, sub-pixel."""
    h = y1 - y0
    a, b = max(0, y0 - h // 3), min(gray.shape[0], y1 + h // 3)
    profile = np.clip(paper[a:b, x0:x1] - gray[a:b, x0:x1], 0, None).mean(1)
    profile = profile - np.percentile(profile, 8)
    middle = np.median(profile[(y0 - a) + h // 4:(y1 - a) - h // 4 + 1]) if h > 4 else profile.max()
    half = .5 * middle
    up = down = (y0 + y1) // 2 - a
    while up > 0 and profile[up] > half:
        up -= 1
    while down < len(profile) - 1 and profile[down] > half:
        down += 1
    top = up + (half - profile[up]) / (profile[up + 1] - profile[up] + 1e-6)
    return down - (half - profile[down]) / (profile[down - 1] - profile[down] + 1e-6) - top


def _crossings(d: list[float], i: int, cap: float) -> dict[tuple[int, float], float | None] | None:
    """Where a stroke's dip passes 90, 50 and 10 % of its depth on both sides; None if a deeper stroke is met."""
    n, depth, at = len(d), d[i], {}
    for side in (-1, 1):
        j = i
        for level in (.9, .5, .1):
            while 0 < j < n - 1 and d[j] > level * depth:
                if d[j] > depth * 1.02:
                    return None
                j += side
            if j <= 0 or j >= n - 1 or abs(j - i) > cap:
                at[side, level] = None
            else:
                before, here = d[j - side], d[j]
                at[side, level] = j - side + side * (before - level * depth) / (before - here + 1e-6)
    return at


def _strokes(gray: np.ndarray, paper: np.ndarray, y0: int, y1: int, x0: int, x1: int, cap: float) -> Metrics | None:
    """Widths, edges and depths of near-vertical strokes in the middle half of a row."""
    deepest = np.percentile((paper - gray)[y0:y1, x0:x1], 97)
    if deepest < 8:
        return None
    h = y1 - y0
    scan_lines = np.linspace(y0 + .25 * h, y1 - .25 * h, max(3, int(h * .5))).astype(int)
    widths, edges, depths, darkest, previous = [], [], [], [], None
    for y in np.unique(scan_lines):
        row, dip, current = gray[y, x0:x1], paper[y, x0:x1] - gray[y, x0:x1], []
        peak = (dip[1:-1] >= dip[:-2]) & (dip[1:-1] > dip[2:]) & (dip[1:-1] > .45 * deepest)
        d = dip.tolist()
        for i in (np.where(peak)[0] + 1).tolist():
            at = _crossings(d, i, cap)
            if at is None or at[-1, .5] is None or at[1, .5] is None or at[1, .5] - at[-1, .5] > .5 * cap:
                continue
            current.append(at[-1, .5])
            if previous is None or min([abs(at[-1, .5] - z) for z in previous] or [9]) > .6:
                continue
            widths.append(at[1, .5] - at[-1, .5])
            depths.append(d[i])
            darkest.append(row[i])
            edges += [abs(at[s, .1] - at[s, .9]) for s in (-1, 1) if at[s, .9] is not None and at[s, .1] is not None]
        previous = current
    if len(widths) < 8:
        return None
    return {"fwhm": np.median(widths), "edge": np.median(edges) if edges else np.nan, "depth": np.median(depths), "ink": np.median(darkest)}


def _group(gray: np.ndarray, paper: np.ndarray, name: str, scale: int) -> Metrics:
    """Medians over the rows of one text group."""
    x0, x1, y0, y1, most, least = GROUPS[name]
    ink = np.clip(paper - gray, 0, None) / np.maximum(paper, 20)
    width, caps, found = gray.shape[1], [], []
    for a, b in _rows(ink, x0, x1, y0, y1, least, most):
        band = ink[a:b, int(x0 * width):int(x1 * width)]
        columns = np.where(band.max(0) > .3 * np.percentile(band, 99))[0]
        if len(columns) < .03 * width:
            continue
        left, right = int(x0 * width) + max(0, columns[0] - 4), int(x0 * width) + columns[-1] + 4
        cap = _cap_height(gray, paper, a, b, left, right)
        strokes = _strokes(gray, paper, a, b, left, right, cap)
        if strokes is None:
            continue
        strokes["paper"] = np.median(paper[a:b, left:right])
        caps.append(cap)
        found.append(strokes)
    if not caps:
        return {}
    median = {key: float(np.median([s[key] for s in found])) for key in ("fwhm", "edge", "ink")}
    cap = float(np.median(caps)) / scale
    contrast = float(np.median([s["depth"] / s["paper"] for s in found]))
    edge, stroke = median["edge"] / scale, median["fwhm"] / scale
    values = {"cap": cap, "edge": edge, "wt": stroke / cap, "ec": edge / cap, "con": contrast, "ink": median["ink"]}
    return {f"{name}_{key}": value for key, value in values.items()}


def _background(flat: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Mask of bare paper on the card rectified to 1000 px."""
    gray = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY)
    height = gray.shape[0]
    paper = paper_level(gray, 27).astype(np.float32)
    ink = np.clip(paper - gray.astype(np.float32), 0, None) / np.maximum(paper, 20)
    mask = inside.copy()
    mask[:int(.03 * height)] = mask[int(.97 * height):] = 0
    mask[:, :20] = mask[:, 980:] = 0
    mask[int(.17 * height):int(.69 * height), 690:970] = 0
    mask[int(.66 * height):int(.95 * height), 690:] = 0
    soft = cv2.GaussianBlur(ink, (0, 0), 1.2)
    inked = cv2.dilate((soft > max(.1, .4 * np.percentile(soft[mask], 97))).astype(np.uint8), np.ones((7, 7)))
    return mask & (inked == 0)


def _photometry(flat: np.ndarray, bare: np.ndarray) -> Metrics:
    """Paper colour and evenness of light on the card rectified to 1000 px."""
    gray = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY).astype(np.float32)
    height, (b, g, r) = gray.shape[0], np.median(flat[bare].astype(float), 0)
    tiles = []
    for a in range(5):
        for c in range(8):
            window = (slice(int(a * height / 5), int((a + 1) * height / 5)), slice(c * 125, (c + 1) * 125))
            if bare[window].sum() > 900:
                tiles.append((a, c, np.median(gray[window][bare[window]])))
    levels = np.array([t[2] for t in tiles])
    plane = np.c_[np.ones(len(tiles)), [t[1] / 7 - .5 for t in tiles], [t[0] / 4 - .5 for t in tiles]]
    fit = np.linalg.lstsq(plane, levels, rcond=None)[0]
    return {"bgRG": r / g, "bgBG": b / g, "bgL": float(np.median(gray[bare])),
            "gradmaxmin": np.percentile(levels, 97) / max(1, np.percentile(levels, 3)), "lin": np.hypot(fit[1], fit[2]) / fit[0]}


def _texture(image: np.ndarray, quad: np.ndarray, width: float, bare: np.ndarray, level: float) -> Metrics:
    """Noise in the photo's backdrop and texture of the paper, at the picture's own resolution."""
    gray = cv2.cvtColor(warp(image, quad, int(round(width)))[0], cv2.COLOR_BGR2GRAY).astype(np.float32)
    h, w = gray.shape
    residuals = []
    for x0 in (.722, .905):
        patch = gray[int(.225 * h):int(.33 * h), int(x0 * w):int((x0 + .028) * w)]
        if min(patch.shape) >= 4:
            rest = (patch - cv2.GaussianBlur(patch, (0, 0), 2.0))[1:-1, 1:-1]
            residuals.append(1.4826 * np.median(np.abs(rest - np.median(rest))))
    paper = cv2.resize(bare.astype(np.uint8), (w, h), interpolation=cv2.INTER_NEAREST) > 0
    second = (gray[:, 2:] - 2 * gray[:, 1:-1] + gray[:, :-2]) / np.sqrt(6)
    detail = gray - cv2.GaussianBlur(gray, (0, 0), .012 * w)
    return {"noise_photo": min(residuals) if residuals else np.nan, "noise_h": 1.4826 * np.median(np.abs(second[paper[:, 1:-1]])),
            "tex_sd": detail[paper].std() / level}


def measure(image: np.ndarray, quad: np.ndarray) -> Metrics:
    """All metrics of a card whose corners (TL, TR, BR, BL, px) are known."""
    quad = np.asarray(quad, float)
    sides = [np.linalg.norm(quad[(k + 1) % 4] - quad[k]) for k in range(4)]
    width = (sides[0] + sides[2]) / 2
    turned = quad[1] - quad[0] + quad[2] - quad[3]
    metrics: Metrics = {"cardW": width, "aspect": width / ((sides[1] + sides[3]) / 2), "rot": np.degrees(np.arctan2(turned[1], turned[0])),
                        "pv": max(max(sides[k], sides[k + 2]) / min(sides[k], sides[k + 2]) for k in (0, 1))}
    flat, inside = warp(image, quad, 1000)
    bare = _background(flat, inside)
    metrics |= _photometry(flat, bare)
    scale = 2 if width < 1900 else 1
    native = cv2.cvtColor(warp(image, quad, int(round(width * scale)))[0], cv2.COLOR_BGR2GRAY)
    paper = paper_level(native, .03 * native.shape[1]).astype(np.float32)
    for name in GROUPS:
        metrics |= _group(native.astype(np.float32), paper, name, scale)
    return metrics | _texture(image, quad, width, bare, metrics["bgL"])
