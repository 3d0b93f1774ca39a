"""Command: write down what a larger recogniser says of the lines of the pools.

Purpose: `python -m nets.teach --pool build/pool --model build/teacher/recogniser.onnx` puts `taught.npy` and `lessons.npy` into every
shard that has none; a smaller net learns from them faster and further than from the texts alone (`nets.train_recogniser`).
Invariant: a lesson has one row of log-probabilities a step of the line; lines that the larger net misreads give none.
Deliberately lacks held-out pools: nothing is taught there.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime

from . import shards
from .recogniser import PX_PER_STEP, collate, greedy


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def lesson(session: onnxruntime.InferenceSession, image: np.ndarray, text: str) -> np.ndarray | None:
    logits = session.run(None, {"x": collate([image]).numpy()})[0]
    if greedy(logits)[0] != text:
        return None
    return log_softmax(logits[0, : -(-image.shape[1] // PX_PER_STEP)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="ONNX file of the larger net")
    args = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(args.model), options)
    for folder in (args.pool / "print", args.pool / "card", *sorted((args.pool / "tails").glob("*"))):
        for path in sorted(folder.glob("shard-????")):
            if not (path / shards.LESSONS).exists():
                shard = shards.read(path)
                lessons = [lesson(session, shard.image(i), shard.texts[i]) for i in range(len(shard))]
                shards.write_lessons(path, lessons)
                print(path, sum(x is not None for x in lessons), "of", len(lessons), flush=True)


if __name__ == "__main__":
    main()
