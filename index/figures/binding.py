"""Bind each figure of a sentence to the words that it is a figure of.

Reports put the noun before the figure (保障性租赁住房640套), after it (12条精品旅游线路), or leave it to an earlier clause
(一般公共预算收入2027.3亿元、增长9.8%).  Lists with 分别 are bound by position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.figures.finding import find_figures
from index.figures.numerals import fold
from index.types import Figure

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A figure and the spans of the words it belongs to; an empty span has start == end.

    `left` are the words before it in its clause (in a 分别 list its own item), `right` those after its unit.  `subject` is
    what an earlier clause speaks of where this one has no noun of its own; `predicate` the words that a list shares
    (分别提高, or the verb before its first item).
    """

    figure: Figure
    left: Span
    right: Span
    subject: Span | None = None
    predicate: Span | None = None


_BORDERS = "，,；;。：:！？!?\n()（）"
_CONJUNCTION = re.compile(r"^[、，,；;]|(?:[、和及与或]|以及|并|同时)$")
_VERBS = (
    "同比增长 增长 增加 提高 提升 上升 上涨 下降 减少 降低 回落 下调 压减 压缩 缩短 收窄 扩大 实现 完成 达到 达 突破 超过 新增 新建 新开工 开工 建成 改造 "
    "建设 实施 推进 推动 培育 引进 引育 招引 打造 创建 获评 获批 入选 新认定 认定 发放 投放 惠及 带动 拉动 吸引 接待 处置 化解 整治 整改 修复 治理 办结 办理 "
    "解决 帮助 帮扶 培训 筹集 筹建 落实 落地 签约 开展 举办 承办 推出 出台 制定 开通 开行 投入 投用 投产 竣工 交付 保障 减免 减征 退税 兑现 拨付 争取 到位 "
    "占 居 位居 位列 列 排名 排 跃居 升至 降至 增至 增加到 提高到 提升到 扩大到 稳定在 保持在 控制在 由 从 到 为 比 较 高于 低于 快于 达产 覆盖 "
    "新改扩建 改扩建 改建 续建 新改建 基本建成 启动 布局 组建 设立 成立 发布 评选 选派 选聘 招聘 录用 安置 搬迁 关停 淘汰 清理 查处 破获 侦破 抓获 打掉 挽回 "
    "节约 节省 释放 盘活 供应 出让 收储 消化 去化 销售 出口 进口 生产 种植 播种 收获 养殖 出栏 造林 绿化 栽植 植树 铺设 敷设 架设 安装 加装 更新 升级 维修 修缮 "
    "力争 确保 计划 预计 争取 新引进 累计 新签约 新落地 孵化 转化 授权 申请 拥有 集聚 汇聚 聚集 共有 形成 推广 应用 投保 理赔 救助 资助 受益 服务 支持 支付 安排 下达"
).split()
_VERB = re.compile("|".join(sorted(map(re.escape, _VERBS), key=len, reverse=True)))
# What remains of a clause without these has a noun of its own.
_NO_NOUN = re.compile(
    r"(?:一定|进一步|大幅|明显|基本|均|都|也|已|将|了|的|约|近|超|逾|再|又|分别|各|共|总|年均|平均|每年|每月|累计|同比|环比|可比价|不变价|实际|名义|同口径|增速|增幅|"
    r"降幅|涨幅|增量|总量|占比|比重|比例|其中|其|以上|左右|全国|全省|全市|全区|全州|全县|全盟|全球|世界|国内|国家|省|市|中西部|东部|西部|中部|地区|平均水平|水平|平均|"
    r"上年|去年|上年同期|今年|前年|年初|年底|年末|同期|全年|一季度|上半年|目标|预期|任务|第|前列|首位|历史|新高|连续|幅度|规模|总数|总额|数量|人数|新|"
    r"个百分点|百分点|净|比|较|和|及|与|、|是|有|在|以|至|等|达|个|位次|名次|时间|目前|现有|现|增|降|升|减|涨|年|月|日|—|-|[0-9.%]| )"
)
_LEAD = re.compile(r"^(?:[、，,；;：:和及与 ]|以及|并且|其中|同时|此外|另外)+")


@dataclass(slots=True)
class _Topic:
    """What the sentence has been speaking of so far."""

    subject: Span | None = None
    parent: Span | None = None  # what 其中 breaks down
    verb: Span | None = None  # the verb before the first item of the running list


def _has_noun(words: str) -> bool:
    return len(_VERB.sub("", _NO_NOUN.sub("", _VERB.sub("", words)))) > 1


def _trim(folded: str, start: int, end: int) -> Span:
    """Without conjunctions, commas and blanks at either end."""
    while start < end and (lead := _LEAD.match(folded[start:end])):
        start += lead.end()
    while start < end and folded[end - 1] in "、，,；;和及与的 ":
        end -= 1
    return (start, end)


def _noun(folded: str, span: Span) -> Span:
    """The span without verbs and adverbs at its ends, as a subject to carry over."""
    start, end = span
    while start < end:
        for pattern in (_VERB, _NO_NOUN):
            tail = next((m for m in pattern.finditer(folded, max(start, end - 6), end) if m.end() == end), None)
            if tail and tail.start() > start:
                end = tail.start()
                break
        else:
            break
    if lead := re.match(r"(?:全年|全市|预计|力争|确保)", folded[start:end]):
        start += lead.end()
    return (start, end)


