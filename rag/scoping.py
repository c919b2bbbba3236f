"""Which reports a question may be answered from: settled before anything is searched.

A report delivered in year Y reviews Y-1 and plans Y: a question about a result of 2023 goes to the report of 2024
first, one about a target for 2023 to the report of 2023.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.figures import small_number
from index.periods import find_years
from index.regions import Gazetteer, Region, RegionMention
from index.store import ReportCard
from index.types import Period, Role, Scope

NATIONAL_LEVEL = "national"
# 全国首个 says how something stands, not whose report is meant.
_STANDING = re.compile(r"首|头一|第[一二三]|率先|唯一|最|前[列十百]")
_QUOTED = re.compile(r"[“《「][^”》」]{2,40}[”》」]")
# 除内蒙古以外 leaves a place out; 除了 without 外 does not.
_LEFT_OUT = re.compile(r"除[去了开]?[^，。、]{2,12}?[以之]?外")
# 宁波给凉山投了, 对口支援: one place acts on the other, and either may report it.
_DOES_TO = re.compile(r"[给向对为帮援]|支援|协作|结对|投[了资入]")
_SIDE_BY_SIDE = re.compile(r"各|分别|哪[个边家]|谁|比|相差|差多少|[和与跟同]")
# How many years before or after its time a report is still looked into.
_FAR = 5
# 2000个 is a count; 2023个体户 and 2023户籍人口 name a year.
_COUNTED = "[万亿元件套所部辆台栋张处条项座名吨层]|公[里顷斤]|平方米|人次|个(?!体)|家(?!庭)|户(?![籍均])|亩(?!均)"
_BARE_YEAR = re.compile(rf"(?<![\d.])(19[4-9]\d|20[0-4]\d)(?![\d.%％]|年|{_COUNTED})")
_BARE_RANGE = re.compile(r"(?<![\d.])((?:19|20)\d\d)年?\s*(?:[—–~～\-]+|至|到)\s*((?:19|20)\d\d)")
# 京津沪渝四个直辖市, 三地: how many places were named.
_SO_MANY = re.compile(
    r"(?:这|那)?[两二三四五六七八九十几0-9]+个?(?:省市|省区市|直辖市|省份?|市|地区?|城市|区县|区|县|州)(?:一市)?(?![级值容场内外])|[两三四五六七八九十几]个(?=\s|$)"
)
# Countries have no report here; named first, they are the place that is meant.
_ABROAD = re.compile(
    r"^(?:美国|日本|韩国|朝鲜|英国|法国|德国|意大利|俄罗斯|苏联|印度|巴西|加拿大|澳大利亚|新加坡|越南|泰国|马来西亚|印度尼西亚|菲律宾|南非|西班牙|欧盟)(?=[\s的在\d去今前近])"
)
_TERM = re.compile(r"上一?届政府(?:的?[五5]年)?(?:任期)?(?:内|里|期间)?|上一?届(?:的?[五5]年)?任期")
_DATED = re.compile(r"(?:19|20)\d\d年?[）)，,、的\s]{0,2}$")
# 今年（2024年）, 过去五年（2017到2021）
_IN_BRACKETS = re.compile(r"[（(]\s*(?:19|20)\d\d年?\s*(?:[至到—–~～\-]+\s*(?:19|20)\d\d年?\s*)?[）)]")
_NO_PERIOD = Period(first=0, last=0)
# 2024年的政府工作报告, 2015、2016、2017三年国务院报告: the years in which reports were delivered.
_REPORTS_OF = re.compile(
    r"(?P<years>(?:(?:19|20)\d\d年?(?:\s*(?P<to>[至到—–~～\-]+)\s*|[、，,和与跟及\s]+))*(?:19|20)\d\d)\s*年?(?:度|这?[两二三四五六]年)?\s*的?(?:各年|历年)?\s*"
    r"(?:全国)?(?:两会|人大会?)?的?(?:政府)?(?:工作)?报告(?!期|制度|奖)"
)
_REPORT_OF_LATE = re.compile(
    r"(?P<when>[今去上前])一?年度?\s*的?(?:全国)?(?:两会|人大会?)?的?(?:政府)?(?:工作)?报告(?!期|制度|奖)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places a question names: those with a loaded report, and those without."""

    loaded: tuple[str, ...]
    unknown: tuple[str, ...]
    rest: str  # the question with the loaded places taken out
    related: bool = False  # one of two does something to the other: 宁波给凉山投了多少


def _related(mentions: Sequence[RegionMention], question: str) -> bool:
    if len(mentions) != 2 or _SIDE_BY_SIDE.search(question):
        return False
    return bool(_DOES_TO.search(question[mentions[0].end : mentions[1].start]))


@lru_cache(maxsize=8)
def _gazetteer(regions: tuple[str, ...]) -> Gazetteer:
    """Made once for the same places: it takes longer than reading a question."""
    return Gazetteer(extra=regions)


