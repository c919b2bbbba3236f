"""Saved web pages: the article alone, without menus, share buttons, related links and the site's footer.

Government sites are built with dozens of systems that mark their articles in as many ways; what all pages share is
that the article is where the sentences are.  So it is found by its prose, and inside it nothing is left out but what
is no part of any report (links to share, remarks on the typeface).
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from typing import cast

from lxml import etree, html

from index.errors import UnknownFormat
from index.loading.decoding import decode
from index.loading.document import Document
from index.loading.passages import joined_lines, numbered, raised
from index.loading.tables import is_layout, table_sentences
from index.structure import Block

__all__ = ["load_html", "load_mhtml"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
# What calls itself gb2312 holds characters of its successors.
_SUCCESSORS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
_UNSEEN = str.split(
    "script style noscript template iframe object embed svg math canvas audio video map button select textarea "
    "datalist dialog nav footer aside menu"
)
_BLOCKS = frozenset(
    str.split(
        "address article blockquote body br caption center dd details div dl dt fieldset figcaption figure form h1 "
        "h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul"
    )
)
# What an article may be put in; a paragraph is never all of it.
_VESSELS = frozenset(str.split("article center div fieldset form main section table tbody td tr"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# The deepest element with this share of all prose is the article.
_ARTICLE = 0.85
_PROSE = re.compile(r"[，。；：、！？]")
_SHORTEST_PROSE = 20
_FURNITURE = re.compile(
    r"^(?:您?(?:当前|现在|所在)的?位置|首页\s*[>＞»]|分享(?:到|至)|扫一扫|【?打印(?:本页)?】?$|【?关闭(?:窗口|本页)?】?$|"
    r"字[体号]\s*[：:]|\[?大\s*中\s*小\]?$|(?:信息)?来源\s*[：:]|发布(?:时间|日期|机构)\s*[：:]|(?:浏览|阅读|点击)[次数量率]*\s*[：:]|"
    r"(?:责任)?编辑\s*[：:]|上一[篇条]|下一[篇条]|相关(?:链接|阅读|稿件|文件|新闻)|附件下载|版权所有|[主承]办单位|网站标识码|"
    r".{0,4}ICP备|.{0,2}公网安备|索\s*引\s*号|主题分类|公开方式|返回顶部|无障碍)"
)
_LONGEST_FURNITURE = 80
_SITE = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,30}(?:网|门户|平台|政府|之窗)\s*$")


def load_html(data: bytes, name: str) -> Document:
    """The article of a web page, with its title.  Raises `UnknownFormat` where the bytes are no text."""
    text = _text_of(data, name)
    if not text.strip():
        return Document(blocks=())
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    titles = list(_titles(root))
    _remove_unseen(root)
    reader = _Reader(_article(root))
    blocks = [block for block in reader.blocks() if not _is_furniture(block.text)]
    opening = re.sub(r"\s", "", "".join(block.text for block in blocks[:6]))
    title = next((title for title in titles if "报告" in title), "")
    if title and re.sub(r"\s", "", title) not in opening:
        blocks.insert(0, Block(text=title))
    return Document(blocks=tuple(blocks), tables=reader.tables)


def load_mhtml(data: bytes, name: str) -> Document:
    """The article of a page that a browser saved with its pictures in one file (MHTML, RFC 2557)."""
    message = email.message_from_bytes(data)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    page = None if part is None else part.get_payload(decode=True)
    if not isinstance(page, bytes):
        raise UnknownFormat(f"“{name}”不是完好的网页归档。请在浏览器里打开原网页，另存为“仅 HTML”。")
    return load_html(page, name)


def _text_of(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:4096])
    charset = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        return data.decode(_SUCCESSORS.get(charset, charset)).replace("\x00", "")
    except (LookupError, UnicodeDecodeError):
        return decode(data, name)  # the page says nothing of its encoding, or nothing true


def _titles(root: etree._Element) -> Iterator[str]:
    """What the page may call itself, the surest first."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle":
            yield joined_lines(meta.get("content") or "")
    for tag in ("h1", "title"):
        for element in root.iter(tag):
            yield _SITE.sub("", joined_lines("".join(cast(Iterator[str], element.itertext()))))


