"""Whether a run is worse than the one on record: a drop in accuracy beyond noise, or any misquoted figure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.cases import CaseError
from eval.comparison import difference
from eval.metrics.misquote import misquoted
from eval.metrics.right_missing_wrong import Verdict, points_of, right_missing_wrong, verdict
from eval.trials import Trial

__all__ = ["load_record", "regressions", "save_record"]


def save_record(trials: Sequence[Trial], path: Path) -> None:
    """Put the verdicts on record, one a line so that a change is easily read."""
    path.write_text(json.dumps({t.id: verdict(t) for t in trials}, ensure_ascii=False, indent=0) + "\n", "utf-8")


def load_record(path: Path) -> dict[str, Verdict]:
    """The verdicts on record by case id.  Raises CaseError for a file that is missing or of another form."""
    try:
        record: dict[str, Verdict] = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CaseError(f"读不到 {path}（{error.strerror}）。第一次请加 --accept 写下基准。") from error
    except ValueError as error:
        raise CaseError(f"{path} 不是评测基准，请用 --accept 重写。") from error
    if not isinstance(record, dict) or not set(record.values()) <= {"right", "missing", "wrong"}:
        raise CaseError(f"{path} 不是评测基准，请用 --accept 重写。")
    return record


def regressions(trials: Sequence[Trial], record: Mapping[str, Verdict]) -> list[str]:
    """What forbids to accept the run, in words for people; a case that is not on record counts in neither run."""
    found = [
        f"{trial.id} 的回答里有引文中没有的数字：{'、'.join(sorted(misquoted(trial)))}"
        for trial in trials
        if misquoted(trial)
    ]
    known = [trial for trial in trials if trial.id in record]
    told = difference(points_of((t.id, record[t.id]) for t in known), right_missing_wrong(known))
    if told.value is not None and told.value < 0 and told.is_beyond_noise:
        lost = [t.id for t in known if record[t.id] == "right" and verdict(t) != "right"]
        found.append(
            f"得分由 {told.first:.3f} 降到 {told.second:.3f}，不像是偶然（p = {told.p:.3f}）。"
            f"以前答对、现在不对的：{'、'.join(lost)}"
        )
    return found
