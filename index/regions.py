"""Places: which names a text mentions, what they are part of.

A name can mean several places (朝阳: a city in 辽宁, districts of 北京 and 长春), so a mention
carries all candidates, the highest level first; which of them is meant is for the caller to settle
against the reports that are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, get_args

from index.text import simplify
from index.types import Level

__all__ = [
    "NATION",
    "Gazetteer",
    "Region",
    "RegionMention",
    "find_regions",
    "gazetteer",
    "level_by_suffix",
    "place_order",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place.  `code` is that of GB/T 2260, 000000 for the nation, "" for a place that the gazetteer lacks."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMention:
    """A name of a place in a text, with every place that it may mean.

    `bare` says that the name may well be no place at all: a county without 县/区/市 (长兴), a group
    (京津冀), 中国.  Heed it only where nothing firmer stands or such a report is loaded.
    """

    start: int
    end: int
    name: str
    regions: tuple[Region, ...]
    bare: bool = False

    @property
    def region(self) -> Region:
        """The likeliest candidate."""
        return self.regions[0]


NATION: Final = Region(code="000000", name="全国", level="national")

# The code of a word that holds a place's name without naming it (长治久安); where both fit, the longer one wins.
_NO_PLACE = "-"
_NATION_NAMES = ("全国", "国务院", "中央政府", "中央人民政府", "中华人民共和国", "国家", "我国", "中国")
# 全国文明城市, 位居全国第三 and 高于全国平均 are about another place; 国家级, 中国移动 are names.
_NOT_THE_NATION = re.compile(
    r"(?:[居占获列超比及]|[高低优快好慢大小强]于|评为|入选|全省|全市)全国"
    r"|全国(?:性|文明|重点|先进|示范|前|人大|人民代表|政协|两会|统一|平均|领先|最|唯一|各|优秀|劳动|模范|知名|一流|试点"
    r"|同类|排名|水平|排位|范围|知识产权|双拥|卫生城|县域|运动会|大赛"
    r"|[^，。]{0,8}(?:[百\d]强|首[批个家位]|第[一二三四五六七八九十\d]))"
    r"|国务院(?:批|印|同意|安委|督|办公厅|[^，。]{0,4}部)"
    r"|(?<=[个些外各两洲达线展哪织盟员建边])国家"
    r"|(?:数字|健康|美丽|平安|法治|食安|品质|质量|信用|建设|文化)中国"
    r"|国家(?!层面|[今去明]年|[12一的共总在对]|政府|财政|外汇|新设|安排|出台|提出|计划|决定|取消|$)"
    r"|中国(?![12一二今去明前近的，。？]|政府|经济|国内|GDP|$)"
)

# Abbreviations count only in a row before 两省/三省市…, or in these groups.
_ABBREVIATIONS = dict(
    re.findall(
        r"(\D)(\d\d)",
        "京11津12冀13晋14蒙15辽21吉22黑23沪31苏32浙33皖34闽35赣36鲁37豫41鄂42湘43粤44桂45琼46渝50川51蜀51贵52黔52云53滇53"
        "藏54陕61秦61甘62陇62青63宁64新65台71港81澳82",
    )
)
_GROUPS = {
    "长三角": "沪苏浙皖",
    "东三省": "辽吉黑",
    "东北三省": "辽吉黑",
    "京津冀": "京津冀",
    "江浙沪": "苏浙沪",
    "苏浙沪": "苏浙沪",
    "沪苏浙皖": "沪苏浙皖",
    "川渝": "川渝",
    "粤港澳": "粤港澳",
    "云贵川": "云贵川",
    "直辖市": "京津沪渝",
}
_CITIES = {"北上广深": ("110000", "310000", "440100", "440300"), "北上广": ("110000", "310000", "440100")}
_ROW = re.compile(
    rf"([{''.join(_ABBREVIATIONS)}]{{2,8}})[两二三四五六七八]?省(?!级|道|内|外|会|份)"
    r"|^([京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔滇陕秦甘陇青宁新])(?=(?:19|20)\d\d年?|去年|今年|前年)"
    r"|([京津沪渝苏浙皖粤鄂湘闽赣鲁冀豫晋川]{3,8})(?=[两二三四五六七八各几的\s0-9]|个|直辖市|市|地区|$)"
)

_SUFFIX = re.compile(r"(?<=..)(?:特别行政区|自治[区州县旗]|[省市县区州盟旗])$")
_LEVEL_OF_SUFFIX: dict[str, Level] = {
    "省": "province",
    "市": "city",
    "州": "city",
    "盟": "city",
    "县": "county",
    "区": "county",
    "旗": "county",
}
# 威海市场, 南山区域, 新建区级医院, 喀什地区生产总值: the last character of the name belongs to the next word.
_BROKEN = re.compile(
    r"市[场级值容]|[省市区县州]长(?![江城征期年远短途三株])|区[域级间块]|县[级道域]|省[级道]|(?<=地)区生产总值"
)
# Shapes of names that no list holds: 云岭区2023年…, …和白鹭县.
_PLACELIKE = re.compile(
    r"(?:^|(?<=[，。、；：？\s和与及]))[一-鿿]{2,3}[省市县区旗](?=[去今前明近本的在有，。、；？和与及]|\d|截至|政府|$)"
)
_NOT_PLACELIKE = re.compile(
    r"^(?:[各全本我该这那哪每某几多两三四五六七八九十新老跨]|什么|其他)"
    r"|[哪某]|(?:[城都超股楼上门集夜菜社园校景片辖范发新山地灾库牧林矿学厂街小军]|功能|自治|保护|合作|保税|试验|商圈|核心|主城"
    r"|直辖|地级|县级|省辖|设区|百强|贫困|帮扶|重点|旅游|文化|经济|产业|工业|农业|商务|先行|先导|集聚|生态|沿海|沿边|边境|开放|自贸|特)[市县区省]$|[红国]旗$|反省$"
)


@dataclass(frozen=True, slots=True)
class _Name:
    """What a name stands for: places, or nothing where it is an ordinary word."""

    regions: tuple[Region, ...]
    bare: bool


class Gazetteer:
    """The places of China at county level and above, and those in `extra`, names of loaded reports."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._regions: dict[str, Region] = {NATION.code: NATION}
        self._names: dict[str, _Name] = {}
        firm: dict[str, list[Region]] = {name: [NATION] for name in _NATION_NAMES}
        bare: dict[str, list[Region]] = {}
        for code, official, short, others in _divisions():
            if code == _NO_PLACE:
                self._names[official] = _Name((), False)
                continue
            region = Region(code=code, name=official, level=_level(code))
            self._regions[code] = region
            for name in (official, *others):
                firm.setdefault(name, []).append(region)
            if short:
                (bare if region.level == "county" else firm).setdefault(short, []).append(region)
        for name in extra:
            if name in bare:
                firm[name] = bare.pop(name)
            elif name not in firm:
                firm[name] = [Region(code="", name=name, level=level_by_suffix(name))]
            # 天门 is too common a word to be a place's name, until reports of 天门市 are loaded.
            short = _SUFFIX.sub("", name)
            if short != name and short not in firm and short not in bare:
                bare[short] = list(firm[name])
        for name in firm.keys() | bare.keys():
            regions = firm.get(name, []) + bare.get(name, [])
            if regions[0].level == "province":  # 河北 is never the district of 天津
                regions = [region for region in regions if region.level != "county"]
            self._names[name] = _Name(tuple(regions), name not in firm or name in ("国家", "我国", "中国"))
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self._names, key=len, reverse=True):
            lengths = self._lengths.setdefault(name[0], [])
            if len(name) not in lengths:
                lengths.append(len(name))

    def named(self, name: str) -> tuple[Region, ...]:
        """Every place that bears exactly this name, official, short or old; () if none does."""
        known = self._names.get(name)
        return known.regions if known else ()

    def short(self, name: str) -> str:
        """The shortest name of the place that bears `name`: 凉山 of 凉山彝族自治州; `name` where it has no other."""
        return min(
            (alias for alias, known in self._names.items() if known.regions[:1] and known.regions[0].name == name),
            key=len,
            default=name,
        )

    def parents(self, region: Region) -> tuple[Region, ...]:
        """What the place is part of, the nearest first, the nation last; () if that is not known."""
        code = region.code
        if not code or code == NATION.code:
            return ()
        above = dict.fromkeys((code[:4] + "00", code[:2] + "0000", NATION.code))
        return tuple(self._regions[c] for c in above if c != code and c in self._regions)

    def is_ancestor(self, ancestor: Region, region: Region) -> bool:
        """Whether `region` lies in `ancestor` and is not the same."""
        return ancestor in self.parents(region)

    def find_regions(self, text: str) -> list[RegionMention]:
        """Places named in a question or title, in order, none overlapping another.

        The longest name wins.  A place after one that holds it (浙江丽水, 北京市朝阳区) is one mention of the inner
        place, with the candidates that lie elsewhere left out.  A group (京津冀, 苏鲁两省) gives a mention for each
        member over the same span.  What only looks like a place (云岭区) has a region without code.
        Traditional characters are understood; names are given in simplified ones.
        """
        text = simplify(text)
        mentions: list[RegionMention] = []
        position = 0
        no_nation = {i for match in _NOT_THE_NATION.finditer(text) for i in range(*match.span())}
        while position < len(text):
            found = self._name_at(text, position, no_nation) or self._group_at(text, position)
            if found is None:
                position += 1
                continue
            position, here = found
            if len(here) == 1 and mentions and mentions[-1].end == here[0].start:
                here = self._inner(mentions, here[0])
            mentions += here
        return _with_placelike(text, mentions)

    def _name_at(self, text: str, start: int, no_nation: set[int]) -> tuple[int, list[RegionMention]] | None:
        for length in self._lengths.get(text[start], ()):
            end = start + length
            name = text[start:end]
            known = self._names.get(name) if end <= len(text) else None
            if known is None or _BROKEN.match(text, end - 1):
                continue
            if known.regions[:1] == (NATION,) and start in no_nation:
                continue
            # 成县, 范县: two characters that other words end and begin with.
            if length == 2 and name[1] in "县区市旗" and not _at_boundary(text, start):
                continue
            mention = RegionMention(start=start, end=end, name=name, regions=known.regions, bare=known.bare)
            return end, [mention] if known.regions else []
        return None

    def _group_at(self, text: str, start: int) -> tuple[int, list[RegionMention]] | None:
        name = next((name for name in _GROUPS if text.startswith(name, start)), "")
        members = _GROUPS.get(name, "")
        row = _ROW.match(text, start)
        row_members = (row[1] or row[2] or row[3]) if row else ""
        if row and len(set(row_members)) == len(row_members) > len(members):
            name, members = row[0], row_members
        codes: Sequence[str] = [_ABBREVIATIONS[member] + "0000" for member in members]
        if city_group := next((group for group in _CITIES if text.startswith(group, start)), ""):
            name, codes = city_group, _CITIES[city_group]
        if not codes:
            return None
        end = start + len(name)
        regions = [self._regions[code] for code in codes]
        return end, [RegionMention(start=start, end=end, name=name, regions=(r,), bare=True) for r in regions]

    def _inner(self, mentions: list[RegionMention], mention: RegionMention) -> list[RegionMention]:
        outer = mentions[-1]
        inside = tuple(r for r in mention.regions if any(self.is_ancestor(o, r) for o in outer.regions))
        if not inside or NATION in outer.regions:
            return [mention]
        mentions.pop()
        return [RegionMention(start=outer.start, end=mention.end, name=mention.name, regions=inside)]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer without extra names, loaded once."""
    return Gazetteer()


def find_regions(text: str) -> list[RegionMention]:
    """`Gazetteer.find_regions` of the gazetteer without extra names."""
    return gazetteer().find_regions(text)


def level_by_suffix(name: str) -> Level:
    """The level that the last character of a place's name tells: 省, 市, 县…"""
    return _LEVEL_OF_SUFFIX.get(name[-1:], "unknown")


