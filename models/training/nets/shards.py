"""Pool of line crops on disk.

Purpose: shards of crops written by generator processes and read by the trainer while it runs; beside a shard's lines may lie
what a larger net says of them.
Invariant: a shard appears under its final name only when complete, and its content depends on its seed alone.
Deliberately lacks augmentation and batching: `nets.recogniser` does them.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .camera import CROP_HEIGHT_PX, Crop

TAUGHT, LESSONS = "taught.npy", "lessons.npy"


@dataclass
class Shard:
    path: Path
    pixels: np.ndarray  # flat uint8, memory-mapped
    offsets: np.ndarray  # (n + 1,) in columns
    texts: list[str]
    kinds: list[str]
    severities: np.ndarray
    taught: np.ndarray | None = None  # (steps, classes) float16 log-probabilities of a larger net, line after line (`nets.teach`)
    lessons: np.ndarray | None = None  # (n + 1,) in steps; a line that the larger net misreads has none

    def __len__(self) -> int:
        return len(self.texts)

    def width(self, i: int) -> int:
        return int(self.offsets[i + 1] - self.offsets[i])

    def image(self, i: int) -> np.ndarray:
        a, b = self.offsets[i] * CROP_HEIGHT_PX, self.offsets[i + 1] * CROP_HEIGHT_PX
        return self.pixels[a:b].reshape(CROP_HEIGHT_PX, -1)

    def look_for_lessons(self) -> None:
        if self.taught is None and (self.path / LESSONS).exists():
            self.taught, self.lessons = np.load(self.path / TAUGHT, mmap_mode="r"), np.load(self.path / LESSONS)

    def lesson(self, i: int) -> np.ndarray | None:
        """What the larger net says at each step of line i, where it reads it right."""
        if self.taught is None or self.lessons[i] == self.lessons[i + 1]:
            return None
        return self.taught[self.lessons[i] : self.lessons[i + 1]]


def write(path: Path, crops: Iterable[Crop]) -> None:
    crops = list(crops)
    partial = path.with_name(path.name + ".partial")
    partial.mkdir(parents=True, exist_ok=True)
    np.save(partial / "pixels.npy", np.concatenate([c.image.ravel() for c in crops]))
    index = {
        "widths": [c.image.shape[1] for c in crops],
        "texts": [c.text for c in crops],
        "kinds": [c.kind for c in crops],
        "severities": [c.severity for c in crops],
    }
    (partial / "index.json").write_text(json.dumps(index))
    os.rename(partial, path)


def read(path: Path) -> Shard:
    index = json.loads((path / "index.json").read_text())
    offsets = np.concatenate([[0], np.cumsum(index["widths"])]).astype(np.int64)
    shard = Shard(path, np.load(path / "pixels.npy", mmap_mode="r"), offsets, index["texts"], index["kinds"], np.array(index["severities"]))
    shard.look_for_lessons()
    return shard


def write_lessons(path: Path, lessons: list[np.ndarray | None]) -> None:
    """Puts what a larger net says beside a shard's lines."""
    kept = [lesson for lesson in lessons if lesson is not None]
    np.save(path / TAUGHT, np.concatenate(kept).astype(np.float16))
    partial = path / f"partial-{LESSONS}"
    np.save(partial, np.cumsum([0, *(0 if lesson is None else len(lesson) for lesson in lessons)]))
    os.rename(partial, path / LESSONS)


class Pool:
    """All shards of one folder; `rescan` picks up those that appeared since, and lessons."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.shards: list[Shard] = []
        self._seen: set[str] = set()
        self.rescan()

    def rescan(self) -> None:
        if not self.folder.is_dir():
            return
        for shard in self.shards:
            shard.look_for_lessons()
        for path in sorted(self.folder.glob("shard-*")):
            if path.suffix != ".partial" and path.name not in self._seen:
                self._seen.add(path.name)
                self.shards.append(read(path))

    def __len__(self) -> int:
        return sum(len(s) for s in self.shards)

    def draw(self, rng, count: int, easy: bool = False) -> list[tuple[np.ndarray, str, np.ndarray | None]]:
        """Random lines (image, text, lesson); `easy`: short and sharp ones, for the first steps."""
        out = []
        while len(out) < count:
            shard = rng.choices(self.shards, [len(s) for s in self.shards])[0]
            i = rng.randrange(len(shard))
            if easy and (shard.severities[i] > 1 or len(shard.texts[i]) > 14):
                continue
            out.append((shard.image(i), shard.texts[i], shard.lesson(i)))
        return out

    def all(self) -> list[tuple[np.ndarray, str, str, int]]:
        return [(s.image(i), s.texts[i], s.kinds[i], int(s.severities[i])) for s in self.shards for i in range(len(s))]
