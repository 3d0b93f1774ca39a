"""What the three training commands share.

Purpose: a budget that drives the learning rate, weight averaging, resumable checkpoints and CSV logs.
A fine-tune begins (`--from`) with the averaged weights of another run and with nothing else of it.
Invariant: a run that is stopped and resumed continues with the same weights, optimiser, averages and random states
as an uninterrupted one; with `--steps` as the budget the result is the same bit for bit.
Deliberately lacks any notion of a particular net or data set.
"""

import argparse
import csv
import math
import os
import random
import signal
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn


DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(args: argparse.Namespace) -> torch.autocast:
    """bfloat16 where it was asked for: on a GPU, and on processors that are faster with it (not all that have it are)."""
    return torch.autocast(DEVICE.type, torch.bfloat16, enabled=args.bf16)


def add_arguments(parser: argparse.ArgumentParser, lr: float, seed: int) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints")
    parser.add_argument("--log", type=Path, required=True, help="CSV file the curve is appended to")
    parser.add_argument("--cpu-minutes", type=float, default=math.inf, help="budget in CPU minutes of this process, over all resumes")
    parser.add_argument("--steps", type=int, default=None, help="budget in optimiser steps (reproducible bit for bit)")
    parser.add_argument("--lr", type=float, default=lr)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16 where that is safe")
    parser.add_argument("--from", dest="begin", type=Path, default=None, help="checkpoint whose averaged weights a new run begins with")
    parser.add_argument("--checkpoint-every", type=int, default=500)


def learning_rate(peak: float, progress: float, warm: float = 0.03) -> float:
    if progress < warm:
        return peak * max(progress / warm, 0.01)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm))))


class Average:
    """Exponential moving average of weights and batch-norm statistics."""

    def __init__(self, model: nn.Module, decay: float = 0.999):
        self.decay, self.steps = decay, 0
        self.state = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        weight = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        mine, new = [], []
        for key, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                mine.append(self.state[key])
                new.append(value.detach())
            else:
                self.state[key].copy_(value)
        torch._foreach_lerp_(mine, new, weight)


class Run:
    """Budget, optimiser step, average, checkpoint and log of one training run."""

    def __init__(self, model: nn.Module, args: argparse.Namespace, weight_decay: float = 1e-2, betas=(0.9, 0.99)):
        self.model, self.args = model, args
        self.device = next(model.parameters()).device
        self.rng = random.Random(args.seed)
        self.noise = np.random.RandomState(args.seed)
        self.path = args.out / "checkpoint.pt"
        if args.begin and not self.path.exists():
            # Our own file, as in `_load`.
            model.load_state_dict(torch.load(args.begin, weights_only=False, map_location=self.device)["average"])
        self.optimiser = torch.optim.AdamW(model.parameters(), args.lr, weight_decay=weight_decay, betas=betas)
        self.average = Average(model)
        self.step = self.samples = 0
        self.cpu_before_s = 0.0
        self.extra: dict = {}
        self._cpu_start_s, self._stop = time.process_time(), False
        args.out.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self._load()
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "_stop", True))

    @property
    def cpu_s(self) -> float:
        return self.cpu_before_s + time.process_time() - self._cpu_start_s

    @property
    def progress(self) -> float:
        by_steps = self.step / self.args.steps if self.args.steps else 0.0
        return min(1.0, max(by_steps, self.cpu_s / (self.args.cpu_minutes * 60)))

    def going(self) -> bool:
        """False at the end of the budget or after SIGTERM (which saves first)."""
        if self._stop:
            self.save()
            raise SystemExit(143)
        return self.progress < 1

    def descend(self, loss: torch.Tensor, samples: int) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.args.lr, self.progress)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimiser.step()
        self.average.update(self.model)
        self.step += 1
        self.samples += samples
        if self.step % self.args.checkpoint_every == 0:
            self.save()

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(), "average": self.average.state, "average_steps": self.average.steps,
            "optimiser": self.optimiser.state_dict(), "step": self.step, "samples": self.samples, "cpu_s": self.cpu_s,
            "rng": self.rng.getstate(), "noise": self.noise.get_state(), "torch": torch.get_rng_state(), "extra": self.extra,
        }
        partial = self.path.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, self.path)

    def _load(self) -> None:
        state = torch.load(self.path, weights_only=False, map_location=self.device)  # our own file: holds RNG states beside tensors
        self.model.load_state_dict(state["model"])
        self.average.state, self.average.steps = state["average"], state["average_steps"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.samples, self.cpu_before_s = state["step"], state["samples"], state["cpu_s"]
        self.rng.setstate(state["rng"])
        self.noise.set_state(state["noise"])
        torch.set_rng_state(state["torch"].cpu())
        self.extra = state["extra"]

    def averaged(self, fresh: nn.Module) -> nn.Module:
        """`fresh` with the averaged weights, for measuring and export."""
        fresh.load_state_dict(self.average.state)
        return fresh.eval()

    def log(self, **values) -> None:
        row = {"step": self.step, "samples": self.samples, "cpu_s": round(self.cpu_s), "progress": round(self.progress, 4)}
        row |= {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}
        self.args.log.parent.mkdir(parents=True, exist_ok=True)
        new = not self.args.log.exists()
        with self.args.log.open("a", newline="") as file:
            writer = csv.DictWriter(file, row.keys())
            if new:
                writer.writeheader()
            writer.writerow(row)
        print(row, flush=True)
