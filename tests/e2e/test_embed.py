"""问报 on another site's page: through a real nginx under a path, and from an origin that is listed or is not."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.responses import HTMLResponse

from index.building import update
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests.e2e.conftest import SAMPLES, served
from web.api import build_web
from web.desk import Desk, open_desk

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
QUESTION = "2023年新建改建农村公路多少公里"
PASSWORD = "correct horse 1"

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here: apt-get install nginx-light, then run again")


class Site(NamedTuple):
    """Addresses: 问报 as nginx gives it, the same past nginx, a listed page, one that is not; and a key."""

    inside: str
    direct: str
    listed: str
    stranger: str
    key: str
    desk: Desk


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def proxied(folder: Path, direct: str) -> Iterator[str]:
    """`deploy/nginx.conf` before a server; whoever sends the header X-Test-User is signed in as that user."""
    port = free_port()
    places = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("http://127.0.0.1:7860/", direct)
    places = places.replace('X-Remote-User ""', "X-Remote-User $http_x_test_user")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port};\n{places}\n}} }}\n",
        encoding="utf-8",
    )
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-e", f"{folder}/start.log", "-c", str(folder / "nginx.conf")])
    try:
        until = monotonic() + 20
        while monotonic() < until:
            try:
                httpx.get(f"http://127.0.0.1:{port}/wenbao/healthz").raise_for_status()
                break
            except httpx.HTTPError:
                sleep(0.05)
        yield f"http://127.0.0.1:{port}/wenbao/"
    finally:
        process.terminate()
        process.wait(timeout=10)


def intranet(inside: str, ticket: str) -> FastAPI:
    """Another site: the sample page as somebody would adapt it, and one with the iframe alone."""
    app = FastAPI()

    @app.get("/button")
    def button() -> HTMLResponse:
        page = (DEPLOY / "intranet.html").read_text(encoding="utf-8")
        page = page.replace("https://portal.example.gov.cn/wenbao/", inside)
        given = f'data-token="{ticket}"' if ticket else ""
        return HTMLResponse(page.replace('data-token="通行证"', given))

    @app.get("/frame")
    def frame() -> HTMLResponse:
        return HTMLResponse(
            f'<iframe src="{inside}embed?region=云岭区&year=2024#token={ticket}" width=400 height=600></iframe>'
        )

    return app


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home, embedder = tmp_path_factory.mktemp("home"), HashEmbedder()
    update(home, [SAMPLES], embedder)
    listed, strange = free_port(), free_port()
    settings = Settings(
        home=home,
        auth=True,
        root_path="/wenbao",
        trusted_proxies=("127.0.0.1",),
        sso_header="X-Remote-User",
        embed_origins=(f"http://127.0.0.1:{listed}",),
    )
    desk = open_desk(settings, embedder)
    desk.accounts.put_user("zhang", PASSWORD, "reader")
    key = desk.accounts.make_key("intranet", "reader")
    with (
        served(build_web(desk, settings)) as direct,
        proxied(tmp_path_factory.mktemp("nginx"), direct) as inside,
    ):
        asked = httpx.post(f"{inside}api/tickets", json={"name": "李四", "minutes": 5}, headers={"x-api-key": key})
        ticket = asked.json()["ticket"]
        pages = intranet(inside, ticket)
        with served(pages, listed) as allowed, served(pages, strange) as stranger:
            yield Site(inside, direct, allowed, stranger, key, desk)


@contextmanager
def visiting(browser: Browser, url: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what its console complained of; that any cookie was set for it is an error at the end."""
    context = browser.new_context(locale="zh-CN", **options)
    context.set_default_timeout(20_000)
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto(url)
    yield page, said
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_listed_page_opens_the_panel_asks_in_its_scope_and_shows_the_source(
    browser: Browser, site: Site, width: int
) -> None:
    with visiting(browser, f"{site.listed}button", viewport={"width": width, "height": 800}) as (page, said):
        page.get_by_role("button", name="问报").click()
        panel = page.frame_locator("iframe[title=问报]")
        expect(panel.locator("#scope")).to_have_text("云岭区 · 2024年报告")
        panel.locator("#question").fill(QUESTION)
        panel.locator("#question").press("Enter")
        panel.locator("button.mark").first.click()
        expect(panel.locator(".source mark").first).to_have_text("全年新建改建农村公路46公里")
        expect(panel.locator(".source cite").first).to_contain_text("云岭区2024年政府工作报告")
        panel.locator("#question").fill("青禾县2023年地区生产总值是多少")
        panel.locator("#send").click()
        expect(panel.locator(".answer").last.locator(".refused").first).to_be_visible()
        expect(panel.locator(".answer").last.locator("button.mark")).to_have_count(0)
        page.keyboard.press("Escape")
        assert not [line for line in said if "Refused" in line or "violates" in line]
    latest = site.desk.journal.asks(limit=1)[0]
    assert (latest["channel"], latest["visitor"]) == ("embed", "李四")


