"""What a face may be in front of, and what pictures without one show.

Invariant: float32 RGB in 0…1 of the wanted size, a function of the generator. No photograph of a person is among them.
Panoramas (`--panoramas`, CC0 environment maps as .npy of linear light) are optional: without them rooms are drawn only.
"""

import random
from pathlib import Path

import cv2
import numpy as np

from synth import documents, scenery

from . import interiors


class Backdrops:
    def __init__(self, panoramas: Path | None = None):
        files = sorted(panoramas.glob("*.npy")) if panoramas else []
        self.panoramas = [np.load(f).astype(np.float32) for f in files]

    def __call__(self, rng: np.random.Generator, width: int, height: int) -> np.ndarray:
        kind = rng.random()
        if self.panoramas and kind < 0.3:
            return self._window(rng, width, height)
        if kind < 0.55:
            return interiors.room(rng, width, height)
        if kind < 0.72:
            return interiors.shapes(rng, width, height)
        plain = random.Random(int(rng.integers(1 << 30)))
        picture = scenery.background(plain, width, height, room=plain.random() < 0.5)
        if plain.random() < 0.5:
            scenery.loose_things(plain, picture, plain.randint(1, 6))
        image = picture[..., ::-1].astype(np.float32) / 255
        for _ in range(plain.choice([0, 0, 1, 1, 2])):  # print is full of small dark things in rows, as faces are
            image = self._document(rng, plain, image)
        return np.ascontiguousarray(image)

    def _window(self, rng: np.random.Generator, width: int, height: int) -> np.ndarray:
        """A narrow part of an environment map, exposed at random; near the horizon it needs no unrolling."""
        source = self.panoramas[rng.integers(len(self.panoramas))]
        h, w = source.shape[:2]
        tall = int(h * rng.uniform(0.12, 0.5))
        wide = min(int(tall * width / height), w - 1)
        y, x = int(rng.uniform(0.15, 0.8) * (h - tall)), int(rng.integers(w - wide))
        cut = cv2.resize(source[y : y + tall, x : x + wide], (width, height), interpolation=cv2.INTER_AREA if tall > height else cv2.INTER_CUBIC)
        light = np.maximum(cut, 0) / (np.percentile(cut, rng.uniform(70, 99)) + 1e-4)
        image = np.clip(light / (1 + 0.3 * light) * 1.2, 0, 1) ** (1 / rng.uniform(1.8, 2.6))
        if rng.random() < 0.5:
            image = image[:, ::-1]
        if rng.random() < 0.15:
            image = image[..., rng.permutation(3)]
        return np.ascontiguousarray(image, np.float32)

    def _document(self, rng: np.random.Generator, plain: random.Random, image: np.ndarray) -> np.ndarray:
        """A paper, bank card or screen held into the picture or lying in it."""
        height, width = image.shape[:2]
        paper = plain.choice([documents.bank_card, documents.letter, documents.letter, documents.screen])(plain, 300)[..., ::-1].astype(np.float32) / 255
        h, w = paper.shape[:2]
        scale, angle = width * rng.uniform(0.25, 1.1) / w, rng.normal(0, 0.3)
        corners = (np.float32([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2 * scale) @ np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        at = corners * (1 + rng.normal(0, 0.08, (4, 2))) + [rng.uniform(0, width), rng.uniform(0, height)]
        matrix = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), at.astype(np.float32))
        if scale < 0.7:
            paper = cv2.GaussianBlur(paper, (0, 0), 0.4 / scale)
        mask = cv2.warpPerspective(np.ones((h, w), np.float32), matrix, (width, height))[..., None]
        return image * (1 - mask) + cv2.warpPerspective(paper, matrix, (width, height)) * mask * np.float32(rng.uniform(0.6, 1.05))