def _remove_unseen(root: etree._Element) -> None:
    unseen = [*root.iter(*_UNSEEN), *(e for e in root.iter() if _is_unseen(e))]
    for element in unseen:
        if (parent := element.getparent()) is not None and element.tag not in ("html", "body"):
            # What follows the element stays.
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + (element.tail or "")
            else:
                parent.text = (parent.text or "") + (element.tail or "")
            parent.remove(element)


def _is_unseen(element: etree._Element) -> bool:
    """Hidden, or what office programs save of the top and bottom of pages."""
    return _HIDDEN.search(element.get("style") or "") is not None or (
        element.tag == "div" and element.get("title") in ("header", "footer")
    )


def _article(root: etree._Element) -> etree._Element:
    body = root.find("body")
    top = root if body is None else body
    prose: dict[etree._Element, int] = {}
    for element in top.iter():
        linked = element.tag == "a"
        for text in (element.text, *(child.tail for child in element)):
            if text and not linked and len(text.strip()) >= _SHORTEST_PROSE and _PROSE.search(text):
                prose[element] = prose.get(element, 0) + len(text.strip())
    weight = dict(prose)
    for element in reversed(list(top.iter())):
        parent = element.getparent()
        if element in weight and parent is not None:
            weight[parent] = weight.get(parent, 0) + weight[element]
    article, total = top, weight.get(top, 0)
    while total:
        best = max((child for child in article if child.tag in _VESSELS), key=lambda e: weight.get(e, 0), default=None)
        if best is None or weight.get(best, 0) < _ARTICLE * total:
            break
        article = best
    return article


def _is_furniture(text: str) -> bool:
    return len(text) <= _LONGEST_FURNITURE and _FURNITURE.search(text) is not None


class _Reader:
    """The blocks of an element in the order of the page."""

    def __init__(self, article: etree._Element) -> None:
        self.tables = 0
        self._article = article
        self._text = ""
        self._number = ""
        self._level: int | None = None

    def blocks(self) -> Iterator[Block]:
        walk = etree.iterwalk(self._article, events=("start", "end"))
        for event, element in walk:
            tag = str(element.tag)
            if event == "start":
                if tag in _BLOCKS:
                    yield from self._flush()
                if tag == "table" and not is_layout(grid := _grid(element)):
                    self.tables += 1
                    yield from (Block(text=sentence) for sentence in table_sentences(grid))
                    walk.skip_subtree()
                elif tag == "sup":
                    self._text += raised("".join(element.itertext()), self._text)
                    walk.skip_subtree()
                else:
                    self._enter(element, tag)
            else:
                if tag in _BLOCKS:
                    yield from self._flush()
                if element is not self._article:
                    self._text += element.tail or ""
        yield from self._flush()

    def _enter(self, element: etree._Element, tag: str) -> None:
        parent = element.getparent()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._level = int(tag[1])
        elif tag == "li" and parent is not None and parent.tag == "ol":
            start = parent.get("start") or "1"
            position = sum(1 for _ in element.itersiblings("li", preceding=True))
            self._number = f"{(int(start) if start.isdecimal() else 1) + position}."
        self._text += element.text or ""

    def _flush(self) -> Iterator[Block]:
        text, level = joined_lines(self._text), self._level
        self._text, self._level = "", None
        if text:
            number, self._number = self._number, ""
            text = text.removeprefix(number).lstrip()  # some programs print it as well
            yield Block(text=numbered(number, text), level=level)


def _grid(table: etree._Element) -> list[list[str]]:
    """The cells of a table, those that span several rows or columns repeated."""
    grid: dict[tuple[int, int], str] = {}
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for r, row in enumerate(rows):
        c = 0
        for cell in (cell for cell in row if cell.tag in ("td", "th")):
            while (r, c) in grid:
                c += 1
            text = joined_lines(" ".join(cast(Iterator[str], cell.itertext())))
            for dr in range(min(_span(cell, "rowspan"), len(rows) - r)):
                for dc in range(_span(cell, "colspan")):
                    grid.setdefault((r + dr, c + dc), text)
    width = max((c for _, c in grid), default=-1) + 1
    return [[grid.get((r, c), "") for c in range(width)] for r in range(len(rows))]


def _span(cell: etree._Element, name: str) -> int:
    printed = cell.get(name) or "1"
    return min(max(int(printed), 1), 200) if printed.isdecimal() and len(printed) < 6 else 1
