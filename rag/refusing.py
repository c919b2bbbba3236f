"""Refusals: the words for each kind, always with what does exist."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence import Lack
from rag.scoping import Catalog
from rag.talking import Talk
from rag.types import Citation, Refusal, RefusalKind
from rag.understanding import Ask, Query
from rag.wording import WHICH_PLACE

_SHOWN = 8

_WORDS: dict[RefusalKind, str] = {
    "not_found": "{where}没有找到“{what}”的内容。",
    "other_period": "{where}没有给出{when}“{what}”的{thing}；报告里有的是{nearest_when}的。",
    "target_only": "{where}只写了{there}“{what}”的目标或安排，没有{that}完成情况。",
    "result_only": "{where}只写了{there}“{what}”的完成情况，没有{that}目标。",
    "other_scope": "{where}没有“{what}”的{thing}，只有其他地区的。",
    "other_unit": "{where}提到了相关内容，但没有按所问的单位或口径给出“{what}”。",
    "false_premise": "{where}的说法与所问的前提不一致。",
    "out_of_corpus": "",
    "ambiguous": "",
}


def refuse(lack: Lack, reports: Sequence[str], nearest: Sequence[Citation]) -> Refusal:
    """The refusal for an ask that has no answer in `reports` (titles)."""
    ask = lack.ask
    where = (
        "、".join(f"《{title}》" for title in reports[:3]) + ("等报告" if len(reports) > 3 else "")
        if reports
        else "已载入的报告"
    )
    period = lack.nearest.period if lack.nearest else None
    when, there = str(ask.period) if ask.period else "", str(period) if period else ""
    message = _WORDS[lack.kind].format(
        where=where,
        what=what(ask),
        when=when,
        that=f"{when}的" if when != there and when else "",
        thing="数" if ask.need == "figure" else "内容",
        there=there,
        nearest_when=there or "其他时间",
    )
    if nearest:
        message += "相近的内容列在下面，仅供查找，不是答案。"
    return Refusal(kind=lack.kind, message=message, nearest=tuple(nearest))


def what(ask: Ask) -> str:
    """The asked thing in the question's own words."""
    return "".join((*(word for word in ask.shared if len(ask.words) < 2), *ask.words)) or ask.text


def unknown_place(query: Query, catalog: Catalog) -> Refusal:
    names = "、".join(query.unknown_regions)
    return Refusal(kind="out_of_corpus", message=f"没有载入{names}的政府工作报告。{loaded(catalog)}")


def unknown_year(region: str, ask: Ask, catalog: Catalog) -> Refusal:
    years = "、".join(str(card.year) for card in sorted(catalog.by_region[region], key=lambda card: card.year))
    if ask.delivered is not None:
        message = f"没有载入{region}{ask.delivered}年的政府工作报告；已载入的是{years}年的。"
        return Refusal(kind="out_of_corpus", message=message)
    if ask.role == "target" and ask.period is not None:
        message = (
            f"{ask.period}的目标写在{ask.period.first}年年初的报告里；已载入的{region}报告是{years}年的，没有这一份。"
        )
        return Refusal(kind="out_of_corpus", message=message)
    following = ask.period.last + 1 if ask.period else ""
    return Refusal(
        kind="out_of_corpus",
        message=f"已载入的{region}报告（{years}年）都不涉及{ask.period}。"
        f"报告在次年年初总结上一年：要查{ask.period}的结果，请载入{following}年的报告。",
    )


def other_paper(query: Query) -> Refusal:
    return Refusal(
        kind="out_of_corpus", message=f"所问的是“{query.other_paper}”，而这里只载入了政府工作报告，不能据此回答。"
    )


_TALK: dict[Talk, str] = {
    "greeting": "您好。",
    "thanks": "好的。",
    "identity": "我是问报：只根据已载入的政府工作报告回答，每个数都注明出处，报告里没有的不答。",
    "task": "这件事我做不了：我只根据已载入的政府工作报告回答问题，每个数都注明出处。",
}


def not_asked(talk: Talk | None, query: Query, catalog: Catalog) -> Refusal:
    """What is said where there is no question: what may be asked, and of what."""
    if talk is None and query.regions:
        names = "、".join(query.regions)
        message = f"没有看出要查{names}的什么。请写出事项，例如“城镇新增就业多少人”；要看整份报告的要点，请用摘要。"
        return Refusal(kind="ambiguous", message=message)
    if talk is None:
        return nothing_asked(catalog)
    message = f"{_TALK[talk]}请写出地区、年份和事项，例如“某市2023年城镇新增就业多少人”。{loaded(catalog)}"
    return Refusal(kind="ambiguous", message=message)


def nothing_to_compare(query: Query, catalog: Catalog) -> tuple[Refusal, tuple[str, ...]]:
    """哪个省最高, with no places named: the refusal, and the question for two places, if as many have reports."""
    able = [
        region
        for region in catalog.by_region
        if region != catalog.national and all(catalog.tiers(region, period, None) for period in query.periods)
    ]
    provinces = [region for region in able if region.endswith("省")]
    chosen = provinces if "省" in query.plain and len(provinces) > 1 else able
    message = "没有说明要比较哪些地区。请写出两个以上地区"
    if len(chosen) < 2:
        return Refusal(kind="ambiguous", message=f"{message}。{loaded(catalog)}"), ()
    rest = WHICH_PLACE.sub("", query.plain).strip("？?。 ")
    example = f"{'和'.join(chosen[:2])}{rest}的是哪个"
    return Refusal(kind="ambiguous", message=f"{message}，例如“{example}”。"), (example,)


def nothing_asked(catalog: Catalog) -> Refusal:
    return Refusal(
        kind="ambiguous",
        message=f"没有看出要查什么。请写出地区、年份和事项，例如“某市2023年城镇新增就业多少人”。{loaded(catalog)}",
    )


def loaded(catalog: Catalog) -> str:
    """What is loaded, in a line."""
    names = list(catalog.by_region)
    if not names:
        return "目前没有载入任何报告，请先添加报告。"
    shown = "、".join(names[:_SHOWN])
    return (
        f"已载入：{shown}等{len(names)}个地区的{len(catalog.cards)}份报告。"
        if len(names) > _SHOWN
        else f"已载入：{shown}，共{len(catalog.cards)}份报告。"
    )
