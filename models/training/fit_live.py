"""Fits the small net of the live maps: crates/vision/src/live/trouble.bin.

Input is what `cargo run --example live features DIR FILE` wrote for frames of `make_live.py`, and their truth. A cell counts
as covered from 30 % of its area on, as washed out when light took half of its ink's contrast; cells in between weigh less.
Invariant: same input, same bytes (one thread, fixed seed). Usage: `python fit_live.py DIR FILE [--out FILE]`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

FEATURES, HIDDEN, CELLS = 28, 24, 640
DEFAULT_OUT = Path(__file__).resolve().parents[2] / "crates" / "vision" / "src" / "live" / "trouble.bin"


def targets(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """(frames, cells, 2) truths of glare and cover, and their weights."""
    frames = [f for f in json.loads((folder / "truth.json").read_text())["frames"] if f["shows"] == "ktp"]
    read = lambda key: np.array([[int(d) for d in f[key]] for f in frames], np.float32)
    glare, cover = read("glare"), read("cover")
    weight = lambda value, low, high: np.where((value >= low) & (value < high), 0.25, 1.0)
    # What lies under a finger cannot be seen to be washed out, and the other way round.
    glare_weight = weight(glare, 3, 6) * np.where(cover >= 5, 0.1, 1)
    cover_weight = weight(cover, 1, 4) * np.where(glare >= 8, 0.3, 1)
    return np.stack([glare >= 5, cover >= 3], -1).astype(np.float32), np.stack([glare_weight, cover_weight], -1).astype(np.float32)


def fit(x: torch.Tensor, y: torch.Tensor, w: torch.Tensor, epochs: int) -> nn.Sequential:
    net = nn.Sequential(nn.Linear(FEATURES, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2))
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3, weight_decay=1e-3)
    batch, steps = 4096, epochs * (len(x) // 4096)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 8e-3, steps)
    generator = torch.Generator().manual_seed(0)
    for step in range(steps):
        pick = torch.randint(len(x), (batch,), generator=generator)
        loss = nn.functional.binary_cross_entropy_with_logits(net(x[pick]), y[pick], w[pick])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 2000 == 0:
            print(step, float(loss))
    return net


def write(out: Path, mean: np.ndarray, scale: np.ndarray, net: nn.Sequential) -> None:
    first, last = net[0], net[2]
    parts = [mean, scale, first.weight.detach().numpy().T, first.bias.detach().numpy(), last.weight.detach().numpy().T, last.bias.detach().numpy()]
    out.write_bytes(np.concatenate([p.astype("<f4").ravel() for p in parts]).tobytes())


def report(net: nn.Sequential, x: torch.Tensor, y: np.ndarray) -> None:
    with torch.no_grad():
        found = torch.sigmoid(net(x)).numpy() >= 0.5
    for side, name in enumerate(("glare", "cover")):
        hit, truth = found[:, side], y[:, side] > 0.5
        both = (hit & truth).sum()
        print(f"{name}: precision {both / max(1, hit.sum()):.3f} recall {both / max(1, truth.sum()):.3f} over {truth.sum()} cells")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("features", type=Path)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = np.fromfile(arguments.features, "<f4").reshape(-1, FEATURES)
    y, w = (a.reshape(-1, 2) for a in targets(arguments.folder))
    assert len(x) == len(y), "features and truth are of the same frames"
    mean, scale = x.mean(0), x.std(0) + 1e-3
    standard = torch.from_numpy(np.clip((x - mean) / scale, -6, 6))
    held = np.arange(len(x)) // CELLS % 10 == 0
    net = fit(standard[~held], torch.from_numpy(y[~held]), torch.from_numpy(w[~held]), arguments.epochs)
    report(net, standard[held], y[held])
    write(arguments.out, mean, scale, net)


if __name__ == "__main__":
    main()
