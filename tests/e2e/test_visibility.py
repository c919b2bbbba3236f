"""Two people whose groups see different reports: nothing on the page of one tells of what the other alone may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from index.building import update
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests.e2e.conftest import SAMPLES, served
from web.api import build_web
from web.desk import open_desk

HIDDEN, PLACE = "青禾县_2024", "青禾县"
QUESTION = "青禾县2023年地区生产总值是多少"
PASSWORD = "correct horse 1"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The samples behind a login; one report is for a group that zhang is in and li is not."""
    home, embedder = tmp_path_factory.mktemp("home"), HashEmbedder()
    update(home, [SAMPLES], embedder)
    settings = Settings(home=home, auth=True)
    desk = open_desk(settings, embedder)
    desk.accounts.put_user("zhang", PASSWORD, "reader", ["青禾组"])
    desk.accounts.put_user("li", PASSWORD, "reader")
    desk.accounts.show_to([HIDDEN], ["青禾组"])
    with served(build_web(desk, settings)) as url:
        yield url


def signed_in(browser: Browser, url: str, name: str) -> Page:
    page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(url)
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".welcome")
    return page


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator(".question").last).to_contain_text(question)
    expect(page.locator(".searching")).to_have_count(0)


def test_who_may_see_it_is_answered_from_it(browser: Browser, guarded: str) -> None:
    page = signed_in(browser, guarded, "zhang")
    assert PLACE in page.content()
    ask(page, QUESTION)
    expect(page.locator(".text button.mark").first).to_be_visible()
    page.context.close()


def test_to_who_may_not_it_does_not_exist(browser: Browser, guarded: str) -> None:
    page = signed_in(browser, guarded, "li")
    assert PLACE not in page.content()  # neither in choices nor in examples
    ask(page, QUESTION)
    refused = page.locator(".answer.refused").last
    expect(refused).to_be_visible()
    assert HIDDEN not in page.content() and "青禾县2024年政府工作报告" not in page.content()
    page.click("#rail .new")  # where the place that was asked about is no longer the one meant
    expect(page.locator(".question")).to_have_count(0)
    ask(page, "2023年地区生产总值是多少")
    expect(page.locator(".searching")).to_have_count(0)
    assert PLACE not in page.locator(".answer, .clarify").last.inner_text()
    page.context.close()
