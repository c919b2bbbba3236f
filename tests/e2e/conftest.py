"""The page in a real browser: Debian's or anybody's chromium, which may speak to this machine only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request, sync_playwright

from index.building import update
from index.embedders import HashEmbedder
from index.errors import IndexMissing
from rag.assistant import Assistant
from rag.settings import Settings
from tests import scripted
from web.api import build_web
from web.desk import open_desk

SAMPLES = Path(__file__).parent.parent.parent / "samples"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium here: apt-get install chromium, then run again"))


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The address at which an application is served while the block runs; port 0 is any that is free."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", proxy_headers=False))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 30
    while not server.started and monotonic() < until:
        sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def at_work() -> scripted.ScriptedAssistant:
    """The assistant that answers at `address`."""
    return scripted.ScriptedAssistant()


@pytest.fixture(scope="session")
def address(at_work: scripted.ScriptedAssistant) -> Iterator[str]:
    """A page over scripted answers."""
    with served(build_web(scripted.desk(at_work), Settings())) as url:
        yield url


@pytest.fixture(scope="session")
def empty_address() -> Iterator[str]:
    """A page before anything is indexed."""

    def open_assistant() -> Assistant:
        raise IndexMissing("还没有索引")

    with served(build_web(scripted.seated(open_assistant), Settings())) as url:
        yield url


@pytest.fixture(scope="session")
def samples_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over the sample reports, answered for real; only the embedding model is a test double."""
    home, embedder = tmp_path_factory.mktemp("home"), HashEmbedder()
    update(home, [SAMPLES], embedder)
    settings = Settings(home=home)
    with served(build_web(open_desk(settings, embedder), settings)) as url:
        yield url


# Not for longer than a module: while Playwright is open its event loop is, and nothing else can run one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own; that it asked another host or broke a script is an error at the end."""
    as_usual: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
    context = browser.new_context(**{**as_usual, **options})
    context.set_default_timeout(20_000)
    outside: list[str] = []
    broken: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((url, "data:", "blob:")):
            outside.append(request.url)

    context.on("request", note)
    page = context.new_page()
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(url)
    page.wait_for_selector(".welcome")
    yield page
    context.close()
    assert outside == [] and broken == []


@pytest.fixture
def desktop(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        yield page


def contrast(page: Page, selector: str) -> float:
    """The contrast ratio of WCAG 2.2 between an element's text and the nearest ground behind it."""
    ink, ground = page.locator(selector).first.evaluate(
        """element => {
            const paints = of => getComputedStyle(of).backgroundColor;
            let behind = element;
            while (/^rgba\\(.*, 0\\)$|^transparent$/.test(paints(behind))) behind = behind.parentElement;
            return [getComputedStyle(element).color, paints(behind)];
        }"""
    )
    lights = sorted(map(luminance, (ink, ground)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    channels = [int(value) / 255 for value in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
