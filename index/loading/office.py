"""What only office programs read (doc, wps, rtf, odt, xls, et): converted by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from index.errors import LoadError
from index.loading.document import Document
from index.loading.docx import load_docx
from index.loading.html import load_html, load_mhtml
from index.loading.xlsx import load_xlsx

__all__ = ["load_office"]

_SECONDS = 90
_SHEETS = {".xls": "xlsx", ".et": "xlsx"}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_LOCKED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_ZIP = b"PK\x03\x04"
_CONVERTED = (b"\xd0\xcf\x11\xe0", b"{\\rtf", _ZIP)
# No macro runs, and nothing outside the file is opened.
_SECURITY = {"DisableMacrosExecution": "true", "MacroSecurityLevel": "3", "BlockUntrustedRefererLinks": "true"}
_SETTINGS = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(
        '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for name, value in _SECURITY.items()
    )
    + "</oor:items>"
)
# Word keeps in its file information block whether the rest is encrypted ([MS-DOC] 2.5.1: FibBase, bit 8 of byte 10).
_WORD, _IS_ENCRYPTED = b"\xec\xa5", 0x01


def load_office(data: bytes, name: str) -> Document:
    """What Word or Excel would show of the file; its macros are not run, its links not followed.

    Raises `LoadError` where LibreOffice is missing, or does not open the file.
    """
    ending = Path(name).suffix.lower()
    if loader := _real_loader(data, ending):
        return loader(data, name)
    if not data.startswith(_CONVERTED):
        # LibreOffice would open whatever it is, and follow its links.
        raise LoadError(f"“{name}”的内容不是 {ending} 文档，可能改过扩展名或已损坏。请用原软件打开后另存一份。")
    program = _program()
    if program is None:
        target = ".xlsx" if ending in _SHEETS else ".docx"
        raise LoadError(
            f"读取“{name}”（{ending}）需要安装 LibreOffice；不安装，就请用 Word 或 WPS 打开后另存为 {target} 再导入。"
        )
    if any(mark in data for mark in _LOCKED) or _is_locked(data):
        raise LoadError(f"“{name}”设有打开密码。请先去掉密码再导入。")
    target = _SHEETS.get(ending, "docx")
    with TemporaryDirectory(prefix="wenbao-") as folder:
        # LibreOffice takes the format from the content; a plain name keeps the command line out of it.
        source = Path(folder, f"source{ending}")
        source.write_bytes(data)
        settings = Path(folder, "profile", "user", "registrymodifications.xcu")
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
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


def _real_loader(data: bytes, ending: str) -> Callable[[bytes, str], Document] | None:
    """The loader of what some programs save under older endings: newer documents and web pages."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(_ZIP) and ending != ".odt":
        return load_xlsx if ending in _SHEETS else load_docx
    if head.startswith(b"mime-version:"):
        return load_mhtml
    return load_html if head.startswith(b"<") and b"<html" in head else None


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(_exists, _PLACES), None)


def _exists(place: str) -> bool:
    return Path(place).exists()


def _is_locked(data: bytes) -> bool:
    block = data.find(_WORD, 512, 64 * 1024)
    return data[:4] == b"\xd0\xcf\x11\xe0" and block > 0 and block % 512 == 0 and bool(data[block + 11] & _IS_ENCRYPTED)
