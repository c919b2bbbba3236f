"""Bytes → text: UTF-8, UTF-16, GB18030, Big5, with or without byte order mark."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from index.errors import UnknownFormat

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "Word（docx）、OFD 或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word（doc、wps）"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x1f\x8b", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
_GUESSED = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
_SAMPLE = 1 << 16
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes, name: str) -> str:
    """The text in `data`, without byte order mark.

    A mark or valid UTF-8 settles the encoding; else it is guessed from the first 64 KiB and must fit the whole.
    Raises `UnknownFormat` for what is no text or broken text.
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise UnknownFormat(
                f"“{name}”的内容是{kind}，不是文本。请改回原来的扩展名，或在原软件里另存为纯文本（.txt）。"
            )
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_CONTROL.findall(text[:_SAMPLE])) <= len(text[:_SAMPLE]) / 1000:
            return text
    raise UnknownFormat(
        f"“{name}”不是能识别的文本：可能是改了扩展名的其他文件，或编码已损坏。"
        "请用原软件打开，另存为 UTF-8 编码的 .txt。"
    )


def _candidates(data: bytes) -> list[str]:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if marked:
        return marked[:1]
    guess = from_bytes(data[:_SAMPLE], cp_isolation=_GUESSED, enable_fallback=False).best()
    return ["utf-8", guess.encoding] if guess else ["utf-8"]