def _between(folded: str, start: int, end: int) -> tuple[Span, Span]:
    """Share the words between two figures of one clause: those after the first, those before the second."""
    words = folded[start:end]
    if border := max((words.rfind(b) for b in _BORDERS + "、"), default=-1) + 1:
        first = min((i for i in (words.find(b) for b in _BORDERS + "、") if i >= 0))
        hard = max((words.rfind(b) for b in _BORDERS), default=-1) + 1
        return (start, start + first), (start + (hard or first + 1), end)
    if re.search(r"(?:和|及|与|或|以及)$", words):
        return (start, end), (end, end)
    verb = next((m for m in _VERB.finditer(words) if m.start() > 0), None) if _has_noun(words) else None
    if verb:
        return (start, start + verb.start()), (start + verb.start(), end)
    return (start, start), (start, end)


def _items(folded: str, start: int, end: int, count: int) -> list[Span]:
    """Split the words before 分别 into `count` items; an empty list if they don't split so."""
    words = folded[start:end]
    for pattern in (r"、", r"、|和(?=[^、和]*$)", r"、|以及|和|与|及"):
        cuts = [m.span() for m in re.finditer(pattern, words)]
        if len(cuts) == count - 1:
            edges = [0, *(edge for cut in cuts for edge in cut), len(words)]
            return [(start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if count == 2 and (both := re.search(r"城乡", words)):
        at = start + both.start()
        return [(at, at + 1), (at + 1, end)]
    return []


def bind_figures(text: str) -> list[Binding]:
    """Bindings of the figures of a sentence in order; dates and ordinals are words here, not figures."""
    folded = fold(text)
    figures = [f for f in find_figures(text) if f.kind not in ("date", "ordinal")]
    lefts, rights = _neighbours(folded, figures)
    bindings: list[Binding] = []
    topic = _Topic()
    shared = _distributive(folded, figures, lefts)
    for k, figure in enumerate(figures):
        left, right = _trim(folded, *lefts[k]), _trim(folded, *rights[k])
        raw = folded[slice(*lefts[k])]
        if re.match(r"[、，,；; ]*其中", raw):
            topic.parent = topic.subject
        predicate: Span | None = None
        if k in shared:
            left, predicate = shared[k]
        words = folded[slice(*left)] + folded[slice(*right)]
        subject = topic.parent if topic.parent and _has_noun(words) else None
        if not _has_noun(words):
            subject = topic.subject or _previous_clause(folded, left[0])
        elif k and _same_clause(folded, figures[k - 1].end, figure.start):
            subject = topic.subject
        if predicate is None and _is_list_item(folded, lefts[k]) and not _VERB.match(folded, left[0], left[1]):
            predicate = topic.verb
        elif verb := _VERB.match(folded, left[0], left[1]):
            topic.verb = verb.span()
        else:
            topic.verb = None
        bindings.append(Binding(figure=figure, left=left, right=right, subject=subject, predicate=predicate))
        if _has_noun(folded[slice(*left)]):
            topic.subject = _noun(folded, left)
        elif _has_noun(folded[slice(*right)]):
            topic.subject = right
        elif topic.subject is None:
            topic.subject = subject
    return bindings


def _neighbours(folded: str, figures: list[Figure]) -> tuple[list[Span], list[Span]]:
    lefts: list[Span] = []
    rights: list[Span] = []
    for k, figure in enumerate(figures):
        if k == 0:
            start = max((folded.rfind(b, 0, figure.start) for b in _BORDERS), default=-1) + 1
            lefts.append((start, figure.start))
        else:
            after, before = _between(folded, figures[k - 1].end, figure.start)
            rights.append(after)
            lefts.append(before)
    if figures:
        end = re.search(rf"[{re.escape(_BORDERS)}、]|$", folded[figures[-1].end :])
        rights.append((figures[-1].end, figures[-1].end + (end.start() if end else 0)))
    return lefts, rights


def _distributive(folded: str, figures: list[Figure], lefts: list[Span]) -> dict[int, tuple[Span, Span]]:
    """figure number → (its own item, the words the list shares), for lists with 分别."""
    shared: dict[int, tuple[Span, Span]] = {}
    for k, figure in enumerate(figures):
        start, end = lefts[k]
        at = folded.rfind("分别", start, end)
        if at < 0:
            continue
        run = [k]
        while run[-1] + 1 < len(figures) and re.fullmatch(
            r" ?[、和及与，] ?(?:以及)?", folded[figures[run[-1]].end : figures[run[-1] + 1].start]
        ):
            run.append(run[-1] + 1)
        items = _items(folded, *_trim(folded, start, at), len(run)) if len(run) > 1 else []
        for number, item in zip(run, items, strict=False):
            shared[number] = (item, (at, figure.start))
    return shared


def _same_clause(folded: str, start: int, end: int) -> bool:
    return not any(border in folded[start:end] for border in _BORDERS + "、")


def _is_list_item(folded: str, left: Span) -> bool:
    return left[0] > 0 and folded[left[0] - 1] in "、和及与" or folded[left[0] : left[0] + 1] in ("、", "和", "及", "与")


def _previous_clause(folded: str, at: int) -> Span | None:
    end = at
    while end > 0 and folded[end - 1] in "，,、 ":
        end -= 1
    if end == 0 or folded[end - 1] in "；;。！？\n":
        return None
    start = max((folded.rfind(b, 0, end) for b in _BORDERS), default=-1) + 1
    return _noun(folded, (start, end)) if _has_noun(folded[start:end]) else None


def indicator_of(text: str, figure: Figure) -> str:
    """The words a figure belongs to, put together from its binding in `text`; "" if the figure is not bound there."""
    for binding in bind_figures(text):
        if binding.figure == figure:
            spans = [s for s in (binding.subject, binding.left, binding.predicate, binding.right) if s and s[0] < s[1]]
            return "".join(dict.fromkeys(text[a:b] for a, b in spans))
    return ""
