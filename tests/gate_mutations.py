"""False claims, made of true ones by one change each: the other half of what the gate is measured by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from index.text import normalise, split_clauses, split_sentences
from index.types import Figure
from tests.gate_claims import Case, Library, cite, counts

Mutation = Callable[[Case, Random, Library], Case | None]


def mutants(cases: Sequence[Case], random: Random, library: Library) -> Iterator[tuple[str, Case]]:
    """For each true claim one falsehood of every kind that it allows."""
    for case in cases:
        for name, mutate in MUTATIONS.items():
            mutant = mutate(case, random, library)
            if mutant is not None and (mutant.claim, mutant.citation) != (case.claim, case.citation):
                yield name, mutant


def _with_figure(case: Case, figure: Figure, text: str) -> Case | None:
    """The case with another figure in place of one; None if the source says just that."""
    body = case.body[: figure.start] + text + case.body[figure.end :]
    if normalise(body) in normalise(case.paragraph.text):
        return None
    return replace(case, body=body)


def _any_figure(case: Case, random: Random) -> Figure | None:
    figures = counts(case.body)
    return random.choice(figures) if figures else None


def digit_changed(case: Case, random: Random, library: Library) -> Case | None:
    figure = _any_figure(case, random)
    places = [i for i, c in enumerate(figure.text) if c in "0123456789"] if figure else []
    if figure is None or not places:
        return None
    at = random.choice(places)
    digit = random.choice([d for d in "123456789" if d != figure.text[at]])
    return _with_figure(case, figure, figure.text[:at] + digit + figure.text[at + 1 :])


_OTHER_UNIT = {
    "套": "户", "户": "套", "家": "个", "个": "家", "元": "美元", "公里": "米", "人次": "人", "人": "人次", "吨": "公斤", "亩": "公顷",
    "平方米": "平方公里", "平方公里": "平方米", "件": "项", "项": "件", "所": "个", "名": "个", "张": "个", "台": "套", "部": "套",
    "千瓦": "千瓦时", "倍": "%", "座": "处", "处": "座", "年": "个月", "天": "小时", "小时": "天", "条": "公里",
}  # fmt: skip


def unit_changed(case: Case, random: Random, library: Library) -> Case | None:
    figure = _any_figure(case, random)
    if figure is None or figure.unit not in _OTHER_UNIT or not figure.text.endswith(figure.unit):
        return None
    return _with_figure(case, figure, figure.text.removesuffix(figure.unit) + _OTHER_UNIT[figure.unit])


def scale_changed(case: Case, random: Random, library: Library) -> Case | None:
    figure = _any_figure(case, random)
    if figure is None or not re.search("[万亿]", figure.text):
        return None
    text = figure.text.replace("万亿", "亿") if "万亿" in figure.text else re.sub("[万亿]", "", figure.text, count=1)
    return _with_figure(case, figure, random.choice([text, figure.text.replace("亿", "万").replace("万万", "万")]))


def percent_and_points(case: Case, random: Random, library: Library) -> Case | None:
    figure = _any_figure(case, random)
    if figure is None or figure.unit not in ("%", "个百分点"):
        return None
    text = figure.text.replace("个百分点", "%") if figure.kind == "points" else re.sub("[%％]", "个百分点", figure.text)
    return _with_figure(case, figure, text)


def year_shifted(case: Case, random: Random, library: Library) -> Case | None:
    text = case.label + case.body
    years = [match for match in re.finditer(r"20[0-3]\d(?=年)", text) if match.start() < len(case.label)]
    if not years:
        return None
    match = random.choice(years)
    year = str(int(match[0]) + random.choice([-1, 1]))
    return replace(case, label=case.label[: match.start()] + year + case.label[match.end() :])


def role_swapped(case: Case, random: Random, library: Library) -> Case | None:
    if not (figures := counts(case.body)) or re.search(
        "目标|计划|预期|力争|确保|预计|完成|实现|建成|达到|已", case.body
    ):
        return None
    label = case.label.replace("目标", "").removesuffix("：")
    if case.role == "done":
        return replace(case, label=f"{label}{random.choice(['目标', '计划', '预期目标'])}：")
    if case.role == "other" or not figures:
        return None
    return replace(case, label=f"{label}{random.choice(['完成', '实际完成', '已实现'])}：")


def target_word_lost(case: Case, random: Random, library: Library) -> Case | None:
    match = re.search("(?:力争|(?<!年)计划(?!生育)|预计|确保)(?=[^，。；]*[0-9])", case.body)
    if match is None or not counts(case.body):
        return None
    return replace(
        case, label=case.label.replace("目标", ""), body=case.body[: match.start()] + case.body[match.end() :]
    )


def region_swapped(case: Case, random: Random, library: Library) -> Case | None:
    others = [
        r.region for r in library.reports.values() if r.region[:2] not in case.paragraph.text + case.report.region
    ]
    if not case.label or not others:
        return None
    return replace(case, label=case.label.replace(case.report.region, random.choice(others)))


def neighbours_figure(case: Case, random: Random, library: Library) -> Case | None:
    """Another figure of the paragraph in the same unit; the words around it must say what it is a figure of."""
    figure = _any_figure(case, random)
    words = re.sub(r"[^\u4e00-\u9fff]", "", re.split("；", case.body[: figure.start])[-1]) if figure else ""
    if figure is None or len(words) < 5:
        return None
    others = [
        other.text
        for other in counts(case.paragraph.text)
        if (other.unit, other.kind) == (figure.unit, figure.kind) and other.value != figure.value
    ]
    return _with_figure(case, figure, random.choice(others)) if others else None


def figures_exchanged(case: Case, random: Random, library: Library) -> Case | None:
    """Two figures of the claim in one another's place."""
    figures = counts(case.body)
    pairs = [
        (one, other)
        for i, one in enumerate(figures)
        for other in figures[i + 1 :]
        if (one.unit, one.kind) == (other.unit, other.kind) and one.value != other.value
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    between = case.body[one.end : other.start]
    return replace(case, body=f"{case.body[: one.start]}{other.text}{between}{one.text}{case.body[other.end :]}")


def qualifier_changed(case: Case, random: Random, library: Library) -> Case | None:
    figure = _any_figure(case, random)
    if figure is None or figure.kind == "rank":
        return None
    if figure.qualifier:
        text = figure.text
        for part in figure.qualifier.split("…"):
            text = text.replace(part, "")
        return _with_figure(case, figure, text)
    if figure.upper is not None or figure.unit in ("", "番", "年"):
        return None
    return _with_figure(case, figure, random.choice(["超{}", "近{}", "约{}", "{}以上"]).format(figure.text))


def citation_moved(case: Case, random: Random, library: Library) -> Case | None:
    body, words = normalise(case.body), re.sub(r"[^\u4e00-\u9fff]", "", case.body)
    others = [
        (report, paragraph)
        for report in (case.report, random.choice(list(library.reports.values())))
        for paragraph in report.paragraphs
        if len(paragraph.text) > 40 and paragraph != case.paragraph
    ]
    report, paragraph = random.choice(others)
    there = re.sub(r"[^\u4e00-\u9fff]", "", paragraph.text + "".join(paragraph.headings))
    if body in normalise(paragraph.text) or words in there or len(words) < 6:
        return None
    sentence = random.choice(split_sentences(paragraph.text)).text
    return replace(case, citation=cite(report, paragraph, sentence))


def name_altered(case: Case, random: Random, library: Library) -> Case | None:
    names = list(re.finditer(r"(?<=[“《])[\u4e00-\u9fff]{2,}(?=[”》])", case.body))
    if not names:
        return None
    match = random.choice(names)
    at = random.randrange(match.start(), match.end())
    character = random.choice([c for c in "海山云河东林城金星桥" if c != case.body[at]])
    return replace(case, body=case.body[:at] + character + case.body[at + 1 :])


def name_exchanged(case: Case, random: Random, library: Library) -> Case | None:
    """A quoted name replaced by another one of the paragraph."""
    names = list(re.finditer(r"“[\u4e00-\u9fff]{2,}”", case.body))
    others = [n for n in re.findall(r"“[\u4e00-\u9fff]{2,}”", case.paragraph.text) if n not in case.body]
    if not names or not others or len(case.body) < 14:
        return None
    match = random.choice(names)
    return replace(case, body=case.body[: match.start()] + random.choice(others) + case.body[match.end() :])


def negation_flipped(case: Case, random: Random, library: Library) -> Case | None:
    if lost := re.search("尚未|未(?!来)|没有", case.body):
        return replace(case, body=case.body[: lost.start()] + case.body[lost.end() :])
    verbs = list(re.finditer("完成|建成|实现|达到|新增|改造|获评|获批|启动|推进|举办|建设|增长|提高|落实", case.body))
    if not verbs:
        return None
    at = random.choice(verbs).start()
    return replace(case, body=case.body[:at] + random.choice(["未", "没有"]) + case.body[at:])


_OPPOSITE = {
    "增长": "下降",
    "下降": "增长",
    "提高": "降低",
    "增加": "减少",
    "减少": "增加",
    "上升": "下降",
    "降低": "提高",
    "提升": "下降",
    "压减": "增加",
}


def direction_flipped(case: Case, random: Random, library: Library) -> Case | None:
    words = "|".join(_OPPOSITE)
    moves = list(re.finditer(rf"(?:{words})(?=[^，。；值税点极率]{{0,3}}[0-9])", case.body))
    if not moves:
        return None
    match = random.choice(moves)
    return replace(case, body=case.body[: match.start()] + _OPPOSITE[match[0]] + case.body[match.end() :])


def indicator_swapped(case: Case, random: Random, library: Library) -> Case | None:
    """The figure of one clause told of the subject of another clause in the paragraph."""
    figure = _any_figure(case, random)
    own = re.split("[，；、]", case.body[: figure.start])[-1] if figure else ""
    if figure is None or figure.kind == "rank" or len(own) < 5 or re.search("[“”《》（）]", own):
        return None
    others = []
    for clause in split_clauses(case.paragraph.text):
        first = next(iter(counts(clause.text)), None)
        if first and (first.unit, first.kind) == (figure.unit, figure.kind) and first.value != figure.value:
            words = re.split("[、；]", clause.text[: first.start])[-1]
            if len(words) >= 5 and words not in own and own not in words and not re.search("分别|[“”《》（）]", words):
                others.append(words)
    if not others:
        return None
    at = figure.start - len(own)
    body = case.body[:at] + random.choice(others) + case.body[figure.start :]
    return None if normalise(body) in normalise(case.paragraph.text) else replace(case, body=body)


def quote_altered(case: Case, random: Random, library: Library) -> Case | None:
    quote = case.citation.quote
    places = [i for i, c in enumerate(quote) if c.isascii() and c.isdigit()]
    at = random.choice(places) if places else random.randrange(len(quote))
    other = random.choice([c for c in ("123456789" if places else "的一是不了") if c != quote[at]])
    return replace(case, citation=replace(case.citation, quote=quote[:at] + other + quote[at + 1 :]))


def mark_unknown(case: Case, random: Random, library: Library) -> Case | None:
    return replace(case, mark=random.choice(["[0]", "[99]", "", "[1][2]"]))


MUTATIONS: dict[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (
        digit_changed, unit_changed, scale_changed, percent_and_points, year_shifted, role_swapped, target_word_lost, region_swapped,
        neighbours_figure, figures_exchanged, qualifier_changed, citation_moved, name_altered, name_exchanged, negation_flipped, direction_flipped, indicator_swapped,
        quote_altered, mark_unknown,
    )
}  # fmt: skip
