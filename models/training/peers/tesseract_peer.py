"""Tesseract 5 as a peer of the benchmark (see `protocol`): `ind`, one thread, pictures as they are.

It calls the library that Debian's `tesseract-ocr` brings, so that the language is loaded once; the program itself would
load it for every picture. `--psm` is the page segmentation. On twenty clean and good cards 6 (one
block of text) finds 80 % of the values, 11 (text wherever it stands) and 12 73 %, 3 (its own choice) 68 %.
"""

import argparse
import ctypes
import ctypes.util
import os

os.environ["OMP_THREAD_LIMIT"] = "1"

import cv2
from protocol import Line, line, serve

WORD_LEVEL = 5


class Tesseract:
    """The library behind its C interface, with the language loaded."""

    def __init__(self, language: str, psm: int) -> None:
        name = ctypes.util.find_library("tesseract")
        if name is None:
            raise SystemExit("Tesseract 5 is not installed: apt-get install tesseract-ocr tesseract-ocr-ind")
        self.library = ctypes.CDLL(name)
        pointers = ("TessBaseAPICreate", "TessBaseAPIGetTsvText", "TessVersion")
        for function in pointers:
            getattr(self.library, function).restype = ctypes.c_void_p
        self.handle = ctypes.c_void_p(self.library.TessBaseAPICreate())
        if self.library.TessBaseAPIInit3(self.handle, None, language.encode()) != 0:
            raise SystemExit(f"Tesseract has no language {language}: apt-get install tesseract-ocr-{language}")
        self.library.TessBaseAPISetPageSegMode(self.handle, psm)
        self.library.TessBaseAPISetVariable(self.handle, b"debug_file", b"/dev/null")

    def version(self) -> str:
        return ctypes.string_at(self.library.TessVersion()).decode()

    def words(self, file: str) -> list[list[str]]:
        """The rows of the library's table that are words."""
        picture = cv2.imread(file)
        if picture is None:
            raise ValueError("no picture")
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        height, width = rgb.shape[:2]
        self.library.TessBaseAPISetImage(self.handle, rgb.ctypes.data_as(ctypes.c_void_p), width, height, 3, width * 3)
        text = self.library.TessBaseAPIGetTsvText(self.handle, 0)
        if not text:
            return []
        table = ctypes.string_at(text).decode("utf-8", "replace")
        self.library.TessDeleteText(ctypes.c_void_p(text))
        self.library.TessBaseAPIClear(self.handle)
        rows = (row.split("\t") for row in table.splitlines())
        return [row for row in rows if len(row) == 12 and row[0] == str(WORD_LEVEL) and row[11].strip()]


def lines_of(words: list[list[str]]) -> list[Line]:
    """Words of one line put together: columns 1–4 number it, 6–9 are the box, 10 the confidence."""
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for word in words:
        groups.setdefault(tuple(word[1:5]), []).append(word)
    found = []
    for group in groups.values():
        boxes = [[float(v) for v in word[6:10]] for word in group]
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes))
        score = sum(float(word[10]) for word in group) / len(group) / 100
        found.append(line(" ".join(word[11] for word in group), box, score))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--psm", type=int, default=6)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    engine = Tesseract("ind", args.psm)
    serve(f"Tesseract {engine.version()}", lambda file: lines_of(engine.words(file)))


if __name__ == "__main__":
    main()
