"""Pools of whole-card views made from photographed cards.

Purpose: shards of localiser scenes and of rectified line-finder canvases, written by `nets.card_crops`, read while training.
Invariant: like line shards, a file appears under its final name only when complete.
Deliberately lacks the making of views: only their storage and drawing.
"""

import json
import os
import random
from pathlib import Path

import numpy as np

from .canvases import Canvas, LineBox
from .scenes import Scene


def _save(path: Path, **arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
    os.rename(partial, path)


def write_scenes(path: Path, scenes: list[Scene]) -> None:
    _save(path, images=np.stack([s.image for s in scenes]), quads=np.stack([s.quad for s in scenes]), present=np.array([s.has_card for s in scenes]))


def write_canvases(path: Path, canvases: list[Canvas]) -> None:
    boxes = [[[*b.left, *b.right, b.height, b.is_label] for b in c.boxes] for c in canvases]
    _save(path, images=np.stack([c.image for c in canvases]), boxes=np.array(json.dumps(boxes, default=float)))


class _Pool:
    def __init__(self, folder: Path):
        self.folder, self.items, self._seen = folder, [], set()
        self.rescan()

    def rescan(self) -> None:
        for path in sorted(self.folder.glob("shard-*.npz")):
            if path.name not in self._seen:
                self._seen.add(path.name)
                with np.load(path) as data:
                    self.items += self._read(data)

    def __len__(self) -> int:
        return len(self.items)

    def draw(self, rng: random.Random, count: int) -> list:
        return [self.items[rng.randrange(len(self.items))] for _ in range(count)]


class ScenePool(_Pool):
    def _read(self, data) -> list[Scene]:
        return [Scene(i, q.astype(np.float32), bool(p)) for i, q, p in zip(data["images"], data["quads"], data["present"])]


class CanvasPool(_Pool):
    def _read(self, data) -> list[Canvas]:
        boxes = [[LineBox((b[0], b[1]), (b[2], b[3]), b[4], bool(b[5])) for b in row] for row in json.loads(str(data["boxes"]))]
        return [Canvas(i, b) for i, b in zip(data["images"], boxes)]
