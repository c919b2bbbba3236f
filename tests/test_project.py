"""What the project promises of itself: what it needs, what it ships, how it is laid out."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "prompts", "rag", "eval", "web")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = {re.split(r"[<>=]", line)[0]: line for line in PROJECT["dependencies"]}
OPTIONAL = {
    re.split(r"[<>=]", line)[0]
    for name in ("llm", "ocr", "baselines")
    for line in PROJECT["optional-dependencies"][name]
}
# Packages whose import has another name.
IMPORTED_AS = {
    "python-docx": "docx",
    "faiss-cpu": "faiss",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "haystack-ai": "haystack",
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_whatever_is_imported_is_declared() -> None:
    declared = (
        {IMPORTED_AS.get(name, name.replace("-", "_")) for name in NEEDED.keys() | OPTIONAL}
        | set(PACKAGES)
        | sys.stdlib_module_names
    )
    undeclared = {
        (str(path.relative_to(ROOT)), name) for path in MODULES for name in imports(path) if name not in declared
    }
    assert undeclared == set()


def test_torch_is_one_version_and_all_others_stay_below_the_next_major() -> None:
    assert NEEDED.pop("torch") == "torch==2.13.0"
    for line in NEEDED.values():
        assert re.fullmatch(r"[\w-]+>=[\d.]+,<\d+", line), line


def test_modules_have_names_that_say_something() -> None:
    vague = {"utils", "common", "helpers", "base", "manager", "service", "handler"}
    assert {path.stem for path in MODULES} & vague == set()


def test_the_page_is_made_of_nothing_from_elsewhere() -> None:
    for path in (ROOT / "web").rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            assert not re.search(r"https?:|//\w+\.\w+/|@import|url\(", path.read_text(encoding="utf-8")), path


def test_both_readmes_give_the_same_commands() -> None:
    blocks, calls = [], []
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks.append([re.sub(r"#.*", "", block) for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)])
        calls.append(re.findall(r"`((?:wenbao|GET|POST) [^`]*)`", text))
    assert [[line.split() for line in block.splitlines()] for block in blocks[0]] == [
        [line.split() for line in block.splitlines()] for block in blocks[1]
    ]
    assert calls[0] == calls[1]
