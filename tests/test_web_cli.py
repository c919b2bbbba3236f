"""The command line as people and scripts use it: what it prints where, and the exit status."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import index.generations
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests.documents import zipped
from web.cli import app

HOUSING = "住房保障更加有力。全年新建保障性租赁住房590套，建成保障性租赁住房640套。"
REPORT = f"云溪县2024年政府工作报告\n一、2023年工作回顾\n（一）民生福祉持续改善\n{HOUSING}\n新改扩建学校9所，新增学位1080个。\n"

Run = Callable[..., Result]


def heed_interrupts() -> None:
    """A test run in the background of a shell ignores Ctrl-C, and its children would too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`wenbao …` over a home of its own, with an embedder that needs no model."""
    monkeypatch.setenv("WENBAO_EMBEDDER", "hash")
    monkeypatch.setenv("WENBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "云溪县_2024.txt").write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture
def indexed(run: Run, folder: Path) -> Run:
    assert run("index", folder).exit_code == 0
    return run


def ids(run: Run) -> list[str]:
    """The reports that can be asked."""
    table = run("reports", "list").stdout.splitlines()
    return [line.split()[0] for line in table[1:-1]]


class TestIndex:
    def test_a_folder_goes_in_and_once_only(self, run: Run, folder: Path) -> None:
        first = run("index", folder)
        assert (first.exit_code, first.stdout) == (0, "")
        assert "新增 1 份，更新 0 份，未变 0 份" in first.stderr
        assert "现有 1 份报告" in first.stderr
        assert "新增 0 份，更新 0 份，未变 1 份" in run("index", folder).stderr

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("空县_2024.txt", b"", "是空的"),
            ("白县_2024.txt", " \n\n　\n".encode(), "是空的"),
            ("假县_2024.txt", b"%PDF-1.7\n%\xe2\xe3", "内容是PDF"),
            ("乱县_2024.txt", bytes(range(256)) * 40, "不是能识别的文本"),
            ("像县_2024.mp4", b"\x00\x00\x00 ftyp", "还不支持“.mp4”文件"),
            ("报告.txt", "今年以来，各项工作取得新进展。".encode(), "--region"),
        ],
    )
    def test_a_bad_file_is_named_with_the_remedy_and_the_rest_goes_in(
        self, run: Run, folder: Path, name: str, content: bytes, words: str
    ) -> None:
        bad = folder / name
        bad.write_bytes(content)
        result = run("index", folder, bad)
        assert result.exit_code == 1
        assert name in result.stderr and words in result.stderr
        assert "Traceback" not in result.stderr
        assert ids(run) == ["云溪县_2024"]

    def test_two_hundred_megabytes_of_one_line(self, run: Run, folder: Path) -> None:
        huge = folder / "长县_2024.txt"
        with huge.open("wb") as file:
            file.truncate(200 * 1024 * 1024)
        result = run("index", folder)
        assert result.exit_code == 1
        assert "超过 64 MB 的上限" in result.stderr
        assert ids(run) == ["云溪县_2024"]

    def test_a_long_line_is_a_paragraph(self, run: Run, folder: Path) -> None:
        (folder / "云岭县_2024.txt").write_text("云岭县2024年政府工作报告\n" + HOUSING * 3000, encoding="utf-8")
        assert run("index", folder).exit_code == 0

    def test_a_folder_without_reports(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "空文件夹").mkdir()
        result = run("index", tmp_path / "空文件夹")
        assert result.exit_code == 1
        assert "文件夹里没有能读取的报告" in result.stderr

    def test_a_path_that_is_not_there(self, run: Run, folder: Path) -> None:
        result = run("index", folder, folder / "没有.txt")
        assert result.exit_code == 1
        assert "找不到文件" in result.stderr
        assert ids(run) == ["云溪县_2024"]

    def test_what_no_name_says_can_be_given(self, run: Run, folder: Path) -> None:
        nameless = folder.parent / "报告.txt"
        nameless.write_text("今年以来，各项工作取得新进展，新增学位30个。", encoding="utf-8")
        result = run("index", nameless, "--region", "云岭县", "--year", "2023")
        assert result.exit_code == 0, result.stderr
        assert "云岭县" in run("reports").stdout

    def test_what_is_given_belongs_to_one_file(self, run: Run, folder: Path) -> None:
        result = run("index", folder, "--year", "2023")
        assert result.exit_code == 2
        assert "一次只能配一个文件" in result.stderr

    def test_an_archive_goes_in_report_by_report(self, run: Run, tmp_path: Path) -> None:
        source = tmp_path / "两县.zip"
        source.write_bytes(zipped({"云溪县_2024.txt": REPORT, "无名.txt": "新增学位30个。"}))
        result = run("index", source)
        assert result.exit_code == 1
        assert f"wenbao index {source}/无名.txt --region 地区 --year 年份" in result.stderr.replace("\n", "")
        assert "两县.zip/报告.docx" in run("index", source, "--year", "2024").stderr.replace("\n", "")
        assert run("index", source / "无名.txt", "--region", "云岭县", "--year", "2024").exit_code == 0
        assert ids(run) == ["云溪县_2024", "无名"]

    def test_a_copy_and_a_new_version_are_known(self, indexed: Run, folder: Path) -> None:
        copy, revised = folder / "云溪县2024副本.txt", folder.parent / "云溪县_2024_修订.txt"
        copy.write_text(REPORT, encoding="utf-8")
        result = indexed("index", folder)
        assert result.exit_code == 0
        assert "“云溪县_2024”一字不差" in result.stderr
        revised.write_text(REPORT + "改建公厕12座。\n", encoding="utf-8")
        asked = indexed("index", revised)
        assert asked.exit_code == 1
        assert "“云溪县_2024”的另一版" in asked.stderr and "--replace" in asked.stderr
        replaced = indexed("index", revised, "--replace")
        assert replaced.exit_code == 0
        assert "换下了 1 份旧的：云溪县_2024" in replaced.stderr
        assert ids(indexed) == ["云溪县_2024_修订"]

    def test_ctrl_c_leaves_the_index_as_it_was(
        self, indexed: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*arguments: Any, **options: Any) -> Any:
            raise KeyboardInterrupt

        monkeypatch.setattr(HashEmbedder, "encode_document", interrupted)
        (folder / "云岭县_2024.txt").write_text(REPORT.replace("溪", "岭"), encoding="utf-8")
        result = indexed("index", folder)
        assert result.exit_code == 130
        assert "已中断，原有的索引没有改动" in result.stderr
        assert ids(indexed) == ["云溪县_2024"]

    def test_a_full_disk_leaves_the_index_as_it_was(
        self, indexed: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*arguments: Any, **options: Any) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        (folder / "云岭县_2024.txt").write_text(REPORT.replace("溪", "岭"), encoding="utf-8")
        result = indexed("index", folder)
        assert result.exit_code == 1
        assert "磁盘已满" in result.stderr and "原有的索引没有改动" in result.stderr
        assert ids(indexed) == ["云溪县_2024"]

    def test_an_index_of_another_version_says_how_to_rebuild(
        self, indexed: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index.generations, "FORMAT", index.generations.FORMAT + 1)
        for command in (["ask", "新建多少套"], ["index", folder], ["reports"]):
            result = indexed(*command)
            assert result.exit_code == 1
            assert "--rebuild" in result.stderr
        assert indexed("index", folder, "--rebuild").exit_code == 0
        assert ids(indexed) == ["云溪县_2024"]


class TestAsk:
    def test_json_is_the_wire_format_alone(self, indexed: Run) -> None:
        result = indexed("ask", "云溪县2023年新建多少套保障性租赁住房", "--json")
        assert result.exit_code == 0
        answer = json.loads(result.stdout)
        assert set(answer) == {
            "id", "question", "standalone_question", "status", "scope", "text", "claims", "citations", "refusal", "options", "provenance", "comparison",
        }  # fmt: skip
        assert answer["status"] == "answered" and "590套" in answer["text"]
        for citation in answer["citations"]:
            assert citation["quote"] == HOUSING[citation["start"] : citation["end"]]

    def test_people_see_the_answer_and_where_it_stands(self, indexed: Run) -> None:
        shown = indexed("ask", "云溪县2023年新建多少套保障性租赁住房").stdout
        assert "590套" in shown and "[1] 云溪县2024年政府工作报告" in shown and "第 4 段" in shown

    def test_a_refusal_is_an_answer(self, indexed: Run) -> None:
        result = indexed("ask", "云溪县2023年开通了几条地铁", "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["status"] == "refused"

    def test_before_anything_is_indexed(self, run: Run) -> None:
        result = run("ask", "新建多少套", "--json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "还没有索引" in result.stderr and "wenbao index" in result.stderr


def test_search_lists_passages_best_first(indexed: Run) -> None:
    shown = indexed("search", "新增学位", "-k", 1).stdout
    assert "  1. 云溪县2024年政府工作报告 第 5 段" in shown and "新增学位1080个" in shown


class TestReports:
    def test_a_removed_report_is_gone(self, indexed: Run) -> None:
        assert indexed("reports", "remove", "云溪县_2024").exit_code == 0
        assert ids(indexed) == []
        assert "590" not in indexed("ask", "云溪县2023年新建多少套保障性租赁住房", "--json").stdout

    def test_what_was_read_of_each_file_is_told(self, indexed: Run) -> None:
        listing = indexed("reports", "--json")
        assert listing.stdout == indexed("reports", "list", "--json").stdout
        (report,) = json.loads(listing.stdout)["reports"]
        assert (report["id"], report["year"]) == ("云溪县_2024", 2024)
        read = {name: report["parsing"][name] for name in ("pages", "paragraphs", "headings", "figures", "doubtful")}
        assert read == {"pages": None, "paragraphs": 5, "headings": 3, "figures": 6, "doubtful": 0}

    def test_an_unknown_report_cannot_be_removed(self, indexed: Run) -> None:
        result = indexed("reports", "remove", "没有_2024")
        assert result.exit_code == 1
        assert "没有编号为" in result.stderr
        assert ids(indexed) == ["云溪县_2024"]

    def test_a_correction_holds(self, indexed: Run, folder: Path) -> None:
        assert indexed("reports", "correct", "云溪县_2024", "--year", 2023).exit_code == 0
        assert " 2023 " in indexed("reports").stdout
        assert "未变 1 份" in indexed("index", folder).stderr
        assert " 2023 " in indexed("reports").stdout


class TestEval:
    @pytest.fixture
    def cases(self, tmp_path: Path) -> Path:
        path = tmp_path / "cases.jsonl"
        case = {"id": "c1", "type": "number", "question": "云溪县2023年新建多少套保障性租赁住房", "history": [], "reports": ["云溪县_2024"], "answer": "590套", "numbers": ["590套"], "evidence": [{"report": "云溪县_2024", "text": "新建保障性租赁住房590套"}]}  # fmt: skip
        path.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
        return path

    def test_answers_are_written_once_and_scored(self, indexed: Run, cases: Path, tmp_path: Path) -> None:
        out = tmp_path / "answers.jsonl"
        assert indexed("eval", "answer", cases, "--out", out).exit_code == 0
        (line,) = out.read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["id"] == "c1" and json.loads(line)["seconds"] > 0
        assert "沿用以前的 1 题" in indexed("eval", "answer", cases, "--out", out).stderr
        assert "总分（1 题）" in indexed("eval", "score", cases, out).stdout

    def test_hits_are_written_and_scored(self, indexed: Run, cases: Path, tmp_path: Path) -> None:
        out = tmp_path / "hits.jsonl"
        assert indexed("eval", "retrieve", cases, "--out", out, "-k", 5).exit_code == 0
        (line,) = out.read_text(encoding="utf-8").splitlines()
        assert json.loads(line)["hits"][0]["paragraph"] == 4
        assert indexed("eval", "score", cases, out, "--hits").exit_code == 0

    def test_a_bad_line_is_named(self, indexed: Run, tmp_path: Path) -> None:
        bad = tmp_path / "bad.jsonl"
        bad.write_text("{\n", encoding="utf-8")
        result = indexed("eval", "answer", bad, "--out", tmp_path / "out.jsonl")
        assert result.exit_code == 1
        assert "第 1 行不是 JSON" in result.stderr


class TestDoctor:
    def test_all_well(self, indexed: Run) -> None:
        result = indexed("doctor")
        assert result.exit_code == 0, result.stdout
        assert "1 份报告" in result.stdout and "✗" not in result.stdout

    def test_every_setting_is_explained(self, indexed: Run) -> None:
        told = indexed("doctor").stdout
        for name, field in Settings.model_fields.items():
            assert f"设置 {name}：" in told and str(field.description) in told

    def test_a_changed_byte_is_found_and_the_remedy_named(self, indexed: Run, tmp_path: Path) -> None:
        (vectors,) = (tmp_path / "home").rglob("vectors.faiss")
        content = bytearray(vectors.read_bytes())
        content[-1] ^= 1
        vectors.write_bytes(content)
        result = indexed("doctor")
        assert result.exit_code == 1
        assert "被改动过" in result.stdout and "--rebuild" in result.stdout


class TestServe:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.9", "::", "intranet.example"])
    def test_nobody_else_is_served_while_there_is_no_login(self, run: Run, host: str) -> None:
        result = run("serve", "--host", host)
        assert result.exit_code == 1
        assert "必须先打开登录" in result.stderr

    def test_a_busy_port_is_named(self, run: Run) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            result = run("serve", "--port", taken.getsockname()[1])
        assert result.exit_code == 1
        assert "--port" in result.stderr

    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_it_says_where_it_is_answers_and_stops(self, run: Run, tmp_path: Path, stop: signal.Signals) -> None:
        """A process of its own, before anything is indexed."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-c", "from web.cli import app; app()", "serve", "--port", str(port)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, encoding="utf-8", preexec_fn=heed_interrupts
        ) as process:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as response:
                assert json.load(response) == {"status": "ok"}
            process.send_signal(stop)
            assert process.stdout.read() == "已停止。\n"
        assert process.returncode == 0
        assert (tmp_path / "home" / "wenbao.log").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "缺少 QUESTION"),
        (["ask", "问", "--jsn"], "没有 --jsn 这个选项"),
        (["aks", "问"], "没有 aks 这个命令"),
        (["search", "问", "-k", "0"], "-k 的值不对"),
        (["reports", "correct", "甲_2024"], "要更正什么"),
    ],
)
def test_wrong_usage_is_status_two_and_names_the_help(run: Run, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr and "--help" in result.stderr


def test_a_mistake_in_the_settings_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "wenbao.toml").write_text("prot = 1", encoding="utf-8")
    result = run("ask", "问")
    assert result.exit_code == 1
    assert "没有 prot 这一项" in result.stderr


def test_help_loads_nothing_heavy() -> None:
    heavy = ["torch", "gradio", "faiss", "numpy", "pydantic", "jieba"]
    code = f"import sys, web.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_real_ctrl_c(run: Run, tmp_path: Path, folder: Path) -> None:
    """SIGINT to the process itself, while it embeds."""
    code = """
import sys, time
from index.embedders import HashEmbedder
def slow(self, texts, **options):
    print("embedding", flush=True)
    time.sleep(60)
HashEmbedder.encode_document = slow
from web.cli import app
app(["index", *sys.argv[1:]])
"""
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    )
    assert process.stdout is not None and process.stdout.readline() == "embedding\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "已中断" in errors and "Traceback" not in errors
    assert not (home / "index" / "CURRENT").exists()
