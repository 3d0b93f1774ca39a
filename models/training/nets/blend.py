"""Command: average the weights of a model and of its fine-tune.

Purpose: `python -m nets.blend --before build/recogniser/checkpoint.pt --after build/tails/recogniser/checkpoint.pt --share 0.5
--out build/blended/recogniser/checkpoint.pt` goes so far from the first to the second. Weights in between keep more of what the first
could than the fine-tune itself, which forgets a little, and have most of what it learnt.
Invariant: both are of one net, the second fine-tuned from the first; share 0 is the first and 1 the second.
Deliberately lacks the choice of the share: measure some on held-out lines.
"""

import argparse
from pathlib import Path

import torch

Weights = dict[str, torch.Tensor]


def averaged(before: Weights, after: Weights, share: float) -> Weights:
    """Weights and batch-norm statistics in between; counters are the second's."""
    return {key: torch.lerp(value, after[key], share) if value.dtype.is_floating_point else after[key] for key, value in before.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    before, after = (torch.load(path, weights_only=False)["average"] for path in (args.before, args.after))  # our own files
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"average": averaged(before, after, args.share)}, args.out)


if __name__ == "__main__":
    main()
