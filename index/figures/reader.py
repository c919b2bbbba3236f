"""A text being read for figures, and what stands right before and after a number in it."""

from __future__ import annotations

import re
from decimal import Decimal

from index.figures.numerals import chinese_value, fold
from index.types import Figure, FigureKind

# 超 in 反超, 约 in 签约, 近 in 附近, 过 in 通过 and 上 in 规上 belong to the word before.
_BEFORE = re.compile(
    r"(?:不低于|不少于|不高于|不多于|不超过|不大于|不小于|超过|突破|接近|将近|大约|至少|最多|低于|高于|少于|多于|大于|小于|不足|不到"
    r"|(?<![赶反苏湘赣])超|逾|(?<![附邻临靠最])近|(?<![签合节契公条预违履邀制特相简集])约"
    r"|(?<![通经不度超])过|(?<![以迈站规线台跃登踏])上) ?$"
)
_MANY = re.compile(r"[百千万亿]")
_NUMBER = re.compile(r"[0-9百千万亿]|[一二三四五六七八九十]+[百千万亿]")
_AFTER = re.compile(
    r" ?(?:及?以[上下]|以内|之内|左右|上下|有余"
    r"|多(?![个种条项名家元次年样云式方边功层地渠])|余(?![名家个项种万额]))"
)
_CLAUSE = re.compile(r"[，,。；;：:！？\n]")


def number(printed: str) -> Decimal | None:
    """The value of bare digits, Arabic or Chinese; None if they are not well formed."""
    return Decimal(printed) if printed[0].isascii() else chinese_value(printed)


def joined(before: str, after: str) -> str:
    """One qualifier of the two around a figure: 约…左右 of 约30人左右."""
    return f"{before}…{after}" if before and after else before or after


class Reader:
    """One text: as printed, folded to plain characters of the same offsets, and where short quotations are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self._quoted = [m.span() for m in re.finditer(r"“[^“”]{1,24}”", text)]

    def in_quotes(self, at: int) -> bool:
        return any(start < at < end for start, end in self._quoted)

    def clause(self, end: int) -> str:
        """The folded words before `end` back to the last clause border."""
        return _CLAUSE.split(self.folded[max(0, end - 40) : end])[-1]

    def before(self, at: int) -> tuple[int, str]:
        """Where a figure with its number at `at` starts with its qualifier, and the qualifier, "" if none."""
        match = _BEFORE.search(self.folded, max(0, at - 5), at)
        if match is None:
            return at, ""
        needed = {"过": _NUMBER, "上": _MANY}.get(match.group()[0])
        if needed and not needed.match(self.folded, at):
            return at, ""
        return match.start(), match.group().strip()

    def after(self, end: int) -> tuple[int, str]:
        """Where a figure with its unit up to `end` ends with its qualifier, and the qualifier, "" if none."""
        match = _AFTER.match(self.folded, end)
        return (match.end(), match.group().strip()) if match else (end, "")

    def figure(
        self,
        start: int,
        end: int,
        value: Decimal,
        unit: str,
        kind: FigureKind,
        *,
        upper: Decimal | None = None,
        qualifier: str = "",
    ) -> Figure:
        return Figure(
            start=start,
            end=end,
            text=self.text[start:end],
            value=_tidy(value),
            upper=None if upper is None else _tidy(upper),
            unit=unit,
            qualifier=qualifier,
            kind=kind,
        )


def _tidy(value: Decimal) -> Decimal:
    """Without zeros after the point: 12300, not 12300.000."""
    whole = value.to_integral_value()
    return whole if whole == value else value
