"""Who gets in, as whom, and what stays hidden from them: with a login, behind a proxy, from another site's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from index.building import update
from index.embedders import HashEmbedder
from index.errors import SettingsError
from rag.settings import Settings
from tests import scripted
from tests.rag_world import SAMPLES
from web.accounts import Accounts, Visitor
from web.api import build_web
from web.auth import require_auth
from web.desk import Desk, open_desk
from web.errors import AccountError
from web.records import Records

PASSWORD = "correct horse 1"
HIDDEN = "青禾县_2024"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    update(folder, [SAMPLES], HashEmbedder())
    return folder


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Desk]:
    made = open_desk(Settings(home=home, asks_per_minute=0), HashEmbedder())
    made.accounts.put_user("boss", PASSWORD, "admin")
    made.accounts.put_user("editor", PASSWORD, "editor")
    made.accounts.put_user("zhang", PASSWORD, "reader", ["青禾组"])
    made.accounts.put_user("li", PASSWORD, "reader")
    made.accounts.show_to([HIDDEN], ["青禾组"])
    yield made


def client_of(desk: Desk, peer: str = "10.0.0.9", **settings: object) -> TestClient:
    app = build_web(desk, Settings(auth=True, **settings))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://wenbao.example", client=(peer, 5000), follow_redirects=False)


@pytest.fixture(scope="module")
def client(desk: Desk) -> TestClient:
    return client_of(desk, trusted_proxies=("10.9.0.0/16",), sso_header="X-User", sso_groups_header="X-Groups")


def login(client: TestClient, name: str) -> dict[str, str]:
    response = client.post("/login", data={"name": name, "password": PASSWORD})
    assert response.status_code == 303
    client.cookies.clear()
    return {"cookie": response.headers["set-cookie"].partition(";")[0]}


# -- getting in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/reports", "/api/me", "/metrics", "/v1/models", "/openapi.json", "/gradio_api/info"]
)
def test_nobody_gets_in_without_signing_in(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 401 and response.headers["www-authenticate"] == "Bearer"


def test_the_page_leads_to_the_login_and_back(client: TestClient) -> None:
    response = client.get("/?view=x", headers={"accept": "text/html"})
    assert (response.status_code, response.headers["location"]) == (303, "./login?back=%3Fview%3Dx")
    form = client.get("/login", params={"back": "?view=x"}).text
    assert 'value="?view=x"' in form
    wrong = client.post("/login", data={"name": "li", "password": "wrong wrong 1", "back": "?view=x"})
    assert wrong.status_code == 401 and "名字或密码不对" in wrong.text
    right = client.post("/login", data={"name": "li", "password": PASSWORD, "back": "?view=x"})
    assert right.headers["location"] == "?view=x"
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "max-age=43200" in cookie
    client.cookies.clear()


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\\evil"]
)
def test_the_login_leads_to_no_other_site(client: TestClient, back: str) -> None:
    response = client.post("/login", data={"name": "li", "password": PASSWORD, "back": back})
    assert response.headers["location"] == "./"
    client.cookies.clear()


def test_guessing_passwords_is_slowed_down(desk: Desk) -> None:
    client = client_of(desk, peer="10.0.0.66")
    tries = [client.post("/login", data={"name": "guess", "password": f"guess {n} guess"}) for n in range(12)]
    assert {response.status_code for response in tries[:10]} == {401} and tries[-1].status_code == 429


def test_signing_out_ends_the_login(client: TestClient) -> None:
    cookie = login(client, "li")
    assert client.get("/api/me", headers=cookie).json()["name"] == "li"
    client.post("/logout", headers=cookie)
    assert client.get("/api/me", headers=cookie).status_code == 401


def test_a_key_is_let_in_as_what_it_is_until_it_is_taken_back(client: TestClient, desk: Desk) -> None:
    key = desk.accounts.make_key("portal", "reader", ["青禾组"])
    for headers in ({"authorization": f"Bearer {key}"}, {"x-api-key": key}):
        assert client.get("/api/me", headers=headers).json() == {
            "name": "portal",
            "role": "reader",
            "groups": ["青禾组"],
        }
    assert client.get("/api/me", headers={"authorization": f"Bearer {key}x"}).status_code == 401
    ticket = client.post(
        "/api/tickets", json={"name": "wang", "groups": ["青禾组"]}, headers={"authorization": f"Bearer {key}"}
    ).json()["ticket"]
    by_ticket = {"authorization": f"Bearer {ticket}"}
    assert client.get("/api/me", headers=by_ticket).json() == {"name": "wang", "role": "reader", "groups": ["青禾组"]}
    assert client.post("/api/tickets", json={"name": "x"}, headers=by_ticket).status_code == 403
    more = client.post("/api/tickets", json={"name": "x", "groups": ["别组"]}, headers={"x-api-key": key})
    assert more.status_code == 422 and "别组" in more.json()["detail"]
    desk.accounts.remove_key("portal")
    assert client.get("/api/me", headers={"x-api-key": key}).status_code == 401
    assert client.get("/api/me", headers=by_ticket).status_code == 401


def test_a_wrong_key_is_not_helped_by_a_cookie(client: TestClient) -> None:
    headers = login(client, "li") | {"authorization": "Bearer wb-wrong"}
    assert client.get("/api/me", headers=headers).status_code == 401


def test_only_a_listed_proxy_is_believed_who_the_user_is(client: TestClient, desk: Desk) -> None:
    told: dict[str, Any] = {"x-user": "wang", "x-groups": "青禾组, 财政局".encode(), "x-forwarded-for": "1.2.3.4"}
    assert client.get("/api/me", headers=told).status_code == 401
    options = {"trusted_proxies": ("10.9.0.0/16",), "sso_header": "X-User", "sso_groups_header": "X-Groups"}
    behind = client_of(desk, peer="10.9.1.1", **options)
    assert behind.get("/api/me", headers=told).json() == {
        "name": "wang",
        "role": "reader",
        "groups": ["财政局", "青禾组"],
    }
    assert behind.get("/api/me", headers={"x-user": "boss"}).json()["role"] == "admin"
    assert behind.get("/api/me", headers={"x-user": quote("王五")}).json()["name"] == "王五"


def test_without_a_login_what_a_proxy_hands_on_is_refused() -> None:
    app = build_web(scripted.desk(scripted.ScriptedAssistant()), Settings())
    client = TestClient(app, base_url="http://127.0.0.1")
    assert client.get("/api/me").json()["role"] == "admin"
    response = client.get("/api/me", headers={"x-forwarded-for": "10.0.0.1"})
    assert response.status_code == 403 and "auth = true" in response.json()["detail"]


@pytest.mark.parametrize(
    ("origin", "by_key", "status"),
    [
        ("http://wenbao.example", False, 200),
        ("https://portal.example", False, 403),  # the browser adds the cookie by itself
        ("https://portal.example", True, 200),
        ("https://evil.example", True, 403),
        ("null", False, 403),
    ],
)
def test_what_another_sites_page_sends(desk: Desk, origin: str, by_key: bool, status: int) -> None:
    client = client_of(desk, embed_origins=("https://portal.example",))
    if by_key:
        headers = {"origin": origin, "x-api-key": desk.accounts.make_key(f"key-of-{origin[8:]}", "reader")}
    else:
        headers = {"origin": origin, **login(client, "boss")}
    answer = client.post("/api/search", json={"query": "农村公路"}, headers=headers)
    assert answer.status_code == status
    allowed = "https://portal.example" if origin == "https://portal.example" else None
    assert answer.headers.get("access-control-allow-origin") == allowed


# -- starting ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "has_users", "words"),
    [
        ({}, False, None),
        ({"host": "::1"}, False, None),
        ({"host": "0.0.0.0"}, True, "必须先打开登录"),
        ({"host": "wenbao.example"}, True, "必须先打开登录"),
        ({"host": "0.0.0.0", "auth": True}, False, "还没有用户"),
        ({"host": "0.0.0.0", "auth": True}, True, None),
        ({"auth": True, "sso_header": "X-User"}, True, "trusted_proxies"),
        ({"auth": True, "sso_header": "X-User", "trusted_proxies": ("10.0.0.1",)}, False, None),
        ({"sso_header": "X-User"}, False, "没有打开登录"),
    ],
)
def test_where_it_may_start(settings: dict[str, object], has_users: bool, words: str | None) -> None:
    accounts = Accounts(Records(None))
    if has_users:
        accounts.put_user("boss", PASSWORD, "admin")
    made = Settings(**settings)  # type: ignore[arg-type]
    if words is None:
        require_auth(made, accounts)
    else:
        with pytest.raises(SettingsError, match=words):
            require_auth(made, accounts)


# -- accounts ----------------------------------------------------------------------------------------


def test_nothing_secret_is_kept_as_it_is(tmp_path: Path) -> None:
    records = Records(tmp_path)
    accounts = Accounts(records)
    accounts.put_user("zhang", PASSWORD, "reader")
    key = accounts.make_key("portal", "admin")
    ticket = accounts.signed_in("zhang", PASSWORD, 1)
    assert ticket is not None
    records.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (PASSWORD, key, ticket):
        assert secret.encode() not in kept
    assert (tmp_path / "records.sqlite").stat().st_mode & 0o077 == 0


def test_a_ticket_ends_with_its_time_its_user_and_the_users_password() -> None:
    accounts = Accounts(Records(None))
    key = accounts.make_key("portal", "reader")
    late = accounts.make_ticket(key, Visitor(name="wang", role="admin"), timedelta(seconds=-1))
    assert late is not None and accounts.bearer(late) is None
    accounts.put_user("zhang", PASSWORD, "admin")
    ticket = accounts.signed_in("zhang", PASSWORD, 1)
    assert ticket is not None and accounts.bearer(ticket) == Visitor(name="zhang", role="admin")
    accounts.put_user("zhang", PASSWORD + "2", "reader")
    assert accounts.bearer(ticket) is None
    again = accounts.signed_in("zhang", PASSWORD + "2", 1)
    accounts.remove_user("zhang")
    assert again is not None and accounts.bearer(again) is None


def test_a_pass_is_a_readers_whatever_is_asked_for() -> None:
    accounts = Accounts(Records(None))
    ticket = accounts.make_ticket(accounts.make_key("k", "admin"), Visitor(name="w", role="admin"), timedelta(hours=1))
    assert ticket is not None and accounts.bearer(ticket) == Visitor(name="w", role="reader")


@pytest.mark.parametrize(
    ("name", "password", "role", "groups"),
    [
        ("a b", PASSWORD, "reader", []),
        ("a", "short", "reader", []),
        ("a", PASSWORD, "owner", []),
        ("a", PASSWORD, "reader", ["x,y"]),
    ],
)
def test_what_no_account_can_be_made_of(name: str, password: str, role: object, groups: list[str]) -> None:
    with pytest.raises(AccountError):
        Accounts(Records(None)).put_user(name, password, role, groups)  # type: ignore[arg-type]


# -- what is hidden ----------------------------------------------------------------------------------

QUESTIONS = (
    "青禾县2023年地区生产总值是多少",
    "青禾县2023年新建多少套保障性租赁住房",
    "2023年新建农村公路多少公里",
    "2023年哪个县区的地区生产总值更高",
    "青禾县的县长是谁",
)
COMPARISONS = (
    {"indicators": ["地区生产总值", "城镇新增就业"]},
    {"indicators": ["地区生产总值"], "regions": ["青禾县", "云岭区"], "years": [2023]},
    {"question": "各县2023年农村居民人均可支配收入"},
)


def test_one_group_sees_a_report_that_the_other_cannot_find(client: TestClient) -> None:
    zhang, li = login(client, "zhang"), login(client, "li")
    listed = {who: client.get("/api/reports", headers=cookie).text for who, cookie in (("zhang", zhang), ("li", li))}
    assert HIDDEN in listed["zhang"] and "青禾" not in listed["li"]
    assert client.get(f"/api/paragraphs/{HIDDEN}/1", headers=zhang).status_code == 200
    hidden = client.get(f"/api/paragraphs/{HIDDEN}/1", headers=li)
    unknown = client.get("/api/paragraphs/青禾县_1999/1", headers=li)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"].replace("2024", "1999") == unknown.json()["detail"]
    asked = {"question": QUESTIONS[0]}
    assert client.post("/api/ask", json=asked, headers=zhang).json()["status"] == "answered"
    assert client.post("/api/ask", json=asked, headers=li).json()["status"] == "refused"
    assert "青禾" not in client.get("/api/examples", headers=li).text
    for limits in ({"reports": [HIDDEN]}, {"regions": ["青禾县"]}):
        found = client.post("/api/search", json={"query": "农村公路", **limits}, headers=li).json()
        assert found == {"passages": []}


def test_a_hidden_report_changes_no_answer(client: TestClient, desk: Desk, tmp_path: Path) -> None:
    """What li is told is what would be told if the report had never been loaded."""
    without = tmp_path / "without"
    update(without, [path for path in SAMPLES.glob("*_*.*") if path.stem != HIDDEN], HashEmbedder())
    other = open_desk(Settings(home=without, asks_per_minute=0), HashEmbedder())
    other.accounts.put_user("li", PASSWORD, "reader")
    elsewhere = client_of(other)
    here, there = login(client, "li"), login(elsewhere, "li")
    for question in QUESTIONS:
        told = client.post("/api/ask", json={"question": question}, headers=here).json()
        expected = elsewhere.post("/api/ask", json={"question": question}, headers=there).json()
        for parts in (told, expected):
            del parts["id"], parts["provenance"]
        assert told == expected, question
    for wanted in COMPARISONS:
        told, expected = (
            one.post("/api/compare", json=wanted, headers=who).json()
            for one, who in ((client, here), (elsewhere, there))
        )
        for parts in (told, expected):
            del parts["id"], parts["provenance"]
        assert told == expected, wanted
    figures = "/api/figures?words=地区生产总值&limit=200"
    assert client.get(figures, headers=here).json() == elsewhere.get(figures, headers=there).json()
    assert client.get("/api/examples", headers=here).json() == elsewhere.get("/api/examples", headers=there).json()


def test_who_sees_nothing_gets_refusals_and_no_errors(client: TestClient, desk: Desk) -> None:
    everything = [card.id for card in desk.assistant.cards if card.id != HIDDEN]
    desk.accounts.show_to(everything, [])
    try:
        li = login(client, "li")
        assert client.get("/api/reports", headers=li).json() == {"reports": []}
        for question in QUESTIONS:
            answer = client.post("/api/ask", json={"question": question}, headers=li)
            assert answer.json()["status"] in ("refused", "clarify"), answer.text
            assert not answer.json()["options"]
        for wanted in COMPARISONS:
            told = client.post("/api/compare", json=wanted, headers=li)
            assert told.status_code == 200 and told.json()["refusal"] and not told.json()["rows"]
        assert client.get("/api/figures", headers=li).json()["total"] == 0
        assert client.get("/api/examples", headers=li).json() == {"examples": []}
    finally:
        desk.accounts.show_to(everything, None)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", f"/api/reports/{HIDDEN}"),
        ("put", f"/api/reports/{HIDDEN}/groups"),
        ("patch", f"/api/reports/{HIDDEN}"),
    ],
)
def test_an_editor_cannot_touch_what_is_hidden_and_a_reader_nothing(client: TestClient, method: str, path: str) -> None:
    body = {"groups": None} if method == "put" else {"title": "别的"} if method == "patch" else None
    editor = client.request(method, path, json=body, headers=login(client, "editor"))
    assert editor.status_code == 404
    assert client.request(method, path, json=body, headers=login(client, "zhang")).status_code == 403


@pytest.mark.parametrize("path", ["/api/log", "/api/changes", "/api/feedback", "/api/feedback/cases"])
def test_records_are_for_admins(client: TestClient, path: str) -> None:
    assert client.get(path, headers=login(client, "editor")).status_code == 403
    assert client.get(path, headers=login(client, "boss")).status_code == 200
