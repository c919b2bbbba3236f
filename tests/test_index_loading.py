"""Files of all encodings and faults → reports, or a message that says what to do."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePath

import pytest

from index.errors import DocumentTooLarge, EmptyDocument, LoadError, MissingMetadata, UnknownFormat
from index.loading import load_report, supported_endings
from index.loading.delivery import delivered_by, delivered_on
from index.loading.markdown import load_markdown
from index.loading.metadata import find_metadata
from index.structure import Block

TEXT = """云岭区2024年政府工作报告
——2024年1月9日在云岭区第三届人民代表大会第四次会议上
各位代表：
　　现在，我代表区人民政府，向大会报告工作，请予审议。
一、2023年工作回顾

　　全年建成保障性租赁住房640套，新增学位1,080个。
二、2024年工作安排
　　今年计划新开工保障性租赁住房590套。
"""


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_report_carries_its_identity_and_every_line_that_is_not_empty(tmp_path: Path) -> None:
    data = TEXT.encode()
    report = load_report(written(tmp_path, "云岭区_2024.txt", data))
    assert (report.id, report.region, report.level, report.year) == ("云岭区_2024", "云岭区", "county", 2024)
    assert report.title == "云岭区2024年政府工作报告"
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert [p.text for p in report.paragraphs] == [line.strip() for line in TEXT.splitlines() if line.strip()]
    assert [p.number for p in report.paragraphs] == list(range(1, 9))
    assert [p.role for p in report.paragraphs][-4:] == ["done", "done", "measure", "measure"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    report = load_report(written(tmp_path, "云岭区_2024.txt", TEXT.encode(encoding)))
    assert report.paragraphs[0].text == "云岭区2024年政府工作报告"
    assert report.paragraphs[5].text == "全年建成保障性租赁住房640套，新增学位1,080个。"


def test_traditional_text_in_big5(tmp_path: Path) -> None:
    text = "各位代表：\r\n一、去年工作\r\n農業產量增長百分之五，國務院總理報告了發展國民經濟的計劃。\r\n" * 5
    report = load_report(written(tmp_path, "国务院_1954.txt", text.encode("big5")))
    assert report.paragraphs[2].text.startswith("農業產量")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\f"])
def test_line_ends(tmp_path: Path, newline: str) -> None:
    report = load_report(written(tmp_path, "云岭区_2024.txt", TEXT.replace("\n", newline).encode()))
    assert len(report.paragraphs) == 8


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", "\u3000\n\ufeff\n".encode(), b"\xef\xbb\xbf"])
def test_nothing_to_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EmptyDocument, match="是空的"):
        load_report(written(tmp_path, "云岭区_2024.txt", content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "内容是PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "内容是Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "旧版 Word"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "内容是图片"),
        (bytes(range(256)) * 40, "不是能识别的文本"),
        (b"\x7fELF\x02\x01\x01" + bytes(3000), "不是能识别的文本"),
        ("云岭区2024年政府工作报告".encode() + b"\xff\xfe\xfd\xfc" * 9, "编码已损坏"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(UnknownFormat, match=message):
        load_report(written(tmp_path, "云岭区_2024.txt", content))


@pytest.mark.parametrize("name", ["云岭区_2024.xyz", "云岭区_2024", ".txt"])
def test_unknown_endings_name_those_that_are_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"\.txt.*\.md"):
        load_report(written(tmp_path, name, TEXT.encode()))


def test_endings_may_be_upper_case(tmp_path: Path) -> None:
    assert load_report(written(tmp_path, "云岭区_2024.TXT", TEXT.encode())).year == 2024
    assert {".txt", ".md"} <= set(supported_endings())


def test_too_large_a_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "云岭区_2024.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(DocumentTooLarge, match="200 MB"):
        load_report(path)


def test_one_endless_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentTooLarge, match="有一行超过"):
        load_report(written(tmp_path, "云岭区_2024.txt", ("建成学校。" * 60_000).encode()))


def test_missing_files_folders_and_pipes(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="找不到文件"):
        load_report(tmp_path / "没有_2024.txt")
    (tmp_path / "文件夹.txt").mkdir()
    with pytest.raises(LoadError, match="是文件夹"):
        load_report(tmp_path / "文件夹.txt")
    os.mkfifo(tmp_path / "管道.txt")
    with pytest.raises(LoadError, match="不是普通文件"):
        load_report(tmp_path / "管道.txt")


# Metadata -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "region", "level", "year"),
    [
        ("威海市_2024.txt", "威海市", "city", 2024),
        ("威海_2024.md", "威海市", "city", 2024),
        ("2024年威海市政府工作报告.txt", "威海市", "city", 2024),
        ("关于威海市2024年政府工作报告（审议稿）.txt", "威海市", "city", 2024),
        ("山东省威海市2024.txt", "威海市", "city", 2024),
        ("二〇二四年浙江省政府工作报告.txt", "浙江省", "province", 2024),
        ("国务院_1978.txt", "国务院", "national", 1978),
        ("全国_2020.txt", "国务院", "national", 2020),
        ("鲤城_2023.txt", "鲤城区", "county", 2023),
        ("朝阳区2024.txt", "朝阳区", "county", 2024),
        ("恩施州2024.txt", "恩施土家族苗族自治州", "city", 2024),
        ("云岭区_2022.txt", "云岭区", "county", 2022),
        ("苏州工业园区_2024.txt", "苏州工业园区", "county", 2024),
        ("云岭区_2024_修订.txt", "云岭区", "county", 2024),
    ],
)
def test_metadata_from_the_file_name(name: str, region: str, level: str, year: int) -> None:
    found = find_metadata(PurePath(name), [], {})
    assert (found.region, found.level, found.year) == (region, level, year)


@pytest.mark.parametrize(
    ("opening", "region", "year"),
    [
        (["威海市2024年政府工作报告"], "威海市", 2024),
        (["政府工作报告", "——2024年1月10日在威海市第十八届人民代表大会第三次会议上"], "威海市", 2024),
        (["政府工作报告", "（二○二四年一月十日在鲤城区第十八届人民代表大会第三次会议上）"], "鲤城区", 2024),
        (["现在，我代表威海市人民政府，向大会报告工作。", "一、２０２３年工作回顾"], "威海市", 2024),
        (["威海市人民政府市长 张三", "一、2023年工作回顾", "二、2024年主要目标和重点任务"], "威海市", 2024),
        (["2020年5月22日在第十三届全国人民代表大会第三次会议上"], "国务院", 2020),
        (["吉林2024年政府工作报告", "现在，我代表省人民政府，向大会报告工作。"], "吉林省", 2024),
        (["1954年中华人民共和國國務院政府工作報告"], "国务院", 1954),
        (["我代表市人民政府报告工作。", "2023年工作回顾", *["威海市建成一批项目。"] * 5], "威海市", 2024),
    ],
)
def test_metadata_from_the_text(opening: list[str], region: str, year: int) -> None:
    found = find_metadata(PurePath("报告.txt"), [Block(text=line) for line in opening], {})
    assert (found.region, found.year) == (region, year)


@pytest.mark.parametrize(
    ("name", "opening", "problem"),
    [
        ("报告.txt", "各位代表：", "看不出是哪一年的报告，看不出是哪个地区的报告"),
        ("威海市.txt", "各位代表：", "看不出是哪一年的报告"),
        ("2024.txt", "各位代表：", "看不出是哪个地区的报告"),
        ("吉林_2024.txt", "各位代表：", "可能是吉林省或吉林市的报告"),
        ("2023年度威海市报告2024.txt", "各位代表：", "看不出是哪一年的报告"),
        ("和平_2024.txt", "各位代表：", "看不出是哪个地区的报告"),
        ("威海市_2024.txt", "烟台市2024年政府工作报告", "文件名写的是威海市，正文却是烟台市的报告"),
        ("威海市_2023.txt", "威海市2024年政府工作报告", "文件名写的是2023年，正文却像是2024年作的报告"),
    ],
)
def test_in_doubt_the_user_is_asked(name: str, opening: str, problem: str) -> None:
    with pytest.raises(MissingMetadata, match=problem) as caught:
        find_metadata(PurePath(name), [Block(text=opening)], {})
    assert f"wenbao index {name} --region 地区 --year 年份" in str(caught.value)


@pytest.mark.parametrize(
    ("opening", "day", "speaker"),
    [
        (["——2024年1月9日在云岭区第三届人民代表大会第三次会议上", "云岭区人民政府区长 林 远"], "2024-01-09", "林远"),
        (["（二○二四年一月十九日在云岭区人民代表大会上）", "区长林远清"], "2024-01-19", "林远清"),
        (["2024年2月20日在市人民代表大会会议上云岭市代市长林远同志作政府工作报告"], "2024-02-20", "林远"),
        (["——2024年1月9日在大会上", "国务院总理", "林远"], "2024-01-09", "林远"),
        (["自治区主席 阿尔曼·吐尔逊  各位代表："], "", "阿尔曼·吐尔逊"),
        (["2024年1月9日"], "2024-01-09", ""),
        (["2024年1月9日大会开幕，1月10日，2024年1月11日大会闭幕"], "", ""),
        (["2024年13月40日在大会上", "现在，我代表市长作报告"], "", ""),
        (["区长的工作得到各位代表支持"], "", ""),
    ],
)
def test_when_and_by_whom_a_report_was_delivered(opening: list[str], day: str, speaker: str) -> None:
    blocks = [Block(text=line) for line in opening]
    found = delivered_on(blocks)
    assert (found.isoformat() if found else "", delivered_by(blocks)) == (day, speaker)


def test_the_user_has_the_last_word() -> None:
    blocks = [Block(text="烟台市2024年政府工作报告")]
    found = find_metadata(PurePath("威海市_2023.txt"), blocks, {"region": "威海", "year": "2022", "title": "旧稿"})
    assert (found.region, found.level, found.year, found.title) == ("威海市", "city", 2022, "旧稿")
    new = find_metadata(PurePath("a.txt"), [], {"region": "云上新城", "year": 2024, "level": "county"})
    assert (new.region, new.level) == ("云上新城", "county")


@pytest.mark.parametrize("overrides", [{"year": "去年"}, {"year": 1024}, {"level": "镇"}, {"地区": "威海市"}])
def test_impossible_overrides(overrides: dict[str, object]) -> None:
    with pytest.raises(LoadError):
        find_metadata(PurePath("威海市_2024.txt"), [], overrides)


# Markdown -----------------------------------------------------------------------------------------


def test_markdown_is_what_a_reader_sees() -> None:
    source = """---
