"""Loading in a process of its own, so that no file can take the server down.

Run as `python -m index.loading.worker ENDING NAME`: the file's bytes come on stdin, the document or the reason why
there is none goes to stdout as JSON, never as a pickle: what has read a hostile file is not to be trusted.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index import errors
from index.errors import DocumentTooLarge, LoadError
from index.loading import limits
from index.loading.document import Document
from index.structure import Block

__all__ = ["load_apart"]

# However many pages a file has, this is the end.
_MOST_SECONDS = 3600


def load_apart(ending: str, data: bytes, name: str) -> Document:
    """What the loader of this ending makes of the bytes, found out by another process within limits.

    Raises what the loader raises, `DocumentTooLarge` past the limits, `LoadError` where the process breaks down.
    """
    command = [sys.executable, "-P", "-m", "index.loading.worker", ending, name]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env=environment, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise _too_slow(name) from exc
    if os.name == "posix" and done.returncode == -signal.SIGALRM:
        raise _too_slow(name)
    try:
        answer = json.loads(done.stdout)
    except ValueError as exc:
        raise LoadError(
            f"读取“{name}”的进程中断了（{done.returncode}）：文件可能已损坏，或超出了内存限制。"
            "请用原软件打开后另存一份再导入。"
        ) from exc
    if "error" in answer:
        raise getattr(errors, answer["error"])(answer["message"])
    return _document(answer)


def _too_slow(name: str) -> LoadError:
    return DocumentTooLarge(f"“{name}”读了 {limits.SECONDS} 秒还没有读完，已停止。请检查文件，或拆分后再导入。")


def _document(answer: dict[str, Any]) -> Document:
    blocks = [{**block, "doubtful": tuple((a, b) for a, b in block["doubtful"])} for block in answer["blocks"]]
    return Document(
        blocks=tuple(Block(**block) for block in blocks),
        pages=answer["pages"],
        tables=answer["tables"],
        notes=tuple(answer["notes"]),
    )


def _answer(ending: str, name: str, data: bytes) -> dict[str, Any]:
    from index.loading.formats import loader_for  # which names this module

    try:
        return asdict(loader_for(ending)(data, name))
    except LoadError as exc:
        kind = next(known for known in type(exc).__mro__ if hasattr(errors, known.__name__))
        return {"error": kind.__name__, "message": str(exc)}
    except (MemoryError, RecursionError):
        return {"error": "DocumentTooLarge", "message": f"“{name}”太大或嵌套太深，超出了内存限制。请拆分后再导入。"}
    except Exception as exc:
        # Whatever a library makes of a broken file, people are told which file it was.
        message = f"“{name}”读不了，可能已损坏（{type(exc).__name__}）。请用原软件打开后另存一份再导入。"
        return {"error": "LoadError", "message": message}


def _main() -> None:
    ending, name = sys.argv[1:]
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries print what they like
    limits.impose()
    json.dump(_answer(ending, name, sys.stdin.buffer.read()), out, ensure_ascii=False)
    out.flush()


if __name__ == "__main__":
    _main()