def test_a_page_that_is_not_listed_gets_an_empty_frame(browser: Browser, site: Site) -> None:
    with visiting(browser, f"{site.stranger}frame") as (page, said):
        page.wait_for_timeout(500)
        assert any("frame-ancestors" in line for line in said)
        assert page.frames[1].url.startswith("chrome-error://")


def test_a_script_of_a_page_may_ask_only_from_a_listed_origin(browser: Browser, site: Site) -> None:
    code = """async ([url, key]) => {
        try {
            const response = await fetch(url + 'api/ask', {method: 'POST', body: JSON.stringify({question: '云岭区2023年地区生产总值'}),
                headers: {'content-type': 'application/json', authorization: 'Bearer ' + key}})
            return response.status
        } catch (error) { return String(error) }
    }"""
    for origin, told in ((site.listed, 200), (site.stranger, "TypeError: Failed to fetch")):
        with visiting(browser, f"{origin}docs") as (page, _):
            assert page.evaluate(code, [site.inside, site.key]) == told


def test_the_proxy_can_say_who_asks_without_ticket_or_cookie(browser: Browser, site: Site) -> None:
    options = {"extra_http_headers": {"X-Test-User": "wang"}}
    with visiting(browser, f"{site.inside}embed?region=云岭区", **options) as (page, _):
        page.fill("#question", QUESTION)
        page.click("#send")
        expect(page.locator("button.mark").first).to_be_visible()
    assert site.desk.journal.asks(limit=1)[0]["visitor"] == "wang"


def test_the_page_works_under_the_path(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="zh-CN")
    outside: list[str] = []
    context.on(
        "request",
        lambda request: (
            None if request.url.startswith((site.inside, "data:", "blob:")) else outside.append(request.url)
        ),
    )
    page = context.new_page()
    page.goto(site.inside)
    assert page.url.startswith(f"{site.inside}login")
    page.fill("[name=name]", "zhang")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".welcome")
    page.fill("#question", f"云岭区{QUESTION}")
    page.keyboard.press("Enter")
    page.locator(".text button.mark").first.click()
    expect(page.locator("#panel mark .figure").first).to_contain_text("46公里")
    assert context.cookies()[0]["path"] == "/wenbao" and outside == []
    context.close()


def test_events_come_through_the_proxy_and_a_forged_user_does_not(site: Site) -> None:
    sent = {"accept": "text/event-stream", "x-api-key": site.key}
    with httpx.stream(
        "POST", f"{site.inside}api/ask", json={"question": f"云岭区{QUESTION}"}, headers=sent
    ) as response:
        names = re.findall(r"^event: (\w+)$", response.read().decode(), re.MULTILINE)
        assert names[0] == "claim" and names[-1] == "answer"
    assert httpx.get(f"{site.inside}api/reports", headers={"X-Remote-User": "boss"}).status_code == 401
    assert httpx.get(f"{site.inside[:-1]}", follow_redirects=False).headers["location"].endswith("/wenbao/")
