"""Whether a claim is set where and when the source is: the places and years that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.periods import find_years
from index.regions import NATION, Region, gazetteer
from index.types import Period
from rag.verifying.faults import Fault
from rag.verifying.support import Place, Support

_OWN_AREA = re.compile(r"[全我本](国|省|市|区|县|州|盟|旗)(?!级|务院|籍|家)")
# 云岭区新增…: places that no list holds stand where a clause begins.
_PLACE_LIKE = re.compile(
    r"(?:^|[，。；：年])(?P<name>(?![全我本各该]|目标|计划)[\u4e00-\u9fff]{1,3}(?:自治[州县区旗]|[省市县州盟旗]"
    r"|(?<![市小城社园地景辖校灾库新山牧林郊街片发范税湖海矿厂])区))(?![级属域间块])"
)
_OF_REPORT = re.compile(r"的?(?:政府)?(?:工作)?报告")


def year_faults(text: str, places: Sequence[Place], support: Support) -> Iterator[Fault]:
    """Every year named is one that the matched places speak of, or that their sentences name."""
    allowed = {period for place in places for period in (*place.periods, *place.sentence.told, place.sentence.period)}
    if not places:
        allowed = {period for sentence in support.sentences for period in (*sentence.told, sentence.period)}
    delivered = {Period(first=passage.delivered, last=passage.delivered) for passage in support.passages}
    for mention in find_years(text, delivered=support.delivered):
        printed = text[mention.start : mention.end]
        if mention.kind in ("relative", "span", "plan") and support.stands(printed):
            continue
        if mention.period not in (delivered if _OF_REPORT.match(text, mention.end) else allowed):
            yield Fault(kind="year_changed", text=printed, detail=f"所引段落说的不是{printed}的事")


def region_faults(text: str, bare: str, support: Support) -> Iterator[Fault]:
    """Places named are the report's own or stand in the passage; `bare` is the text without the former."""
    own: set[Region] = {region for name in support.regions for region in gazetteer().named(name)}
    strange = [
        mention.name
        for mention in gazetteer().find_regions(text)
        if own.isdisjoint(mention.regions)
        and not mention.bare
        and not any(region.startswith(mention.name) or mention.name.startswith(region) for region in support.regions)
    ]
    strange += [match["name"] for match in _PLACE_LIKE.finditer(bare)]
    for area in _OWN_AREA.finditer(text):
        if not any(region.endswith(area[1]) for region in support.regions) and not (area[1] == "国" and NATION in own):
            strange.append(area[0])
    for name in dict.fromkeys(strange):
        if not support.stands(name):
            yield Fault(kind="region_swapped", text=name, detail=f"所引段落不是说{name}的")
