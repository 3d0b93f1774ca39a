"""Command: renders pools of heads and hands that scenes and crops are composed from.

Purpose: `python -m faces.pool --assets DIR --out build/faces --kind heads --shards 12` writes shards of RGBA tiles with labels.
Invariant: shard k is a function of k; a shard appears whole or not at all, so trainers may look while it is written.
Held-out shards (`--held-out`) come from other seeds and are only measured.
Deliberately lacks backgrounds: scenes put them behind.
"""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from . import assets as asset_files
from . import hands, head, moments, person, view, webcam

SIDE_PX, PER_SHARD = 224, 400
_OVER = 2  # lashes and brows are finer than a pixel
HELD_OUT_FIRST = 900
STATES = ("shut_left", "shut_right", "mouth_open", "smile", "mask", "dark_glasses", "hijab", "glasses", "tone", "female", "beard", "peci")


def _tile(linear: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Display values, not premultiplied, with a random tone curve."""
    linear = np.nan_to_num(linear, posinf=0, neginf=0)  # a triangle through the camera's plane
    alpha = np.clip(linear[..., 3:], 0, 1)
    shown = webcam.tone(linear[..., :3] / np.maximum(alpha, 1e-3), webcam.draw(rng))
    return (np.concatenate([shown * (alpha > 0), alpha], -1) * 255 + 0.5).astype(np.uint8)


def head_tile(assets: asset_files.Assets, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Tile and its row of labels: box 4, points 10, yaw pitch roll, `STATES`."""
    rng = np.random.default_rng((seed, 51))
    mask = bool(rng.random() < 0.12)
    who = person.draw(seed, assets, mask=mask)
    now = moments.moment(rng)
    posed = head.pose(assets, who, now)
    camera = moments.camera(rng, posed, SIDE_PX)
    linear = view.draw(assets, posed, camera, moments.light(rng), SIDE_PX, SIDE_PX, _OVER)
    labels = view.labels_of(posed, camera)
    worn = who.wear
    states = [*now.shut, now.mouth_open, now.smile, mask, worn.glasses == "dark", worn.headwear == "hijab", worn.glasses is not None, who.tone, who.female,
              worn.beard + worn.stubble > 0.2, worn.headwear == "peci"]
    return _tile(linear, rng), np.concatenate([labels.box, labels.points.ravel(), labels.angles_deg, np.array(states, float)]).astype(np.float32)


def hand_tile(assets: asset_files.Assets, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng((seed, 52))
    return _tile(hands.picture(assets, seed, SIDE_PX, moments.light(rng)), rng), np.zeros(0, np.float32)


@dataclass
class Pool:
    """All shards of a folder, memory-mapped; `rescan` picks up new ones."""

    folder: Path
    held_out: bool = False

    def __post_init__(self):
        self.tiles: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.names: set[str] = set()
        self.rescan()

    def rescan(self) -> None:
        for path in sorted(self.folder.glob("labels-*.npy")):
            number = int(path.stem.split("-")[1])
            if path.name not in self.names and (number >= HELD_OUT_FIRST) == self.held_out:
                self.names.add(path.name)
                self.tiles.append(np.load(path.with_name(f"tiles-{number:04d}.npy"), mmap_mode="r"))
                self.labels.append(np.load(path))

    def __len__(self) -> int:
        return sum(len(x) for x in self.labels)

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        shard = int(rng.integers(len(self.labels)))
        return self.at(shard, int(rng.integers(len(self.labels[shard]))))

    def at(self, shard: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(self.tiles[shard][k]), self.labels[shard][k]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=Path, default=asset_files.default_folder())
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--kind", choices=("heads", "hands"), required=True)
    parser.add_argument("--shards", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    assets, make = asset_files.load(args.assets), {"heads": head_tile, "hands": hand_tile}[args.kind]
    folder = args.out / args.kind
    folder.mkdir(parents=True, exist_ok=True)
    start = args.first + (HELD_OUT_FIRST if args.held_out else 0)
    for number in range(start, start + args.shards):
        if (folder / f"labels-{number:04d}.npy").exists():
            continue
        made = [make(assets, number * 10_000 + k) for k in range(PER_SHARD)]
        np.save(folder / f"tiles-{number:04d}.npy", np.stack([tile for tile, _ in made]))
        np.save(folder / f"labels-{number:04d}.npy", np.stack([labels for _, labels in made]))
        print(f"{args.kind} shard {number}", flush=True)


if __name__ == "__main__":
    main()