draft: true
---
# 云岭区2024年政府工作报告

## 一、2023年工作回顾

全年**新增学位**1080个，[详见附表](http://example.org)。
第二句在源文件里
换了一行。
<!-- 编者注 -->

1. 建成保障房640套
2. 新开工590套

- 修路5公里

| 事项 | 数量 |
|---|---|
| 保障房 | 640套 |
| 学位 | |
"""
    document = load_markdown(source.encode(), "云岭区_2024.md")
    assert [(block.level, block.text) for block in document.blocks] == [
        (1, "云岭区2024年政府工作报告"),
        (2, "一、2023年工作回顾"),
        (None, "全年新增学位1080个，详见附表。"),
        (None, "第二句在源文件里换了一行。"),
        (None, "1.建成保障房640套"),
        (None, "2.新开工590套"),
        (None, "修路5公里"),
        (None, "保障房：数量 640套。"),
        (None, "学位"),
    ]


def test_markdown_headings_become_the_path(tmp_path: Path) -> None:
    source = "# 云岭区2024年政府工作报告\n\n## 2023年工作回顾\n\n### 民生\n\n新增学位1080个。\n"
    report = load_report(written(tmp_path, "云岭区_2024.md", source.encode()))
    assert report.paragraphs[-1].headings == ("2023年工作回顾", "民生")
    assert report.paragraphs[-1].role == "done"
    assert [p.is_heading for p in report.paragraphs] == [True, True, True, False]
