"""Command: export checkpoints to ONNX and write the model manifest.

Purpose: `python -m nets.export --build build --models .. [--only recogniser …]` folds batch norm, exports the averaged
weights with the TorchScript exporter (opset 17), proves parity with onnxruntime and rewrites `manifest.toml`.
Invariant: the manifest names exactly the files that are there, by SHA-256, and the commit their pipeline was at.
Deliberately lacks quantisation and any dynamic dimension except the recogniser's width: both slow the runtime down.
"""

import argparse
import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from faces.cropnet import CropNet
from faces.detector import Detector
from faces.passive import Passive

from .layers import fold, parameters
from .linefinder import LineFinder
from .localiser import Localiser, Tracker
from .recogniser import Recogniser
from .visibility import Visibility

OPSET = 17
LICENCE = "MIT OR Apache-2.0"
_PARITY = 2e-3  # absolute, on logits of order 10


@dataclass(frozen=True)
class Spec:
    make: Callable[[], torch.nn.Module]
    file: str
    input: tuple
    outputs: dict[str, tuple]
    text: str
    pipeline: str = "nets"  # folder whose last commit is the training's


SPECS = {
    "localiser": Spec(Localiser, "localiser.onnx", (1, 3, 256, 256), {"y": (1, 5, 32, 32), "k": (1, 1)}, "four semantic corners and mask; has-card logit"),
    "tracker": Spec(Tracker, "tracker.onnx", (1, 3, 256, 256), {"y": (1, 5, 32, 32), "k": (1, 1)}, "four semantic corners and mask; has-card logit"),
    "line-finder": Spec(LineFinder, "line-finder.onnx", (1, 1, 400, 640), {"y": (1, 4, 100, 80)}, "label ribbon, value ribbon, ln(height / 12), row offset / 8"),
    "glancer": Spec(partial(Recogniser, "glancer"), "glancer.onnx", (1, 1, 32, "W"), {"y": (1, "W/4", 48)}, "CTC logits, class 0 blank"),
    "recogniser": Spec(partial(Recogniser, "recogniser"), "recogniser.onnx", (1, 1, 32, "W"), {"y": (1, "W/4", 48)}, "CTC logits, class 0 blank"),
    "visibility": Spec(Visibility, "visibility.onnx", (1, 3, 160, 256), {"y": (1, 21, 40, 64)}, "logits of light and of things over a cell; of no value and of each in it"),
    "face-detector": Spec(Detector, "face-detector.onnx", (1, 3, 192, 192), {"y": (1, 15, 24, 24)}, "centre logit, ln(distance to left, top, right, bottom / 8), five points' offset / 16", "faces"),
    "face-crop": Spec(
        CropNet, "face-crop.onnx", (1, 3, 96, 96), {"y": (1, 18)},
        "x, y of five points in 0..1; yaw, pitch, roll in degrees; logits of eye open left, right, mouth open, smile, covered", "faces",
    ),
    "face-passive": Spec(Passive, "face-passive.onnx", (1, 3, 128, 128), {"k": (1, 1)}, "logit of live against recaptured", "faces"),
}


def averaged_model(name: str, build: Path) -> torch.nn.Module:
    checkpoint = build / name.replace("-", "") / "checkpoint.pt"
    model = SPECS[name].make()
    model.load_state_dict(torch.load(checkpoint, weights_only=False)["average"])
    return model.eval()


def export(name: str, model: torch.nn.Module, path: Path) -> None:
    spec = SPECS[name]
    widths = [160, 480] if "W" in spec.input else [None]
    sample = torch.randn([320 if d == "W" else d for d in spec.input])
    axes = {"x": {3: "W"}, "y": {1: "T"}} if "W" in spec.input else None
    torch.onnx.export(
        model, sample, str(path), opset_version=OPSET, dynamo=False, input_names=["x"], output_names=list(spec.outputs), dynamic_axes=axes, do_constant_folding=True
    )
    proto = onnx.load(path)
    onnx.checker.check_model(proto)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for width in widths:
        x = torch.randn([width if d == "W" else d for d in spec.input])
        with torch.no_grad():
            wanted = model(x)
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        worst = max(np.abs(a.numpy() - b).max() for a, b in zip(wanted, session.run(None, {"x": x.numpy()})))
        if worst > _PARITY:
            raise ValueError(f"{name}: ONNX differs from PyTorch by {worst:.1e}")
    print(f"{path} {path.stat().st_size} bytes, parity {worst:.1e}")


def _commit(folder: Path) -> str:
    command = ["git", "-C", str(folder), "log", "-1", "--format=%H", "--", "."]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _entry(name: str, path: Path, commit: str) -> str:
    spec = SPECS[name]
    show = lambda shape: "[" + ", ".join(f'"{d}"' if isinstance(d, str) else str(d) for d in shape) + "]"
    outputs = ", ".join(f'{{ name = "{key}", shape = {show(shape)} }}' for key, shape in spec.outputs.items())
    return "\n".join([
        "[[model]]", f'name = "{name}"', f'file = "{spec.file}"', f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"', f'licence = "{LICENCE}"',
        f'input = {{ name = "x", shape = {show(spec.input)} }}', f"outputs = [{outputs}]", f'means = "{spec.text}"',
        f"parameters = {parameters(spec.make())}", f'training_commit = "{commit}"', f'card = "cards/{name}.md"', "",
    ])


def write_manifest(models: Path, exported: set[str], commits: dict[str, str]) -> None:
    """Entries of models not exported this time keep the commit they were exported at."""
    path = models / "manifest.toml"
    before: dict[str, str] = {}
    if path.exists():
        import tomllib

        before = {m["name"]: m["training_commit"] for m in tomllib.loads(path.read_text())["model"]}
    entries = [
        _entry(name, models / spec.file, commits[spec.pipeline] if name in exported else before[name])
        for name, spec in SPECS.items() if (models / spec.file).exists()
    ]
    header = "# Written by models/training/nets/export.py: do not edit. Models read nothing but their own input tensor.\n\n"
    path.write_text(header + "\n".join(entries))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=sorted(SPECS), default=[name for name, spec in SPECS.items() if spec.pipeline == "nets"])
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    training = Path(__file__).parents[1]
    commits = {pipeline: _commit(training / pipeline) for pipeline in {spec.pipeline for spec in SPECS.values()}}
    for name in args.only:
        export(name, fold(averaged_model(name, args.build)), args.models / SPECS[name].file)
    write_manifest(args.models, set(args.only), commits)


if __name__ == "__main__":
    main()
