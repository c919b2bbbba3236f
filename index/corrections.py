"""What people know better than the files: region, year, level or title of a report, kept by its file's name.

Kept beside the index and not in it, so that it survives every rebuilding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from index.errors import SettingsError

__all__ = ["Correction", "load_corrections", "save_corrections"]

# What `load_report` takes as its overrides.
Correction = Mapping[str, str | int]

_FILE = "corrections.json"


def load_corrections(home: Path) -> dict[str, Correction]:
    """Corrections by file name, as they were saved or as people wrote them.  Raises SettingsError."""
    path = home / _FILE
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except ValueError as exc:
        raise SettingsError(f"{path} 不是正确的 JSON：{exc}。请改正，或删去这个文件。") from exc


def save_corrections(home: Path, corrections: Mapping[str, Correction]) -> None:
    """Replace what was saved, in one step."""
    written = home / f"{_FILE}.new"
    written.write_text(json.dumps(corrections, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    written.replace(home / _FILE)
