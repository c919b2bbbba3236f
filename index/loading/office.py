"""What only office programs read (doc, wps, rtf, odt, xls, et): converted by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from index.errors import LoadError
from index.loading.document import Document
from index.loading.docx import load_docx
from index.loading.xlsx import load_xlsx

__all__ = ["load_office"]

_SECONDS = 90
_SHEETS = {".xls": "xlsx", ".et": "xlsx"}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_LOCKED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
# Word keeps in its file information block whether the rest is encrypted ([MS-DOC] 2.5.1: FibBase, bit 8 of byte 10).
_WORD, _IS_ENCRYPTED = b"\xec\xa5", 0x01


def load_office(data: bytes, name: str) -> Document:
    """What Word or Excel would show of the file; macros and links are not run or followed.

    Raises `LoadError` where LibreOffice is missing, or does not open the file.
    """
    program = _program()
    ending = Path(name).suffix.lower()
    if program is None:
        target = ".xlsx" if ending in _SHEETS else ".docx"
        raise LoadError(
            f"读取“{name}”（{ending}）需要安装 LibreOffice。也可以用 Word 或 WPS 打开后另存为 {target} 再导入。"
        )
    if any(mark in data for mark in _LOCKED) or _is_locked(data):
        raise LoadError(f"“{name}”设有打开密码。请先去掉密码再导入。")
    target = _SHEETS.get(ending, "docx")
    with TemporaryDirectory(prefix="wenbao-") as folder:
        # LibreOffice takes the format from the content; a plain name keeps the command line out of it.
        source = Path(folder, f"source{ending}")
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
            converted = Path(folder, f"source.{target}").read_bytes()
        except (subprocess.TimeoutExpired, FileNotFoundError) as exc:
            raise LoadError(
                f"LibreOffice 打不开“{name}”：可能已损坏或设有密码。请用 Word 或 WPS 打开后另存为 .{target}。"
            ) from exc
    return load_xlsx(converted, name) if target == "xlsx" else load_docx(converted, name)


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(_exists, _PLACES), None)


def _exists(place: str) -> bool:
    return Path(place).exists()


def _is_locked(data: bytes) -> bool:
    block = data.find(_WORD, 512, 64 * 1024)
    return data[:4] == b"\xd0\xcf\x11\xe0" and block > 0 and block % 512 == 0 and bool(data[block + 11] & _IS_ENCRYPTED)
