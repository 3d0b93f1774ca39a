"""Command: environment maps for backdrops.

Purpose: `python -m faces.panoramas --exr DIR --out build/faces/panoramas` turns equirectangular OpenEXR files into arrays of
linear light. The shipped nets used the eight CC0 maps by Greg Zaal (Poly Haven) that come with Blender: rooms, streets, gardens.
Invariant: nothing but the file's own pixels, as float16.
Deliberately lacks a download; needs `pip install OpenEXR`.
"""

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    import OpenEXR

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exr", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(args.exr.glob("*.exr")):
        pixels = OpenEXR.File(str(path)).channels()["RGB"].pixels
        np.save(args.out / f"{path.stem}.npy", np.minimum(pixels, 60000).astype(np.float16))
        print(path.stem, pixels.shape, flush=True)


if __name__ == "__main__":
    main()
