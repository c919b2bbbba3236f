"""What the API's fields mean and look like: the words and an example of each name, said once for all its places.

A name means the same wherever it stands; a field that is something special where it stands keeps its own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["explain"]

_METHODS = ("get", "post", "put", "patch", "delete")
_SUCCESS = "成功"

# The words, and an example for what is not made of other fields or one of a few fixed values.
_NAMES: Mapping[str, tuple[str, Any]] = {
    "added": ("新加入的报告编号", ["云岭区_2024"]),
    "answer": ("之前看到的回答", "2023年新建保障性租赁住房640套。[1]"),
    "ask": ("存一个回答，写法同 `/api/ask`", None),
    "at": ("时间，ISO 8601，世界时", "2024-03-01T08:30:00+00:00"),
    "cells": ("这一行的各格，次序同 `columns`", None),
    "change": ("和上一行，或目标和完成之间的差额；没有时为空", None),
    "change_heading": ("差额一列的标题", "比上一年"),
    "changes": ("存两年报告之间的变化，写法同 `/api/changes`", None),
    "channel": ("从哪里问的：page 网页，api 接口，openai、mcp、embed、cli", "api"),
    "characters": ("字数", 15320),
    "chart": ("图，SVG", "<svg …></svg>"),
    "choices": ("回答，只有一个", None),
    "citation": ("引文", None),
    "citations": ("引文", [1]),
    "claim": ("已核对的一句话，带标号", "2023年新建保障性租赁住房640套。[1]"),
    "claims": ("已核对的各句话", None),
    "columns": ("各列的标题", ["2022年", "2023年"]),
    "comment": ("说明", "应为640套"),
    "compare": ("存一张对比表，写法同 `/api/compare`", None),
    "comparison": ("可以排成的表", {"indicators": ["城镇新增就业"], "regions": ["云岭区"], "years": [2022, 2023]}),
    "computed": ("含由程序算出的数（计算值）", False),
    "content": ("文字，或若干段文字", "云岭区2023年新建了多少套保障性租赁住房"),
    "coverage": ("概括了多少", None),
    "covered_indicators": ("写进去的量化指标", 46),
    "covered_sections": ("写到的节", 12),
    "created": ("何时作答，从 1970 年起的秒数", 1709280000),
    "data": ("模型，只有一个", None),
    "detail": ("给人看的说明，写了该怎么办", "没有编号为 '云岭区_2020' 的报告。"),
    "direction": ("增加还是下降", "up"),
    "doubtful": ("扫描件里看不清", False),
    "duplicates": ("和已有报告内容相同的文件，以及同哪一份", {"云岭区2024.docx": "云岭区_2024"}),
    "embedder": ("向量模型", "e5-small"),
    "end": ("到第几个字止，不含", 25),
    "engine": ("由谁写成：extractive 摘录原文，或大模型的名字", "extractive"),
    "examples": ("可以问的问题", ["云岭区2023年新建了多少套保障性租赁住房"]),
    "failed": ("没有做成的，以及原因", {"云岭区_2022.pdf": "文件是空的"}),
    "feedback": ("评价，新的在前", None),
    "figures": ("各个数", None),
    "files": ("报告文件", ["云岭区_2024.docx"]),
    "finish_reason": ("为什么到此为止，总是 stop", "stop"),
    "first": ("从哪一年起", 2021),
    "format": ("文件格式", "docx"),
    "generation": ("索引版本；没有变动时为空", "20240301T083000-1a2b3c4d"),
    "groups": ("只给这些组看", ["住建局"]),
    "heading": ("小标题", "一、2023年工作回顾"),
    "history": (
        "之前的问答，先问的在前",
        [{"question": "去年新建了多少套", "answer": "640套"}],
    ),
    "id": ("编号", "5f0c6a1e8d8f4b5f9f6e0a9d8c7b6a55"),
    "index": ("索引版本", "20240301T083000-1a2b3c4d"),
    "indicator": ("指标，报告里的说法", "城镇新增就业"),
    "indicators": ("量化指标", 61),
    "k": ("最多几条", 10),
    "kind": ("种类", "UnknownReport"),
    "label": ("这一行的标题", "云岭区"),
    "last": ("到哪一年止", 2025),
    "left_out": ("没有写进去的量化内容", None),
    "length": ("brief 三句话，page 一页（700 字以内），full 详版", "page"),
    "level": ("级别：province 省，city 市，county 县区，national 全国", "county"),
    "limit": ("最多几条", 100),
    "mark": ("文中的标号", 1),
    "message": ("给人看的话", "没有找到2020年的数，只有2023年的。"),
    "minutes": ("几分钟内有效", 60),
    "model": ("模型的名字", "wenbao"),
    "n": ("几个回答", 1),
    "name": ("名字", "zhangsan"),
    "nearest": ("最相近的内容，不是依据", None),
    "next": ("下一页的 offset；没有下一页时为空", 50),
    "note": ("为什么没有，或为什么不能比较", "没有载入写这一年的报告"),
    "notes": ("要说明的事", ["“左右”“以上”等按所写的数值作图和比较。"]),
    "number": ("段号，从 1 起", 12),
    "object": ("这是什么，OpenAI 的写法", "chat.completion"),
    "offset": ("从第几个起", 0),
    "options": ("反问时可选的问法", ["云岭区2023年新建了多少套保障性租赁住房"]),
    "page": ("页码，没有分页的文件为空", 3),
    "paragraph": ("段号，从 1 起", 12),
    "paragraphs": ("段数", 86),
    "parsing": ("解析情况", None),
    "parts": ("各部分", None),
    "passages": ("原文，最相近的在前", None),
    "period": ("说的是哪年到哪年", None),
    "prompt": ("提示词的指纹；没有用大模型时为空", ""),
    "provenance": ("答案是怎么来的", None),
    "qualifier": ("约、以上、左右等", "左右"),
    "query": ("要找的内容", "保障性租赁住房"),
    "question": ("问题，一句话", "云岭区2023年新建了多少套保障性租赁住房"),
    "quote": ("原文，一字不差", "新建保障性租赁住房640套"),
    "rank": ("第几，从 1 起", 1),
    "reason": ("原因", "wrong_figure"),
    "refusal": ("为什么没有答案；有答案时为空", None),
    "region": ("地区", "云岭区"),
    "regions": ("地区", ["云岭区"]),
    "remarks": ("从整张表看出的", None),
    "removed": ("删去的报告编号", []),
    "report": ("报告编号", "云岭区_2024"),
    "reports": ("报告", ["云岭区_2024"]),
    "request": ("请求编号", "0f3a9c5e7b1d4e2f"),
    "request_id": ("请求编号", "0f3a9c5e7b1d4e2f"),
    "role": ("角色", "reader"),
    "roles": ("完成还是目标", ["done"]),
    "row_heading": ("各行是什么", "地区"),
    "rows": ("各行", None),
    "scope": ("在哪里找的", None),
    "seconds": ("各步用了几秒", {"understand": 0.01, "search": 0.12}),
    "section": ("上面各级标题", ["一、2023年工作回顾"]),
    "sections": ("节数", 14),
    "sha256": ("整段文字的 SHA-256", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
    "shown": ("给他看了哪些段落", [{"report": "云岭区_2024", "paragraph": 12, "text": "新建保障性租赁住房640套"}]),
    "standalone_question": ("补全了上文所省略的内容之后的问题", "云岭区2023年新建了多少套保障性租赁住房"),
    "start": ("从第几个字起，从 0 数", 8),
    "status": ("状态", "answered"),
    "stream": ("逐句返回", False),
    "style": ("points 要点，document 公文段落", "points"),
    "subjects": ("改动了什么", ["云岭区_2024"]),
    "summarize": ("存一份概括，写法同 `/api/summarize`", None),
    "text": ("文字", "2023年新建保障性租赁住房640套。[1]"),
    "ticket": ("通行证", "wbt_5f0c6a1e8d8f4b5f"),
    "title": ("标题", "云岭区2024年政府工作报告"),
    "total": ("一共多少个", 128),
    "twins": ("已有同一份报告时怎么办", "ask"),
    "type": ("哪一种", "text"),
    "unchanged": ("没有变化的报告编号", []),
    "unit": ("单位，去掉了万和亿", "套"),
    "updated": ("换成新版的报告编号", []),
    "upper": ("区间的上限，不是区间时为空", None),
    "value": ("数值，换算掉了万和亿", 640),
    "verdict": ("up 有用，down 有误", "down"),
    "visitor": ("谁", "zhangsan"),
    "wenbao": ("完整的回答", None),
    "words": ("指标", "城镇新增就业"),
    "year": ("年份；报告的，是作报告的那一年", 2024),
    "years": ("年份", [2023]),
}


# The same where a name is something of its own.
_SPECIAL: Mapping[str, tuple[str, Any]] = {
    "AnswerWire.status": ("answered 答了，refused 没有答案，clarify 要问清楚", None),
    "CellWire.citations": ("所依据引文的标号", [1]),
    "CellWire.kind": ("哪一类数，同 FigureWire 的 kind", "amount"),
    "CellWire.role": ("done 完成数，target 目标", None),
    "CellWire.text": ("数", "640套"),
    "ChangeWire.citations": ("所依据引文的标号", [1, 2]),
    "ChangeWire.text": ("差额", "+50套"),
    "ChoiceWire.index": ("第几个回答，总是 0", 0),
    "ChoiceWire.message": ("回答的文字，带标号和出处", {"role": "assistant", "content": "2023年新建640套。[1]"}),
    "CompletionRequest.wenbao": ("在哪些报告里找", None),
    "CoverageWire.text": ("覆盖多少", "覆盖 12/14 节，46/61 个量化指标"),
    "FailedSectionWire.reason": ("为什么没能概括", "大模型没有写完"),
    "FailedSectionWire.section": ("节的标题", "一、2023年工作回顾"),
    "FigureWire.kind": (
        "amount 数量，growth 增长，share 占比，points 百分点，multiple 倍数，rank 位次，ordinal 序数，date 日期",
        None,
    ),
    "FigureWire.name": ("指标", "城镇新增就业"),
    "FigureWire.text": ("照原文写的数", "640套"),
    "LogWire.status": ("answered 答了，refused 没有答案，clarify 反问，stopped 停了，searched 只是查找", "answered"),
    "Message.role": ("谁说的；只看 user 和 assistant", None),
    "ParagraphWire.text": ("整段原文", "住房保障更加有力。新建保障性租赁住房640套。"),
    "ParsingWire.notes": ("读文件时要说明的事", ["第 3 页是扫描件，由程序识别"]),
    "Part.type": ("只看 text", "text"),
    "PartWire.paragraphs": ("段落", ["2023年新建保障性租赁住房640套。[1]"]),
    "PassageWire.text": ("原文", "新建保障性租赁住房640套。"),
    "RefusalWire.kind": (
        "not_found 没有写到，other_period 只有别的年份，target_only 只有目标，result_only 只有完成数，"
        "other_scope 只有别的地区，other_unit 只有别的口径，out_of_corpus 没有载入，ambiguous 要问清楚，"
        "false_premise 问题里说的与报告不符",
        None,
    ),
    "ReportWire.id": ("报告编号", "云岭区_2024"),
    "SummarizeRequest.section": ("节", "民生"),
    "SummaryWire.text": ("整篇文字，带标号", "2023年新建保障性租赁住房640套。[1]"),
    "VisitorWire.groups": ("所在的组", ["住建局"]),
    "VisitorWire.role": ("reader 只能看，editor 还能改动报告，admin 还能看记录", None),
}


def explain(described: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI description with words and an example for every parameter and field, in place."""
    schemas = described["components"]["schemas"]
    fields = [(of, name, f) for of, schema in schemas.items() for name, f in schema.get("properties", {}).items()]
    for of, name, field in fields:
        field.setdefault("description", _meant(of, name)[0])
    for of, name, field in fields:
        field.setdefault("examples", [_example(of, name, field, schemas)])
    for operation in (way[method] for way in described["paths"].values() for method in _METHODS if method in way):
        operation.setdefault("description", f"{operation['summary']}。")
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            parameter.setdefault("description", _meant("", name)[0])
            parameter.setdefault("example", _example("", name, parameter["schema"], schemas))
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                response["description"] = _SUCCESS
    return described


def _meant(of: str, name: str) -> tuple[str, Any]:
    return _SPECIAL.get(f"{of}.{name}") or _NAMES.get(name, ("", None))


def _example(of: str, name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """What a field of this name may hold: its own example, one of its fixed values, or one of each of its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next(value for value in schema["enum"] if value)
    if "$ref" in schema:
        kind = schema["$ref"].rpartition("/")[2]
        if "examples" in schemas[kind]:
            return schemas[kind]["examples"][0]
        parts = schemas[kind].get("properties", {})
        return {part: _example(kind, part, field, schemas) for part, field in parts.items()}
    items = schema.get("items", {})
    if items.keys() & {"$ref", "enum", "anyOf"}:
        return [_example(of, name, items, schemas)]
    example = _meant(of, name)[1]
    if example is None and "anyOf" in schema:
        return _example(of, name, schema["anyOf"][0], schemas)
    return [example] if schema.get("type") == "array" and not isinstance(example, list) else example
