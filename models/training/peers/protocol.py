"""How a peer is spoken to: file names in, one a line; readings out, one JSON object a line.

The first line out is `{"peer": name and version}` once everything is loaded. Then, for each picture in the order asked,
`{"file", "ms", "lines": [{"text", "box": [x0, y0, x1, y1], "score"}]}`: `ms` is from the file to the text, decoding
included and loading not. Invariant: a picture a peer fails on gives a line too, with nothing read in it.
"""

import json
import sys
import time
from collections.abc import Callable

Line = dict[str, object]


def line(text: str, box: tuple[float, float, float, float], score: float) -> Line:
    """One line of text as it is told."""
    return {"text": text, "box": [round(float(v), 1) for v in box], "score": round(float(score), 4)}


def serve(name: str, read: Callable[[str], list[Line]]) -> None:
    """Reads until there are no more names."""
    print(json.dumps({"peer": name}), flush=True)
    for file in (row.rstrip("\n") for row in sys.stdin):
        started = time.perf_counter()
        try:
            lines = read(file)
        except Exception as error:  # A peer may fail in any way: that is part of how well it reads.
            print(f"{file}: {type(error).__name__}", file=sys.stderr, flush=True)
            lines = []
        ms = (time.perf_counter() - started) * 1e3
        print(json.dumps({"file": file, "ms": round(ms, 2), "lines": lines}, ensure_ascii=False), flush=True)