class Catalog:
    """The loaded reports as a question sees them, by place and year.  Hidden reports are left out from the start."""

    def __init__(self, cards: Iterable[ReportCard], scope: Scope) -> None:
        self.cards = tuple(card for card in cards if card.id in scope)
        self.by_region: dict[str, list[ReportCard]] = defaultdict(list)
        for card in sorted(self.cards, key=lambda card: -card.year):
            self.by_region[card.region].append(card)
        self.gazetteer = _gazetteer(tuple(self.by_region))

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(card.id for card in self.cards)

    @cached_property
    def national(self) -> str | None:
        return next((card.region for card in self.cards if card.level == NATIONAL_LEVEL), None)

    def newest(self, regions: Sequence[str]) -> int | None:
        """The latest year of delivery among the reports of `regions` (of all, when empty)."""
        years = [card.year for card in self.cards if not regions or card.region in regions]
        return max(years, default=None)

    def above(self, region: str) -> list[str]:
        """The loaded places that `region` is part of, the nearest first."""
        named = self.gazetteer.named(region)
        parents = self.gazetteer.parents(named[0]) if named else ()
        return [name for parent in parents if (name := self._loaded(parent)) is not None]

    def places(self, question: str) -> Places:
        """The places in `question`; a national name counts only where no other loaded place is named."""
        named: list[tuple[RegionMention, str]] = []
        unknown: list[RegionMention] = []
        left_out = [match.span() for match in _LEFT_OUT.finditer(question)]
        for mention in self.gazetteer.find_regions(question):
            if (mention.region.level == NATIONAL_LEVEL or named) and _STANDING.match(question, mention.end):
                continue
            if any(start <= mention.start < end for start, end in left_out):
                continue
            loaded = [name for region in mention.regions if (name := self._loaded(region)) is not None]
            outer = self._outer(mention, question)
            if loaded:
                named.append((mention, loaded[0]))
            elif outer is not None:
                named.append(outer)
            elif not mention.bare and mention.region.level != NATIONAL_LEVEL:
                unknown.append(mention)
        quoted = [match.span() for match in _QUOTED.finditer(question)]
        # 吉林市的“吉林楷模”: the name of a thing.
        plain = [(m, name) for m, name in named if not any(start < m.start < end for start, end in quoted)] or named
        local = [(mention, name) for mention, name in plain if name != self.national]
        kept = local or plain
        rest = question
        for start, end in sorted({(mention.start, mention.end) for mention, _ in kept}, reverse=True):
            rest = f"{rest[:start]} {rest[end:]}"
        rest = _LEFT_OUT.sub(" ", rest)
        if len({name for _, name in kept}) > 1:
            rest = _SO_MANY.sub(" ", rest)
        for mention in unknown:  # 昌吉2023年多少？厦门呢？
            name = question[mention.start : mention.end]
            if (
                kept
                and not _DOES_TO.search(question)
                and re.search(rf"{name}[、和与跟及]|[、和与跟及]{name}|^{name}.*[，？?]", question)
            ):
                rest = rest.replace(name, " ")
        return Places(
            loaded=tuple(dict.fromkeys(name for _, name in kept)),
            related=_related([mention for mention, _ in kept], question),
            unknown=tuple(dict.fromkeys([*_ABROAD.findall(question), *(question[m.start : m.end] for m in unknown)])),
            rest=rest,
        )

    def named(self, names: Iterable[str]) -> tuple[str, ...]:
        """The loaded places that are meant by these names, 湖北 by 湖北省; a name that means none stays as it is."""
        return tuple(
            dict.fromkeys(
                place
                for name in names
                for place in ([name] if name in self.by_region else self.places(name).loaded or [name])
            )
        )

    def _outer(self, mention: RegionMention, question: str) -> tuple[RegionMention, str] | None:
        """The loaded place that a place without a report is named after: 黔南州 of 黔南州都匀."""
        end = mention.end - len(mention.name)
        outer = next(
            (
                name
                for region in mention.regions
                for parent in self.gazetteer.parents(region)
                if (name := self._loaded(parent)) is not None and parent.level != NATIONAL_LEVEL
            ),
            None,
        )
        if end <= mention.start or outer is None:
            return None
        return RegionMention(start=mention.start, end=end, name=question[mention.start : end], regions=()), outer

    def _loaded(self, region: Region) -> str | None:
        """The name under which reports of `region` are loaded."""
        if region.level == NATIONAL_LEVEL:
            return self.national
        return region.name if region.name in self.by_region else None

    def tiers(
        self, region: str, period: Period | None, role: Role | None, delivered: int | None = None
    ) -> list[tuple[str, ...]]:
        """Report ids of `region` to look in, most fitting first; [] if none can speak of `period`.

        `delivered` is the year of the one report that is meant.
        """
        cards = self.by_region.get(region, [])
        if delivered is not None:
            return [(card.id,) for card in cards if card.year == delivered]
        if period is None:
            return [tuple(card.id for card in cards)] if cards else []
        last, first = period.last, period.first
        if role == "target":
            wanted = [first] if period.years == 1 else [first, last, *range(first + 1, last)]
        elif role == "done":
            wanted = [last + 1, last]
        else:
            wanted = [last + 1, last] if period.years == 1 else [last + 1, last, first]
        # A plan or an account of several years may speak of the year too.
        near = [
            card.year
            for card in cards
            if (card.year <= last if role == "target" else card.year > last) and abs(card.year - last) <= _FAR
        ]
        by_year = {card.year: card.id for card in cards}
        tiers: list[tuple[str, ...]] = [(by_year[year],) for year in dict.fromkeys(wanted) if year in by_year]
        beyond = tuple(by_year[year] for year in near if year not in wanted)
        return [*tiers, beyond] if beyond else tiers

    def reports(self, region: str, period: Period | None, role: Role | None, delivered: int | None = None) -> list[str]:
        """Those of all tiers, most fitting first."""
        return [report for tier in self.tiers(region, period, role, delivered) for report in tier]


