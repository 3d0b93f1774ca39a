"""Command: a recorded selfie of a person who does not exist, and two others.

Purpose: `python make_selfie.py --assets DIR --out ../../tests/data/selfie` writes eight frames of one synthetic person
(slight motion, one blink), two other people and a photographed print, with `truth.json`.
Invariant: seeded; the same assets give the same pictures up to the rounding of the machine's arithmetic.
Deliberately lacks people who exist: heads are random mixes of CC0 morph targets.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from faces import assets, head, interiors, person, view, webcam

WIDTH, HEIGHT = 640, 480
FRAMES, FRAME_MS = 8, 200
_OVER = 4
_SHUT = (0.0, 0.0, 0.02, 0.6, 1.0, 0.45, 0.02, 0.0)  # one blink, of about 400 ms
_PEOPLE = {
    "frame": dict(seed=302, female=True, headwear="none", tone=0.42, hair="long01", glasses=None, mask=False),
    "other-0": dict(seed=315, female=False, headwear="none", tone=0.55, hair="short02", glasses=None, mask=False),
    "other-1": dict(seed=321, female=True, headwear="hijab", tone=0.38, glasses=None, mask=False),
}


def light_of(seed: int) -> view.Light:
    """Soft daylight from a window beside the screen, a warm ceiling lamp, bounced light of a bright room."""
    rng = np.random.default_rng((seed, 31))
    side = rng.choice([-1, 1])
    directions = np.array([[side * 0.75, 0.45, 0.8], [-side * 0.5, 0.9, 0.35], [0, -0.1, 1]])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    colours = np.array([[0.72, 0.74, 0.78], [0.24, 0.21, 0.17], [0.12, 0.12, 0.13]])
    ambient = np.zeros((3, 9), np.float32)
    ambient[:, 0], ambient[:, 1], ambient[:, 2], ambient[:, 3] = [0.40, 0.385, 0.37], 0.08, 0.06, side * 0.07
    return view.Light(directions.astype(np.float32), colours.astype(np.float32), ambient, np.array([0.4, 0.45, 14, 0.12, 3.0, 1.2], np.float32))


def moment_of(frame: int) -> head.Moment:
    t = frame / FRAMES * 2 * np.pi
    shut = _SHUT[frame]
    return head.Moment(
        shut=(shut, shut), wide_eyes=0.25 * (1 - shut), smile=0.28 + 0.05 * np.sin(t), mouth_open=0.02, gaze=(0.02 * np.sin(2 * t), 0.01),
        yaw=0.05 * np.sin(t + 0.4), pitch=0.03 * np.sin(t * 0.7 + 1) - 0.01, roll=0.025 * np.cos(t), body_share=0.4,
    )


def camera_of(face: np.ndarray, sway: np.ndarray) -> view.Camera:
    """A notebook's camera at arm's length, a little below the eyes; the person sways, the camera does not."""
    position = face + np.array([0.0, -0.1, 6.2]) + sway
    return view.Camera(position, position + np.array([0, -0.035, -1.0]), 930.0, (WIDTH / 2, HEIGHT / 2 + 2))


def picture(who: person.Person, moment: head.Moment, sway: np.ndarray, face: np.ndarray, backdrop: np.ndarray, held: assets.Assets):
    posed = head.pose(held, who, moment)
    camera = camera_of(face, sway)
    drawn = view.draw(held, posed, camera, light_of(who.seed), WIDTH, HEIGHT, _OVER)
    cam = webcam.Webcam(1.12, 0.75, 2.2, np.array([1.02, 1.0, 0.99]), 1.08, 0.55, 0.4, 0.006, 86)
    alpha = np.clip(drawn[..., 3:], 0, 1)
    shown = webcam.tone(drawn[..., :3] / np.maximum(alpha, 1e-3), cam) * alpha + backdrop * (1 - alpha)
    return shown, cam, view.labels_of(posed, camera)


def print_of(frame: np.ndarray, rng: np.random.Generator, backdrop: np.ndarray) -> np.ndarray:
    """The frame as a glossy paper print, held a little askew in front of the same camera."""
    paper = cv2.copyMakeBorder(frame[20:460, 140:500], 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(0.93, 0.93, 0.91))
    paper = 0.08 + 0.78 * paper ** 1.05
    h, w = paper.shape[:2]
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    at = np.float32([[168, 44], [470, 30], [486, 424], [150, 410]]) + rng.normal(0, 3, (4, 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, at)
    mask = cv2.warpPerspective(np.ones((h, w, 1), np.float32), matrix, (WIDTH, HEIGHT))[..., None]
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    sheen = 0.10 * np.exp(-(((x - 380) / 120) ** 2 + ((y - 140) / 160) ** 2))[..., None]
    return backdrop * (1 - mask) + (cv2.warpPerspective(paper, matrix, (WIDTH, HEIGHT)) + sheen) * mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=Path, default=assets.default_folder())
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    held, truth = assets.load(args.assets), {}
    for name, fixed in _PEOPLE.items():
        who = person.draw(assets=held, **fixed)
        who.wear.beard = who.wear.stubble = 0.0
        rng = np.random.default_rng((who.seed, 32))
        backdrop = interiors.room(rng, WIDTH, HEIGHT, blur=3.0)
        face = head.pose(held, who, head.Moment()).face.mean(0)
        for k in range(FRAMES if name == "frame" else 1):
            t = k / FRAMES * 2 * np.pi
            sway = np.array([0.05 * np.sin(t), 0.03 * np.cos(t * 0.8), 0.08 * np.sin(t * 0.5)]) if name == "frame" else rng.normal(0, 0.1, 3)
            shown, cam, labels = picture(who, moment_of(k), sway, face, backdrop, held)
            file = f"{name}-{k}.jpg" if name == "frame" else f"{name}.jpg"
            (args.out / file).write_bytes(webcam.jpeg(webcam.expose(shown, cam, rng), cam.quality))
            truth[file] = {
                "box": [round(float(v), 1) for v in labels.box], "points": [[round(float(v), 1) for v in p] for p in labels.points],
                "yaw_pitch_roll_deg": [round(float(v), 1) for v in labels.angles_deg], "eyes_open": round(1 - moment_of(k).shut[0], 2), "at_ms": k * FRAME_MS,
            }
            if file == "frame-0.jpg":
                printed = print_of(shown, rng, interiors.room(np.random.default_rng((who.seed, 33)), WIDTH, HEIGHT, blur=2.0))
                (args.out / "print-0.jpg").write_bytes(webcam.jpeg(webcam.expose(printed, cam, rng), cam.quality))
    (args.out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


if __name__ == "__main__":
    main()
