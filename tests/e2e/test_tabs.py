"""The tabs beside 问答, over sample reports and a library of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, Page, expect

from index.building import update
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests import scripted
from tests.e2e.conftest import SAMPLES, contrast, opened, served
from tests.e2e.test_page import ask
from web.api import build_web
from web.desk import open_desk
from web.ui import words

LOADED = ("云岭区_2022.txt", "云岭区_2023.txt", "云岭区_2024.txt", "青禾县_2024.txt")
UPLOADED = SAMPLES / "鲤城区_2023.txt"
UPLOADED_TITLE = "鲤城区2023年政府工作报告"
TABS = [tab for tab in words.TABS if tab != "ask"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose reports may be changed."""
    home, embedder = tmp_path_factory.mktemp("library"), HashEmbedder()
    update(home, [SAMPLES / name for name in LOADED], embedder)
    settings = Settings(home=home)
    with served(build_web(open_desk(settings, embedder), settings)) as url:
        yield url


@pytest.fixture
def page(browser: Browser, library: str) -> Iterator[Page]:
    with opened(browser, library, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


def turn_to(page: Page, tab: str) -> None:
    page.click(f"#masthead [data-tab={tab}]")
    marker = {
        "summary": "#summarizing form",
        "compare": "#comparing form",
        "reports": ".library",
        "about": ".about",
    }[tab]
    page.wait_for_selector(marker)


def summarize(page: Page) -> None:
    page.click("#summarizing .send")
    page.wait_for_selector("[data-summary]")


def compare(page: Page, question: str) -> None:
    page.fill("#comparing [name=question]", question)
    page.keyboard.press("Enter")
    expect(page.locator("[data-comparison]")).to_be_visible()


class TestAsking:
    def test_a_scope_that_is_chosen_before_changes_the_answer(self, page: Page) -> None:
        page.click("#scope summary")
        page.check("#scope [value=青禾县]")
        page.keyboard.press("Escape")
        ask(page, "2023年地区生产总值是多少")
        expect(page.locator(".answered .lead .figure").first).to_have_text("187.6亿元")
        page.click("#scope .chips button")
        page.click("#scope summary")
        page.check("#scope [value=云岭区]")
        page.keyboard.press("Escape")
        ask(page, "2023年地区生产总值是多少")
        expect(page.locator(".answered .lead .figure").last).to_have_text("322.5亿元")
        expect(page.locator(".question .limits").last).to_contain_text("云岭区")

    def test_a_conversation_survives_a_reload(self, page: Page) -> None:
        ask(page, "青禾县2023年地区生产总值")
        page.reload()
        expect(page.locator(".answered")).to_contain_text("187.6亿元")
        expect(page.locator("#rail [aria-current]")).to_have_text("青禾县2023年地区生产总值")
        page.click(".text button.mark >> nth=0")
        expect(page.locator("#panel mark .figure").first).to_have_text("187.6亿元")

    def test_from_a_source_to_its_place_in_the_report(self, page: Page) -> None:
        ask(page, "青禾县2023年地区生产总值")
        page.click(f"#panel >> text={words.READ_ON}")
        expect(page.locator(".reader .there")).to_contain_text("187.6亿元")
        expect(page.locator(".reader .there")).to_be_in_viewport()

    def test_what_can_be_set_side_by_side_leads_to_its_table(self, page: Page) -> None:
        ask(page, "云岭区这几年的地区生产总值")
        page.click(f".answered >> text={words.IN_TABLE}")
        expect(page.locator("[data-comparison] tbody tr")).to_have_count(3)

    def test_an_answer_is_judged_with_a_reason(self, page: Page) -> None:
        ask(page, "青禾县2023年地区生产总值")
        page.click("[data-verdict=down]")
        page.click(f".reasons >> text={words.REASONS['wrong_figure']}")
        page.click(f".reasons >> text={words.SEND}")
        expect(page.locator(".said")).to_have_text(words.THANKS)
        expect(page.locator("[data-verdict=down]")).to_have_attribute("aria-pressed", "true")
        told = page.evaluate("fetch('api/feedback').then(response => response.json())")["feedback"]
        assert (told[0]["verdict"], told[0]["reason"]) == ("down", "wrong_figure")


class TestExporting:
    def test_an_answer(self, page: Page) -> None:
        ask(page, "青禾县2023年地区生产总值")
        assert "187.6亿元" in exported(page, ".answered")

    def test_a_summary(self, page: Page) -> None:
        turn_to(page, "summary")
        summarize(page)
        assert "城镇新增就业" in exported(page, "#summary")

    def test_a_comparison(self, page: Page) -> None:
        turn_to(page, "compare")
        compare(page, "云岭区历年地区生产总值")
        assert "+20.8亿元" in exported(page, "#comparison")


def exported(page: Page, where: str) -> str:
    """What a file that is asked for in a part of the page says."""
    page.click(f"{where} .export summary")
    with page.expect_download() as download:
        page.click(f"{where} [data-export=markdown]")
    assert download.value.suggested_filename.endswith(".md")
    return download.value.path().read_text(encoding="utf-8")


def soon(happens: Callable[[], bool]) -> bool:
    """Whether something comes about within a few seconds."""
    until = monotonic() + 5
    while not happens() and monotonic() < until:
        sleep(0.05)
    return happens()


class TestStopping:
    def test_an_answer(self, desktop: Page) -> None:
        desktop.fill("#question", "慢")
        desktop.keyboard.press("Enter")
        expect(desktop.locator(".pending .text")).to_contain_text("590套")
        desktop.click("#composer .stop")
        expect(desktop.locator(".answer.stopped")).to_contain_text(words.STOPPED)
        expect(desktop.locator("#composer .send")).to_be_visible()

    def test_a_question_close_behind_one_that_was_stopped_is_answered(self, desktop: Page) -> None:
        for number in range(1, 4):
            desktop.fill("#question", "慢")
            desktop.keyboard.press("Enter")
            expect(desktop.locator(".pending .text")).to_contain_text("590套")
            desktop.click("#composer .stop")
            expect(desktop.locator("#composer .send")).to_be_visible()
            ask(desktop, scripted.HOUSING)
            expect(desktop.locator(".answer.answered")).to_have_count(number)
            expect(desktop.locator(".answer.stopped")).to_have_count(number)

    def test_turning_to_a_new_conversation_ends_the_answer_of_the_old_one(
        self, desktop: Page, at_work: scripted.ScriptedAssistant
    ) -> None:
        before = at_work.ended
        desktop.fill("#question", "慢")
        desktop.keyboard.press("Enter")
        expect(desktop.locator(".pending .text")).to_contain_text("590套")
        desktop.click(f"text={words.NEW_CHAT}")
        ask(desktop, scripted.HOUSING)
        expect(desktop.locator(".exchange")).to_have_count(1)
        assert soon(lambda: at_work.ended > before)

    @pytest.mark.parametrize("tab", ["summary", "compare"])
    def test_the_work_behind_a_tab(self, desktop: Page, at_work: scripted.ScriptedAssistant, tab: str) -> None:
        before, part = at_work.ended, {"summary": "#summarizing", "compare": "#comparing"}[tab]
        turn_to(desktop, tab)
        if tab == "compare":
            desktop.fill("#comparing [name=question]", "慢")
        desktop.click(f"{part} .send")
        expect(desktop.locator("progress").first).to_be_visible()
        desktop.click(f"{part} .stop")
        expect(desktop.locator(f"{part} .send")).to_be_visible()
        assert soon(lambda: at_work.ended > before)
        expect(desktop.locator(".halted").locator("visible=true")).to_have_count(1)

    def test_a_summary_that_shows_how_far_it_is(self, desktop: Page) -> None:
        turn_to(desktop, "summary")
        desktop.click("#summarizing .send")
        expect(desktop.locator("#summary .searching")).to_contain_text("共 200 节")
        desktop.click("#summarizing .stop")
        expect(desktop.locator("#summary .halted")).to_have_text(words.SUMMARY_STOPPED)
        expect(desktop.locator("#summary .text")).to_contain_text("590套")
        expect(desktop.locator("#summarizing .send")).to_be_visible()


class TestSummaries:
    def test_each_claim_opens_its_source_and_what_is_left_out_is_one_click_away(self, page: Page) -> None:
        turn_to(page, "summary")
        summarize(page)
        mark = page.locator("#summary .text button.mark").nth(1)
        mark.click()
        expect(page.locator("#panel mark .figure").first).to_be_in_viewport()
        page.click("#summary .left-out > summary")
        page.locator("#summary .left-out .source").first.click()
        expect(page.locator("#panel .badge")).to_have_count(0)
        expect(page.locator("#panel mark").first).to_be_visible()

    def test_a_theme_in_three_sentences(self, page: Page) -> None:
        turn_to(page, "summary")
        page.check("#summarizing [value=topic]", force=True)
        page.fill("#summarizing [name=topic]", "就业")
        page.check("#summarizing [value=brief]", force=True)
        summarize(page)
        expect(page.locator("#summary")).to_contain_text("城镇新增就业")

    def test_a_report_is_found_by_its_place_among_many(self, browser: Browser, samples_address: str) -> None:
        with opened(browser, samples_address) as page:
            turn_to(page, "summary")
            page.fill("#summarizing .report-finder", "云岭 2023")
            expect(page.locator("#summarizing [name=report]")).to_have_value("云岭区_2023")
            assert page.locator("#summarizing [name=report] optgroup option:enabled").count() == 1
            page.fill("#summarizing .report-finder", "没有这个地方")
            page.click("#summarizing .send")
            expect(page.locator("#summary .start")).to_be_visible()
            page.fill("#summarizing .report-finder", "")
            labels = page.locator("#summarizing [name=report] optgroup").evaluate_all(
                "all => all.map(one => one.label)"
            )
            assert labels == ["2024 年", "2023 年", "2022 年"]

    def test_a_section(self, page: Page) -> None:
        turn_to(page, "summary")
        page.check("#summarizing [value=section]", force=True)
        heading = "二、2024年工作安排"
        page.select_option("#summarizing [name=report]", "云岭区_2024")
        page.select_option("#summarizing [name=section]", heading)
        summarize(page)
        expect(page.locator("#summary")).to_contain_text(heading)

    def test_it_survives_a_reload(self, page: Page) -> None:
        turn_to(page, "summary")
        summarize(page)
        page.reload()
        expect(page.locator("[data-summary]")).to_be_visible()


class TestComparisons:
    def test_years_in_a_table_with_their_sources_and_a_chart(self, page: Page) -> None:
        turn_to(page, "compare")
        compare(page, "云岭区历年地区生产总值")
        expect(page.locator("[data-comparison] tbody tr")).to_have_count(3)
        expect(page.locator(".change").nth(1)).to_have_text("+15.3亿元")
        expect(page.locator(".chart svg[role=img]")).to_be_visible()
        page.click("[data-comparison] tbody tr:nth-child(3) button.mark")
        expect(page.locator("#panel mark .figure")).to_have_text("322.5亿元")

    def test_places_chosen_by_hand(self, page: Page) -> None:
        turn_to(page, "compare")
        page.fill("#comparing [name=others]", "城镇新增就业")
        for value in ("云岭区", "青禾县", "2023"):
            page.check(f"#comparing [value='{value}']", force=True)
        page.click("#comparing .send")
        expect(page.locator("[data-comparison] tbody")).to_contain_text("5986人")
        expect(page.locator("[data-comparison] tbody")).to_contain_text("3420人")
        page.click(f"[data-comparison] >> text={words.COPY} >> nth=0")
        assert "云岭区\t5986人" in page.evaluate("navigator.clipboard.readText()")

    def test_what_cannot_be_compared_is_refused(self, page: Page) -> None:
        turn_to(page, "compare")
        page.fill("#comparing [name=question]", "云岭区和青禾县2023年火箭发射次数")
        page.keyboard.press("Enter")
        expect(page.locator("#comparison .refused")).to_be_visible()


class TestReports:
    def test_uploaded_asked_corrected_deleted_refused(self, page: Page) -> None:
        question = "鲤城区新建多少保障性租赁住房"
        turn_to(page, "reports")
        page.set_input_files(".upload [type=file]", UPLOADED)
        expect(page.locator(".outcome")).to_contain_text("鲤城区_2023")
        row = page.locator("[data-report=鲤城区_2023]")
        expect(row.locator(".quality")).to_contain_text("64 个数字")

        turn_to_ask(page)
        ask(page, question)
        expect(page.locator(".answered .lead .figure").last).to_have_text("590套")

        turn_to(page, "reports")
        row.locator("[data-correct]").click()
        page.fill(".correcting [name=title]", "更正过的标题")
        page.click(".correcting [type=submit]")
        expect(row).to_contain_text("更正过的标题")

        row.locator("[data-remove]").click()
        page.click(".confirm .danger")
        expect(row).to_have_count(0)
        turn_to_ask(page)
        ask(page, question)
        expect(page.locator(".exchange").last.locator(".refused")).to_be_visible()
        expect(page.locator(".exchange").last).not_to_contain_text("590")

    def test_what_cannot_be_read_is_named_with_the_reason(self, page: Page) -> None:
        turn_to(page, "reports")
        page.set_input_files(".upload [type=file]", {"name": "坏.docx", "mimeType": "", "buffer": b"PK broken"})
        expect(page.locator(".outcome")).to_contain_text("坏.docx")
        expect(page.locator(".outcome h3")).to_have_text(words.NOT_ADDED)

    def test_a_file_is_dropped_on_the_page(self, page: Page) -> None:
        turn_to(page, "reports")
        dropped = page.evaluate_handle(
            "() => { const data = new DataTransfer(); data.items.add(new File(['没有内容'], '无名.txt')); return data; }"
        )
        page.dispatch_event(".upload", "drop", {"dataTransfer": dropped})
        expect(page.locator(".outcome")).to_contain_text("无名.txt")

    def test_who_may_see_a_report_is_set_and_shown(self, page: Page) -> None:
        turn_to(page, "reports")
        row = page.locator("[data-report=青禾县_2024]")
        expect(row.locator(".seen")).to_have_text(words.EVERYBODY)
        for seen, shown in (("groups", "住建局、财政局"), ("all", words.EVERYBODY)):
            row.locator("[data-correct]").click()
            page.check(f".correcting [value={seen}]")
            page.fill(".correcting [name=groups]", "住建局、财政局")
            page.click(".correcting [type=submit]")
            expect(row.locator(".seen")).to_contain_text(shown.split("、")[0])

    def test_the_list_is_narrowed_by_typing(self, page: Page) -> None:
        turn_to(page, "reports")
        page.fill(".finder input", "云岭 2024")
        expect(page.locator(".finder .count")).to_have_text(words.REPORT_COUNT.format(count=1))
        expect(page.locator(".listing tbody tr:visible")).to_have_count(1)

    def test_a_report_is_read_by_its_headings_and_searched(self, page: Page) -> None:
        turn_to(page, "reports")
        page.click("[data-report=云岭区_2024] .name a")
        page.click(".contents a >> text=二、2024年工作安排")
        expect(page.locator(".body h3", has_text="二、2024年工作安排")).to_be_in_viewport()
        page.fill(".seek input", "老旧小区")
        expect(page.locator(".seek .count")).to_contain_text("第 1 处")
        page.keyboard.press("Enter")
        expect(page.locator(".seek .count")).to_contain_text("第 2 处")
        expect(page.locator(".body mark.current")).to_be_in_viewport()

    def test_one_report_alone_is_asked(self, page: Page) -> None:
        turn_to(page, "reports")
        page.click("[data-report=青禾县_2024] .name a")
        page.click(f"text={words.ASK_THIS}")
        ask(page, "地区生产总值是多少")
        expect(page.locator(".answered .lead .figure").first).to_have_text("187.6亿元")


def turn_to_ask(page: Page) -> None:
    page.click("#masthead [data-tab=ask]")
    expect(page.locator("#question")).to_be_visible()


def test_what_answers_are_made_of_is_said(page: Page) -> None:
    turn_to(page, "about")
    expect(page.locator(".about")).to_contain_text(words.EXTRACTIVE)
    expect(page.locator(".about")).to_contain_text("4 份报告")


def test_every_tab_fits_a_phone(browser: Browser, library: str) -> None:
    with opened(browser, library, viewport={"width": 390, "height": 844}, has_touch=True) as phone:
        for tab in TABS:
            turn_to(phone, tab)
            if tab == "summary":
                summarize(phone)
                phone.tap("#summary button.mark >> nth=0")
                expect(phone.locator("#panel mark .figure").first).to_be_in_viewport()
                phone.tap("#panel .close")
            if tab == "compare":
                compare(phone, "云岭区历年地区生产总值")
                expect(phone.locator("[data-comparison] h2")).to_be_in_viewport()
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, tab


def test_the_tabs_are_reached_and_worked_by_keyboard(page: Page) -> None:
    page.locator("#masthead [data-tab=summary]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#summarizing form")
    page.locator("#summarizing [name=kind]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#summarizing [value=section]")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    expect(page.locator("#summarizing [name=report]")).to_be_focused()
    page.locator("#summarizing .send").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-summary]")
    mark = page.locator("#summary button.mark").nth(1)
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel .panel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tab_can_be_read_in_light_and_dark(browser: Browser, library: str, scheme: str) -> None:
    with opened(browser, library, color_scheme=scheme) as page:
        turn_to(page, "summary")
        summarize(page)
        parts = ["#summary .figure", "#summary h3", ".coverage", ".left-out summary", "#summarizing legend"]
        assert_readable(page, parts)
        turn_to(page, "compare")
        compare(page, "地区生产总值")
        assert_readable(page, ["#comparison td .figure", "#comparison thead th", "#comparing summary"])
        turn_to(page, "reports")
        assert_readable(page, [".listing .name a", ".quality summary", ".drop label", ".upload .hint", ".count"])
        turn_to(page, "about")
        assert_readable(page, [".about dd", ".about dt", ".sample .figure"])


def assert_readable(page: Page, parts: list[str]) -> None:
    for part in parts:
        assert contrast(page, part) >= 4.5, part
