"""RapidOCR as a peer of the benchmark (see `protocol`): its own detector, its default nets, one thread, pictures as they are."""

import importlib.metadata
import os

os.environ["OMP_NUM_THREADS"] = "1"

import cv2
import numpy as np
from protocol import Line, line, serve
from rapidocr import RapidOCR

ONE_THREAD = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1,
              "Global.log_level": "critical"}


def level(boxes: np.ndarray) -> np.ndarray:
    """The boxes as they would be in a picture turned so that its lines are level."""
    along = boxes[:, 1] - boxes[:, 0]
    angle = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(boxes) @ turn


def main() -> None:
    cv2.setNumThreads(1)
    engine = RapidOCR(params=ONE_THREAD)

    def read(file: str) -> list[Line]:
        found = engine(file)
        if found.txts is None:
            return []
        boxes = [(box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()) for box in level(found.boxes)]
        return [line(*row) for row in zip(found.txts, boxes, found.scores, strict=True)]

    serve(f"RapidOCR {importlib.metadata.version('rapidocr')}", read)


if __name__ == "__main__":
    main()