def place_order(name: str, level: Level) -> tuple[int, str, str]:
    """What places are sorted by as an office lists them: the nation first, then provinces, cities, counties, each by
    their codes; one that the gazetteer lacks comes after the others of its level."""
    codes = (place.code for place in gazetteer().named(name) if place.level == level and place.code)
    return get_args(Level).index(level), next(codes, "999999"), name


@lru_cache(maxsize=1)
def _divisions() -> list[tuple[str, str, str, list[str]]]:
    """Code, official name, short name or "", other names; provinces and cities before counties."""
    rows: list[tuple[str, str, str, list[str]]] = []
    for line in (files("index") / "data" / "regions.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, official, short, others = (*line.split("\t"), "", "")[:4]
            rows.append((code, official, short, others.split("/") if others else []))
    return sorted(rows, key=lambda row: ("province", "city", "county").index(_level(row[0])))


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _at_boundary(text: str, start: int) -> bool:
    return start == 0 or not "一" <= text[start - 1] <= "鿿" or text[start - 1] in "省市州盟和与及"


def _with_placelike(text: str, mentions: list[RegionMention]) -> list[RegionMention]:
    taken = {i for mention in mentions for i in range(mention.start, mention.end)}
    for match in _PLACELIKE.finditer(text):
        if taken.isdisjoint(range(*match.span())) and not _NOT_PLACELIKE.search(match[0]):
            region = Region(code="", name=match[0], level=level_by_suffix(match[0]))
            mentions.append(RegionMention(start=match.start(), end=match.end(), name=match[0], regions=(region,)))
    return sorted(mentions, key=lambda mention: mention.start)
