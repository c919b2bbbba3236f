"""What an official does on the page, and what must be seen then."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import scripted
from tests.e2e.conftest import contrast, opened
from web.ui import words


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator(".question").last).to_contain_text(question)
    expect(page.locator("#conversation .searching")).to_have_count(0)


def test_a_mark_opens_the_paragraph_with_the_quote_and_its_figure(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    expect(desktop.locator(".answer .text")).to_contain_text("590套")
    desktop.click(".text button.mark >> nth=1")
    expect(desktop.locator("#panel h2")).to_contain_text(scripted.TITLE)
    expect(desktop.locator("#panel .where")).to_contain_text("（三）民生福祉持续改善 › 第 2 段")
    expect(desktop.locator("#panel mark .figure", has_text="1.7万户")).to_be_in_viewport()
    assert "".join(desktop.locator("#panel mark").all_inner_texts()) == "改造老旧小区36个，惠及居民1.7万户"


def test_beside_the_answer_the_first_source_opens_by_itself(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    expect(desktop.locator("#panel mark .figure").first).to_have_text("590套")
    expect(desktop.locator("#question")).to_be_focused()


def test_an_example_asks_itself(desktop: Page) -> None:
    desktop.click(f"text={scripted.HOUSING}")
    expect(desktop.locator("[data-answer]")).to_contain_text("590套")


def test_report_text_is_text(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    expect(desktop.locator("#panel .cited")).to_have_text(scripted.PARAGRAPHS[1])


def test_a_refusal_names_what_there_is_and_cites_nothing(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    ask(desktop, "2022年新增多少学位")
    refusal = desktop.locator(".answer.refused")
    expect(refusal.locator("h3")).to_have_text(words.REFUSED["other_period"])
    expect(refusal.locator("ol.sources")).to_have_count(0)
    expect(desktop.locator("#panel .hint")).to_be_visible()
    refusal.locator(".nearest button").click()
    expect(desktop.locator("#panel .badge")).to_have_text(words.NEAREST_BADGE)
    expect(desktop.locator("#panel mark")).to_have_text("新增学位1080个")


def test_asked_back_one_click_answers(desktop: Page) -> None:
    ask(desktop, "新增多少？")
    desktop.click(f".clarify .choice >> text={scripted.HOUSING}")
    expect(desktop.locator(".answer.answered")).to_contain_text("590套")
    expect(desktop.locator(".exchange")).to_have_count(2)


@pytest.mark.parametrize(("question", "message"), [("坏", "索引文件不完整"), ("崩", "程序出错了")])
def test_what_goes_wrong_is_said_without_inner_details(desktop: Page, question: str, message: str) -> None:
    ask(desktop, question)
    error = desktop.locator(".answer.error")
    expect(error).to_contain_text(message)
    expect(error).not_to_contain_text("内部细节")
    ask(desktop, scripted.HOUSING)
    expect(desktop.locator(".answer.answered")).to_be_visible()


def test_a_question_that_is_too_long_cannot_be_typed(desktop: Page) -> None:
    desktop.locator("#question").press_sequentially("问" * 3)
    assert desktop.locator("#question").get_attribute("maxlength") == "500"


def test_what_is_copied_carries_its_place(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    desktop.click(f".answer >> text={words.COPY_QUOTES}")
    expect(desktop.locator(".answer footer")).to_contain_text(words.COPIED)
    copied = desktop.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“全年新建保障性租赁住房590套，建成640套”——云溪县2024年政府工作报告")


def test_by_keyboard_alone(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    mark = desktop.locator(".text button.mark").nth(1)
    mark.focus()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#panel mark").first).to_contain_text("改造老旧小区")
    expect(desktop.locator("#panel .panel")).to_be_focused()
    desktop.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_enter_in_an_input_method_does_not_send(desktop: Page) -> None:
    desktop.fill("#question", "zujin")
    desktop.locator("#question").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    desktop.keyboard.press("Shift+Enter")
    expect(desktop.locator(".exchange")).to_have_count(0)


def test_sent_twice_in_a_hurry_it_is_asked_once(desktop: Page, at_work: scripted.ScriptedAssistant) -> None:
    before = len(at_work.asked)
    desktop.fill("#question", scripted.HOUSING)
    for _ in range(3):
        desktop.locator("#composer .send").dispatch_event("click")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".answer.answered")).to_have_count(1)
    desktop.wait_for_timeout(300)
    expect(desktop.locator(".exchange")).to_have_count(1)
    assert len(at_work.asked) == before + 1


def test_the_next_question_of_a_conversation_ends_the_one_before_in_another_window(
    desktop: Page, at_work: scripted.ScriptedAssistant
) -> None:
    ask(desktop, scripted.HOUSING)
    expect(desktop.locator(".answer.answered")).to_have_count(1)
    other = desktop.context.new_page()
    other.goto(desktop.url)
    expect(other.locator(".answer.answered")).to_have_count(1)
    ended = at_work.ended
    desktop.fill("#question", "慢")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".pending .text")).to_contain_text("590套")
    ask(other, scripted.HOUSING)
    expect(other.locator(".answer.answered")).to_have_count(2)
    expect(desktop.locator(".pending")).to_have_count(0)
    assert at_work.ended == ended + 1


def test_a_new_chat_starts_afresh(desktop: Page) -> None:
    ask(desktop, scripted.HOUSING)
    desktop.click(f"text={words.NEW_CHAT}")
    expect(desktop.locator(".welcome")).to_be_visible()
    expect(desktop.locator("#panel .hint")).to_be_visible()


def test_on_a_phone_the_source_is_a_sheet_that_closes(phone: Page) -> None:
    ask(phone, scripted.HOUSING)
    expect(phone.locator("#panel .panel")).not_to_be_visible()
    phone.tap(".text button.mark >> nth=0")
    expect(phone.locator("#panel mark .figure").first).to_be_in_viewport()
    phone.tap("#panel .close")
    expect(phone.locator("#panel .panel")).not_to_be_visible()


def test_nothing_is_wider_than_a_phone(phone: Page) -> None:
    ask(phone, scripted.HOUSING)
    ask(phone, "2022年新增多少学位")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_before_anything_is_indexed_the_page_says_how(browser: Browser, empty_address: str) -> None:
    with opened(browser, empty_address) as page:
        expect(page.locator(".welcome h2")).to_have_text(words.EMPTY)
        expect(page.locator(".command code")).to_have_text(words.EMPTY_COMMAND)
        ask(page, "新建多少")
        expect(page.locator(".answer.error")).to_contain_text("还没有索引")


def test_the_figure_that_is_asked_and_not_its_neighbour(browser: Browser, samples_address: str) -> None:
    """The question that the project started from, on the real report in our own words."""
    with opened(browser, samples_address) as page:
        ask(page, "鲤城区新建多少保障性租赁住房")
        claim = page.locator(".answer.answered .text p").first
        expect(claim.locator(".figure").first).to_have_text("590套")
        page.locator(".text button.mark").first.click()
        expect(page.locator("#panel mark .figure", has_text="590套")).to_be_in_viewport()
        expect(page.locator("#panel h2")).to_contain_text("鲤城区2023年政府工作报告")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(browser: Browser, address: str, scheme: str) -> None:
    with opened(browser, address, color_scheme=scheme) as page:
        ask(page, "2022年新增多少学位")
        ask(page, scripted.HOUSING)
        for part in (
            ".answer .text",
            ".answer .figure",
            ".source .where",
            ".scope",
            ".refused h3",
            ".checked",
            ".cited",
            ".cited mark",
            ".neighbour",
        ):
            assert contrast(page, part) >= 4.5, part
