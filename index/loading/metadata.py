"""Region, year of delivery and title of a report, from what it says and what its file is called.

The user's word goes first; the file's name and the report's own opening must not contradict each other: a report
put down to the wrong place or year would answer the wrong questions for good, so in doubt the user is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import get_args

from index.errors import LoadError, MissingMetadata
from index.regions import NATION, Region, find_regions, gazetteer, level_by_suffix
from index.structure import Block
from index.text import normalise, simplify
from index.types import Level

__all__ = ["Metadata", "find_metadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What identifies a report; `year` is that of delivery."""

    title: str
    region: str
    level: Level
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """What one source says: the places that it may mean, the year of delivery, the levels its government may have."""

    regions: tuple[Region, ...]
    year: int | None
    levels: tuple[Level, ...] = ()


_FIRST_YEAR, _LAST_YEAR = 1949, 2099
# The nation's reports are called 国务院's: that is their region in file names and answers.
_NATIONAL_REPORTER = "国务院"
_OPENING = 12
_LONGEST_OPENING = 200
_LONGEST_TITLE = 40

_YEAR = r"(?<!\d)(19[4-9]\d|20\d\d)(?!\d)"
_ORDINAL = r"[\d一二三四五六七八九十]{1,3}"
_CHINESE_YEAR = re.compile(r"[一二][〇零一二三四五六七八九]{3}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_REPORT_OF_YEAR = re.compile(_YEAR + r"年(?!度).{0,20}报告")
_DELIVERED = re.compile(_YEAR + "年" + _ORDINAL + "月" + _ORDINAL + r"日.{0,30}(?:大会|会议)")
_NUMBER = r"^(?:第?[一二三四五](?:、|部分)|\([一二三四五]\))?"
_REVIEW = re.compile(_NUMBER + r".{0,14}?" + _YEAR + r"年(?:政府|主要)?(?:工作|发展|经济社会发展).{0,6}(?:回顾|总结)")
_PLAN = re.compile(_NUMBER + r".{0,6}?" + _YEAR + r"年.{0,16}(?:安排|目标|任务|部署|打算|重点工作|工作重点|建议|思路)$")

# Where a report names its own place; the group holds the words that name it.
_OWN_PLACE = (
    re.compile(r"在(.{2,24}?)第[一二三四五六七八九十\d]+届人民代表大会"),
    re.compile(r"届(全国)人民代表大会"),
    re.compile(r"代表(?:中华人民共和国)?(国务院)"),
    re.compile(r"^(国务院)总理"),
    re.compile(r"代表([^，,]{2,14}?)(?:人民)?政府"),
    re.compile(r"^(.{2,14}?)人民政府代?(?:市|县|区|州|旗|盟)?长"),
)
_OWN_LEVEL = re.compile(r"代表(省|自治区|市|州|县|区|旗|行署)")
_LEVELS: dict[str, tuple[Level, ...]] = {
    "省": ("province",),
    "自治区": ("province",),
    "市": ("province", "city", "county"),
    "州": ("city",),
    "行署": ("city",),
    "县": ("county",),
    "区": ("county",),
    "旗": ("county",),
}
_FILLER = re.compile(r"人民政府|政府工作报告|工作报告|政府|报告|全文|正文|关于|最终稿|终稿|定稿|审议稿")
_NO_HAN = re.compile(r"[^一-鿿]+")


def find_metadata(path: PurePath, blocks: Sequence[Block], overrides: Mapping[str, object]) -> Metadata:
    """What identifies the report in the file at `path`.

    `overrides` may hold region, year, level and title.  Raises `MissingMetadata` where region or year cannot be known
    or name and text contradict each other, `LoadError` where an override is impossible.
    """
    by_name, by_text = _from_name(path.stem), _from_text(blocks)
    problems: list[str] = []
    given = _given(overrides)
    year = given.year or _one_year(by_name.year, by_text.year, problems)
    by_name_or_user = given.regions or by_name.regions
    if not by_name_or_user and not by_text.regions and by_text.levels:
        by_text = replace(by_text, regions=_most_named(blocks, by_text.levels))
    region = _one_region(by_name_or_user, given.regions or by_text.regions, by_text.levels, problems)
    if problems or year is None or region is None:
        argument = f'"{path}"' if " " in str(path) else str(path)
        raise MissingMetadata(
            f"“{path.name}”{'，'.join(problems)}。请写明："
            f"wenbao index {argument} --region 地区 --year 年份（作报告的那一年），"
            f"或把文件改名为“地区_年份”，如“威海市_2024{path.suffix}”。"
        )
    name = _NATIONAL_REPORTER if region == NATION else region.name
    level = overrides.get("level") or region.level
    return Metadata(
        title=str(overrides.get("title") or _title(blocks) or f"{name}{year}年政府工作报告"),
        region=name,
        level=next(known for known in get_args(Level) if known == level),
        year=year,
    )


def _given(overrides: Mapping[str, object]) -> _Findings:
    if unknown := set(overrides) - {"region", "year", "level", "title"}:
        raise LoadError(f"不认识的报告信息：{'、'.join(sorted(unknown))}。可以指定 region、year、level、title。")
    if (level := overrides.get("level")) and level not in get_args(Level):
        raise LoadError(f"不认识的级别 {level!r}。可以是 {'、'.join(get_args(Level))}。")
    regions: tuple[Region, ...] = ()
    if name := str(overrides.get("region") or "").strip():
        regions = gazetteer().named(name) or (_unlisted(name),)
    year = None
    if overrides.get("year"):
        printed = str(overrides["year"]).strip().removesuffix("年")
        if not printed.isdecimal() or not _FIRST_YEAR <= int(printed) <= _LAST_YEAR:
            raise LoadError(f"年份 {overrides['year']!r} 不对：请写作报告那一年的四位数字，如 2024。")
        year = int(printed)
    return _Findings(regions=regions, year=year)


def _one_year(by_name: int | None, by_text: int | None, problems: list[str]) -> int | None:
    if by_name is None and by_text is None:
        problems.append("看不出是哪一年的报告")
    elif by_name and by_text and by_name != by_text:
        problems.append(f"文件名写的是{by_name}年，正文却像是{by_text}年作的报告")
    return by_name or by_text


def _one_region(
    by_name: Sequence[Region], by_text: Sequence[Region], levels: Sequence[Level], problems: list[str]
) -> Region | None:
    candidates = [region for region in by_name if region in by_text] if by_name and by_text else [*by_name, *by_text]
    if not candidates and not by_name:
        problems.append("看不出是哪个地区的报告")
    elif not candidates:
        problems.append(f"文件名写的是{_names(by_name)}，正文却是{_names(by_text)}的报告")
    if len(_distinct(candidates)) > 1:
        candidates = [region for region in candidates if region.level in levels] or candidates
    if len(_distinct(candidates)) > 1:
        problems.append(f"可能是{_names(candidates)}的报告")
    return candidates[0] if candidates else None


def _distinct(regions: Iterable[Region]) -> list[str]:
    return list(dict.fromkeys(region.name for region in regions))


def _names(regions: Iterable[Region]) -> str:
    return "或".join(_distinct(regions))


def _unlisted(name: str) -> Region:
    """A place that the gazetteer lacks, an invented or a new one."""
    return Region(code="", name=name, level=level_by_suffix(name))


def _from_name(stem: str) -> _Findings:
    text = _FILLER.sub("", _plain(stem))
    years = set(re.findall(_YEAR, text))
    if len(years) > 1 and (named := _REPORT_OF_YEAR.search(_plain(stem))):
        years = {named[1]}
    words = _NO_HAN.sub(" ", text.replace("年", " ")).strip()
    regions = _places(words)
    whole = any(mention.end == len(words) for mention in find_regions(words))
    own = [word for word in words.split() if level_by_suffix(word) != "unknown"]
    if not whole and len(own) == 1 and (own == [words] or not regions):
        regions = (_unlisted(own[0]),)  # 苏州工业园区 is not 苏州
    return _Findings(regions=regions, year=int(years.pop()) if len(years) == 1 else None)


def _from_text(blocks: Sequence[Block]) -> _Findings:
    opening = [_plain(block.text) for block in blocks[:_OPENING] if len(block.text) <= _LONGEST_OPENING]
    places: list[tuple[Region, ...]] = []
    years: set[int] = set()
    levels: tuple[Level, ...] = ()
    for line in opening:
        before_report = line[: line.find("工作报告")] if "工作报告" in line[:_LONGEST_TITLE] else ""
        words = [before_report, *(match[1] for pattern in _OWN_PLACE if (match := pattern.search(line)))]
        places += [found for found in map(_places, words) if found]
        dates = [_DELIVERED.search(line), re.search(_YEAR + "年", before_report)]
        years |= {int(date[1]) for date in dates if date}
        if own := _OWN_LEVEL.search(line):
            levels = levels or _LEVELS[own[1]]
    agreed = tuple(region for region in places[0] if all(region in other for other in places)) if places else ()
    if not years:
        heads = [_plain(block.text[:_LONGEST_TITLE]) for block in blocks]
        years = {int(review[1]) + 1 for head in heads if (review := _REVIEW.search(head))}
        years = years or {int(plan[1]) for head in heads if (plan := _PLAN.search(head))}
    return _Findings(regions=agreed, year=years.pop() if len(years) == 1 else None, levels=levels)


def _most_named(blocks: Sequence[Block], levels: Sequence[Level]) -> tuple[Region, ...]:
    """The place of such a level that a report names at least five times, and three times as often as any other."""
    mentions = (mention for block in blocks for mention in find_regions(block.text) if not mention.bare)
    counts = Counter(mention.regions for mention in mentions if mention.regions[0].level in levels).most_common(2)
    if not counts or counts[0][1] < 5 or (len(counts) > 1 and counts[0][1] < 3 * counts[1][1]):
        return ()
    return counts[0][0]


def _plain(text: str) -> str:
    """Simplified characters, half-width digits, years in digits."""
    folded = simplify(normalise(text))
    return _CHINESE_YEAR.sub(lambda year: year[0].translate(_CHINESE_DIGITS), folded)


def _places(words: str) -> tuple[Region, ...]:
    """What the one place named in these words may be; () if none or several are named."""
    mentions = [m for m in find_regions(words) if not m.bare or m.name == words]
    return mentions[0].regions if len({mention.regions for mention in mentions}) == 1 else ()


def _title(blocks: Sequence[Block]) -> str | None:
    """The title as printed, if it says more than 政府工作报告."""
    lines = (block.text for block in blocks[:_OPENING] if len(block.text) <= _LONGEST_TITLE)
    return next((line for line in lines if "工作报告" in line and len(line) > len("政府工作报告") + 2), None)
