"""Scans and photographs: characters recognised, each with the confidence that the recogniser has in it.

The recogniser and its models come with the package `rapidocr` (extra `ocr`) and are never fetched.  A figure that it
is unsure of is marked as doubtful: one wrong digit is one wrong figure.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from index.errors import DocumentTooLarge, LoadError
from index.loading import limits
from index.loading.document import Document
from index.loading.layout import Page, compose
from index.loading.lines import Glyph

__all__ = ["ExtraMissing", "load_image", "read_picture", "recognise"]

_POINTS_PER_INCH = 72
_RESOLUTION = 200  # of pictures that do not say
_MOST_PIXELS = 60_000_000
_MOST_FRAMES = 200
# The recogniser's own confidence in a character, from which on its word is taken.
_SURE = 0.9
# Pixels across a character, below which the recogniser loses decimal points without a doubt in what is left.
_SMALLEST = 15
_NARROW = "(),;:!?"
_WIDE = str.maketrans(_NARROW, "（），；：！？")
_HAN = re.compile("[\u4e00-\u9fff]")
# Doubt about a comma is no doubt about a figure; doubt about a decimal point is.
_MATTERS = re.compile(r"[\w.．%％]")
# A skew below this cannot be told from the noise of the boxes.
_LEAST_SKEW = 0.0015


class ExtraMissing(LoadError):
    """The package that recognises characters is not installed."""


def load_image(data: bytes, name: str) -> Document:
    """The text of a picture, or of every picture in a multi-page TIFF.  Raises `LoadError`."""
    with _opened(data, name) as image:
        frames = getattr(image, "n_frames", 1)
        if frames > _MOST_FRAMES:
            raise DocumentTooLarge(f"“{name}”有 {frames} 页，超过 {_MOST_FRAMES} 页的上限。请拆分后再导入。")
        pages = []
        for frame in range(frames):
            image.seek(frame)
            resolution = float(image.info.get("dpi", (_RESOLUTION,))[0])
            pages.append(_read(image, resolution if 60 <= resolution <= 1200 else _RESOLUTION, name))
            limits.extend()
    composed = compose(pages)
    note = "文字由图像识别得来，数字请核对原件。"
    return Document(blocks=composed.blocks, pages=len(pages), tables=composed.tables, notes=(note,))


def read_picture(data: bytes, name: str, *, width: float) -> Page:
    """The glyphs of a picture that fills a page so many points wide.  Raises `LoadError`, `ExtraMissing`."""
    with _opened(data, name) as image:
        return _read(image, image.width / width * _POINTS_PER_INCH, name)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            yield image
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as exc:
        raise LoadError(f"“{name}”里的图片打不开，可能不是完好的图片。请重新扫描，或另存为 PNG。") from exc


def _read(image: Image.Image, resolution: float, name: str) -> Page:
    if image.width * image.height > _MOST_PIXELS:
        raise DocumentTooLarge(f"“{name}”有 {image.width}×{image.height} 像素，太大了。请缩小到 300 dpi 再导入。")
    return recognise(np.asarray(image.convert("RGB")), resolution=resolution)


def recognise(image: NDArray[np.uint8], *, resolution: float) -> Page:
    """The glyphs of an RGB image of shape (height, width, 3) at so many dots per inch, a slight skew undone.

    Raises `ExtraMissing`.
    """
    result = _engine()(np.ascontiguousarray(image[:, :, 2::-1]), return_word_box=True)
    scale = _POINTS_PER_INCH / resolution
    height, width = image.shape[:2]
    words = [word for line in result.word_results or () for word in _widened(line) if word[2] is not None]
    skew = _skew([np.asarray(box, float) for box in (result.boxes if result.boxes is not None else ())])
    turn = np.array([[math.cos(skew), -math.sin(skew)], [math.sin(skew), math.cos(skew)]])
    across = [np.ptp(np.asarray(box, float)[:, 0]) for text, _, box in words if _HAN.fullmatch(text)]
    legible = not across or float(median(across)) >= _SMALLEST
    glyphs = []
    for text, score, box in words:
        corners = np.asarray(box, float) @ turn
        (x0, top), (x1, bottom) = corners.min(axis=0) * scale, corners.max(axis=0) * scale
        sure = (legible and float(score) >= _SURE) or not _MATTERS.search(text)
        glyphs.append(Glyph(text, float(x0), float(top), float(x1), float(bottom), sure=sure))
    return Page(width=width * scale, height=height * scale, glyphs=glyphs)


def _widened(line: Sequence[tuple[str, float, Any]]) -> Iterator[tuple[str, float, Any]]:
    """A line's words, punctuation next to Chinese as Chinese prints it; the recogniser takes ( for （ at random."""
    words = [word for word in line if word[0].strip()]
    for i, (text, score, box) in enumerate(words):
        near = "".join(word[0] for word in words[max(0, i - 1) : i + 2])
        yield text.translate(_WIDE) if text in _NARROW and _HAN.search(near) else text, score, box


def _skew(boxes: list[NDArray[np.float64]]) -> float:
    """The median slope, in radians, of the lower edges of long lines; y grows downwards."""
    edges = [box[2] - box[3] for box in boxes if abs(box[2][0] - box[3][0]) > 8 * abs(box[3][1] - box[0][1])]
    skew = median(math.atan2(edge[1], edge[0]) for edge in edges) if len(edges) >= 3 else 0.0
    return skew if abs(skew) >= _LEAST_SKEW else 0.0


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as exc:
        raise ExtraMissing("请安装识别扫描件的组件：pip install 'wenbao[ocr]'，再重新导入。") from exc
    # No line is dropped for its score: it is shown as doubtful.  The classifier of line directions is left out, for it
    # turned whole lines of noisy scans upside down.
    return RapidOCR(params={"Global.log_level": "error", "Global.text_score": 0.0, "Global.use_cls": False})
