"""Reuse of generated samples.

Purpose: drawing a picture costs more than learning from it, so each step takes a few new samples and some recent ones.
Invariant: sample k depends on seed + k alone, so a resumed run draws what an uninterrupted one would.
Deliberately lacks persistence: samples that are not in memory any more are drawn again.
"""

import random
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Replay(Generic[T]):
    def __init__(self, make: Callable[[int], T], seed: int, capacity: int, state: dict):
        self.make, self.seed, self.capacity, self.state = make, seed, capacity, state
        self.state.setdefault("next", 0)
        self.kept: dict[int, T] = {}

    def _get(self, k: int) -> T:
        if k not in self.kept:
            self.kept[k] = self.make(self.seed + k)
        return self.kept[k]

    def draw(self, rng: random.Random, new: int, old: int) -> list[T]:
        start = self.state["next"]
        self.state["next"] = end = start + new
        low = max(0, end - self.capacity)
        for k in [k for k in range(max(0, low - new), low) if k in self.kept]:
            del self.kept[k]
        return [self._get(k) for k in range(start, end)] + [self._get(rng.randrange(low, end)) for _ in range(old)]