def reports_named(text: str, *, now: int | None) -> tuple[tuple[int, ...], str]:
    """The years of delivery of the reports that `text` names (2024年的政府工作报告), and the text without them.

    去年的报告 is that delivered in the year before `now`.
    """
    matches = list(_REPORTS_OF.finditer(text))
    if not matches:
        told = _REPORT_OF_LATE.search(text) if now is not None else None
        if told is None or now is None:
            return (), text
        back = {"今": 0, "去": 1, "上": 1, "前": 2}[told["when"]]
        return (now - back,), f"{text[: told.start()]} {text[told.end() :]}"
    named: list[int] = []
    for match in matches:
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", match["years"])]
        if match["to"] and len(years) == 2 and years[0] < years[1]:
            years = list(range(years[0], years[1] + 1))
        named += years
    return tuple(dict.fromkeys(named)), _REPORTS_OF.sub(" ", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPeriods:
    """The periods a text asks about, and the text without them."""

    periods: tuple[Period, ...]
    rest: str
    is_range: bool  # one stretch of several years was named


_SO_LONG = re.compile("(?<![\\d第十])([三四五六3-6])年")


def _stretch(period: Period, text: str) -> Period:
    """五年（2016到2021）: five years from the end of 2016."""
    said = _SO_LONG.search(text)
    if said is None or period.years != small_number(said[1]) + 1:
        return period
    return Period(first=period.first + 1, last=period.last)


def without_apposed(text: str, *, now: int | None) -> str:
    """The text without the words whose years it gives in brackets, maybe behind a comma: 过去五年…（2017到2021）."""
    if not _IN_BRACKETS.search(text):
        return text
    for mention in sorted(find_years(text, delivered=now), key=lambda mention: -mention.start):
        if mention.kind in ("relative", "span"):
            text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def asked_periods(text: str, *, now: int | None) -> AskedPeriods:
    """The years that `text` names; 去年, 近三年 are counted back from `now`, the newest report's year of delivery."""
    found: list[tuple[int, int, Period]] = []

    def add(start: int, end: int, period: Period) -> None:
        if not any(start < e and s < end for s, e, _ in found):
            found.append((start, end, period))

    for m in _BARE_RANGE.finditer(text):
        if int(m[1]) < int(m[2]):
            end = m.end() + (1 if text[m.end() : m.end() + 1] == "年" else 0)
            add(m.start(), end, Period(first=int(m[1]), last=int(m[2])))
    # 今年（2024年）, 1993到1997年这五年: the figures say which years the words mean.
    apposed: set[int] = set()
    bracketed = bool(_IN_BRACKETS.search(text))
    for m in _TERM.finditer(text):
        if now is None:
            continue
        last = (now + 2) // 5 * 5 - 2  # the report of 2023 closed a term of five years, as that of 2018 did
        add(m.start(), m.end(), Period(first=last - 5, last=last - 1))
    for mention in find_years(text, delivered=now):
        said = mention.kind == "span" and bool(_DATED.search(text, 0, mention.start))
        if said or (mention.kind in ("relative", "span") and bracketed):
            apposed.add(mention.start)
            add(mention.start, mention.end, mention.period or _NO_PERIOD)
        elif mention.period is not None:
            add(mention.start, mention.end, mention.period)
    for m in _BARE_YEAR.finditer(text):
        add(m.start(), m.end(), Period(first=int(m[1]), last=int(m[1])))
    found.sort(key=lambda item: item[0])
    rest = text
    for start, end, _ in reversed(found):
        rest = rest[:start] + " " + rest[end:]
    periods = tuple(dict.fromkeys(_stretch(period, text) for start, _, period in found if start not in apposed))
    return AskedPeriods(periods=periods, rest=rest, is_range=any(period.years > 1 for period in periods))
