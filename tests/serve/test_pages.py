"""The dashboard over plain HTTP: pages, forms, escaping, sign-in, and what no page lets in or out."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from imprint.methods.base import Method
from imprint.serve.pages.markdown import to_html
from imprint.serve.sessions import COOKIE
from imprint.store.keys import Keys
from tests.serve.servers import TOLD, Server, add_key, serving, until

HOSTILE = """I love <script>alert(1)</script> & "quotes' <img src=x onerror=alert(2)> </textarea>{{ 7 * 7 }}"""


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with server.http() as client:
        yield client


def tell(http: httpx.Client, user: str, *texts: str, **headers: str) -> list[str]:
    body = {"turns": [{"text": text} for text in texts]}
    answer = http.post(f"/v1/memory/{user}/turns", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["heard"]


def token(http: httpx.Client, page: str = "/users/somebody/chat") -> str:
    found = re.search(r'name="token" value="([^"]+)"', http.get(page).text)
    assert found
    return found[1]


def post(http: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return http.post(path, data={"token": token(http)} | fields)


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


PAGES = ["/", "/results", "/health", *(f"/users/{{user}}{part}" for part in ("", "/turns", "/chat", "/leave"))]


@pytest.mark.parametrize("path", PAGES)
def test_pages_let_nothing_in_from_outside(http: httpx.Client, user: str, path: str) -> None:
    tell(http, user, TOLD)
    answer = http.get(path.format(user=user))
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for tag, attributes in Elements(answer.text).found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attributes["src"] == "/static/dashboard.js"
        for name in ("src", "href", "action"):
            link = attributes.get(name) or ""
            assert not link or link[0] in "/#" and link[:2] != "//", link
            if link.startswith("/static/"):
                assert http.get(link).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label_and_every_page_a_heading(http: httpx.Client, user: str, path: str) -> None:
    tell(http, user, TOLD)
    found = Elements(http.get(path.format(user=user)).text).found
    labels = {attributes.get("for") for tag, attributes in found if tag == "label"}
    for tag, attributes in found:
        if tag in ("input", "textarea") and attributes.get("type") not in ("hidden", "checkbox"):
            assert attributes["id"] in labels
    tags = [tag for tag, _ in found]
    assert (tags.count("h1"), tags.count("main")) == (1, 1)
    assert ("a", {"class": "skip", "href": "#main"}) in found


def test_hostile_text_stays_text(http: httpx.Client, user: str) -> None:
    (turn,) = tell(http, user, HOSTILE)
    paths = [f"/users/{user}", f"/users/{user}/turns", f"/users/{user}/turns/{turn}"]
    pages = [http.get(path) for path in paths]
    pages += [post(http, f"/users/{user}/{form}", question=HOSTILE) for form in ("why", "chat")]
    for page in pages:
        assert page.status_code == 200
        found = Elements(page.text)
        assert [attributes for tag, attributes in found.found if tag == "script"] == [
            {"src": "/static/dashboard.js", "defer": None}
        ]
        assert not [attributes for _, attributes in found.found if "onerror" in attributes]
    assert HOSTILE in Elements(pages[1].text).text


def test_a_hostile_user_name_stays_a_name(http: httpx.Client) -> None:
    name = 'a"><script>alert(1)<script> ?#&%2e<b>é'
    http.get("/users", params={"user": name})
    opened = http.get("/users", params={"user": name})
    assert opened.status_code == 303
    assert post(http, opened.headers["location"], question="I live in Ghent.", remember="on").status_code == 200
    listed = Elements(http.get("/").text)
    assert name in listed.text
    link = next(a["href"] for tag, a in listed.found if tag == "a" and "script" in (a.get("href") or ""))
    assert link is not None
    shown = http.get(link)
    assert shown.status_code == 200
    assert [a for tag, a in Elements(shown.text).found if tag == "script"] == [
        {"src": "/static/dashboard.js", "defer": None}
    ]
    saved = http.get(f"{link}/export").headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+\.zip"', saved)
    assert post(http, f"{link}/erase", typed=name).status_code == 303


def test_turns_show_what_was_understood_and_how_sure(http: httpx.Client, user: str) -> None:
    tell(http, user, TOLD, "What's the weather like?")
    text = " ".join(Elements(http.get(f"/users/{user}/turns").text).text.split())
    told, asked = text.split(TOLD)[1], text.split("What's the weather like?")[1].split(TOLD)[0]
    assert "Tells something lasting 100 %" in told
    assert "Biscuit" in told
    assert "holds 2 facts from it" in told
    assert "Tells something lasting 0 %" in asked


def test_the_memory_is_shown_with_its_slots_and_versions(http: httpx.Client, user: str) -> None:
    (turn,) = tell(http, user, TOLD)
    page = Elements(http.get(f"/users/{user}").text)
    assert "Biscuit" in page.text
    assert "rect" in [tag for tag, _ in page.found]
    assert "What was written when" in page.text
    assert f"/users/{user}/turns/{turn}" in [a.get("href") for _, a in page.found]


def test_why_shows_the_gate_and_the_turn_a_slot_came_from(http: httpx.Client, user: str) -> None:
    tell(http, user, TOLD)
    text = Elements(post(http, f"/users/{user}/why", question="What is my dog called?").text).text
    assert TOLD in text
    assert "Nearest thing told" in text


def test_both_answers_come_without_a_script(http: httpx.Client, user: str) -> None:
    page = post(http, f"/users/{user}/chat", question="I live in Ghent.", remember="on")
    assert page.text.count('data-part="answer">') == 4  # two shown, two in the script's template
    assert [t["text"] for t in http.get(f"/v1/memory/{user}/turns").json()["turns"]] == ["I live in Ghent."]
    post(http, f"/users/{user}/chat", question="I work as a cartographer.")
    assert len(http.get(f"/v1/memory/{user}/turns").json()["turns"]) == 1


def test_a_forgotten_turn_is_gone_and_the_memory_rebuilt(http: httpx.Client, user: str) -> None:
    dog, home = tell(http, user, TOLD, "I live in Ghent.")
    post(http, f"/users/{user}/sleep")
    until(lambda: http.get(f"/v1/memory/{user}").json()["slept"] == 2)
    answer = post(http, f"/users/{user}/turns/{dog}/forget")
    assert answer.status_code == 303
    shown = http.get(answer.headers["location"]).text
    assert "Forgot 1 turn" in shown
    assert "Biscuit" not in shown
    until(lambda: http.get(f"/v1/memory/{user}").json()["slept"] == 1)
    assert "Everything that was heard is consolidated" in http.get(f"/users/{user}/sleep").text
    again = post(http, f"/users/{user}/turns/{dog}/forget")
    assert (again.status_code, "no such turn" in again.text) == (404, True)
    assert post(http, f"/users/{user}/turns/{home}/forget").headers["location"] == f"/users/{user}/chat"


def test_a_correction_replaces_what_was_understood(http: httpx.Client, user: str) -> None:
    (dog,) = tell(http, user, TOLD)
    at = f"/users/{user}/turns/{dog}/correct"
    given = {"kind": "pet_name", "about": "dog", "value": "Pepper"}
    assert post(http, at, **given).status_code == 303
    facts = {fact["kind"]: fact["value"] for fact in http.get(f"/v1/memory/{user}").json()["facts"]}
    assert facts == {"pet_name": "Pepper", "pet_kind": "dog"}
    assert post(http, at, **given).status_code == 404
    assert post(http, at, **given | {"value": " "}).status_code == 400


def test_erasing_takes_the_typed_name(http: httpx.Client, user: str) -> None:
    tell(http, user, TOLD)
    for typed in ("", "somebody", user.upper()):
        assert post(http, f"/users/{user}/erase", typed=typed).status_code == 400
    assert http.get(f"/v1/memory/{user}").status_code == 200
    answer = post(http, f"/users/{user}/erase", typed=f" {user} ")
    assert "Erased 1 turn" in http.get(answer.headers["location"]).text
    assert http.get(f"/v1/memory/{user}").status_code == 404
    assert "Nothing was heard" in http.get(f"/users/{user}").text
    assert http.get(f"/users/{user}/leave").status_code == 404


def test_the_export_is_the_archive(http: httpx.Client, user: str) -> None:
    tell(http, user, TOLD)
    answer = http.get(f"/users/{user}/export")
    assert answer.headers["content-disposition"] == f'attachment; filename="{user}.zip"'
    assert TOLD.encode() in zipfile.ZipFile(io.BytesIO(answer.content)).read("turns.jsonl")


FORMS = ["sleep", "erase", "why", "chat", "turns/0123456789abcdef/forget", "turns/0123456789abcdef/correct"]


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_other_sites_are_refused(server: Server, http: httpx.Client, user: str, form: str) -> None:
    tell(http, user, TOLD)
    right = token(http)
    fields = {"typed": user, "question": "hello", "token": right}
    at = f"/users/{user}/{form}"
    wrong = [
        http.post(at, data=fields | {"token": "guessed"}),
        http.post(at, data={"typed": user, "question": "hello"}),
        http.post(at, data=fields, headers={"Sec-Fetch-Site": "cross-site"}),
        http.post(at, data=fields, headers={"Sec-Fetch-Site": "same-site"}),
        http.post(at, data=fields, headers={"Origin": "http://localhost:1"}),
        http.post(at, data=fields, headers={"Origin": "null"}),
        http.post(at, data=fields, headers={"Origin": "https://elsewhere.example"}),
    ]
    assert [answer.status_code for answer in wrong] == [403] * len(wrong)
    assert http.post(at, json=fields).status_code == 400
    assert http.post(at, content=b"token=%ff", headers={"content-type": "application/x-www-form-urlencoded"}).is_error
    assert http.get(at).status_code in (200, 404, 405)
    assert len(server.state.companion.store.turns(user)) == 1
    assert not [version for version in server.state.companion.store.history(user, "lpm") if version.slept]


def test_wrong_addresses_are_pages_that_say_so(http: httpx.Client) -> None:
    for path in (
        "/users/..%2f..",
        "/users/a%5Cb",
        "/users/a%00b",
        "/users/ada/turns/none",
        "/results/plots/..%2fx.png",
    ):
        answer = http.get(path)
        assert answer.status_code in (400, 404), path
    assert "<h1>Not found</h1>" in http.get("/static/app.py").text
    assert http.get("/users/ada/turns?page=99999999999999999999999").status_code == 200
    assert http.get("/?page=-1&turns=%F0%9F%90%B6").status_code == 200


@contextmanager
def signed_in(server: Server, key: str) -> Iterator[tuple[httpx.Client, httpx.Response]]:
    """A client that sent a key to the sign-in page and keeps cookies, and what it was answered."""
    with server.http() as http:
        yield http, http.post("/signin", data={"token": token(http, "/signin"), "key": key})


def test_with_keys_one_signs_in_and_out(method: Method, home: Path) -> None:
    key = add_key(home, "laptop")
    with serving(method, home) as server, server.http() as bare:
        for path in ("/", "/users/ada", "/results", "/health", "/users/ada/export"):
            assert bare.get(path).headers["location"] == "/signin", path
        assert bare.get("/static/dashboard.css").status_code == 200
        assert bare.post("/users/ada/erase", data={"typed": "ada"}).headers["location"] == "/signin"
        with signed_in(server, key[:-1] + "!") as (_, wrong):
            assert (wrong.status_code, wrong.cookies.get(COOKIE)) == (403, None)
            assert key not in wrong.text
    with serving(method, home) as server, server.http() as bare, signed_in(server, f" {key} ") as (http, answer):
        cookie = answer.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
        assert "Secure" not in cookie
        assert key.split("-", 2)[2] not in cookie
        assert "laptop" in http.get("/").text
        old = {"Cookie": f"{COOKIE}={http.cookies[COOKIE]}"}
        answer = http.post("/signout", data={"token": token(http)})
        assert answer.headers["location"] == "/signin"
        assert bare.get("/", headers=old).status_code == 303
        assert key not in server.log.getvalue()


def test_a_signed_in_key_sees_its_own_users_only(method: Method, home: Path) -> None:
    one, other = add_key(home, "one"), add_key(home, "other")
    with serving(method, home) as server, signed_in(server, one) as (mine, _), signed_in(server, other) as (theirs, _):
        tell(mine, "ada", TOLD, Authorization=f"Bearer {one}")
        assert "ada" in Elements(mine.get("/").text).text
        assert "ada" not in Elements(theirs.get("/").text).text
        for path in ("/users/ada", "/users/ada/turns"):
            assert "Biscuit" in mine.get(path).text
            assert "Biscuit" not in theirs.get(path).text
        for path in ("leave", "export"):
            assert theirs.get(f"/users/ada/{path}").status_code == 404
        assert post(theirs, "/users/ada/erase", typed="ada").status_code == 404
        assert mine.post("/users/ada/erase", data={"token": token(theirs), "typed": "ada"}).status_code == 403
        assert mine.get("/users/ada").status_code == 200
        keys = Keys(home)
        keys.revoke("one")
        keys.close()
        assert mine.get("/users/ada").headers["location"] == "/signin"


def test_a_cookie_alone_does_not_open_the_json_routes(method: Method, home: Path) -> None:
    key = add_key(home, "laptop")
    with serving(method, home) as server, signed_in(server, key) as (http, _):
        assert http.get("/v1/models").status_code == 401
        assert http.get("/v1/models", headers={"X-Imprint-Token": "guessed"}).status_code == 401
        right = {"X-Imprint-Token": token(http)}
        assert http.get("/v1/models", headers=right).status_code == 200
        http.cookies.clear()
        assert http.get("/v1/models", headers=right).status_code == 401


def test_behind_https_the_cookie_is_secure(method: Method, home: Path) -> None:
    key = add_key(home, "laptop")
    with serving(method, home) as server, server.http() as http:
        http.headers["X-Forwarded-Proto"] = "https"
        answer = http.post("/signin", data={"token": token(http, "/signin"), "key": key})
        assert "Secure" in answer.headers["set-cookie"]


def test_results_are_tables_and_pictures_of_the_docs(http: httpx.Client) -> None:
    page = Elements(http.get("/results").text)
    pictures = [a["src"] or "" for tag, a in page.found if tag == "img" and "plots" in (a["src"] or "")]
    assert pictures
    assert {http.get(picture).headers["content-type"] for picture in pictures} == {"image/png"}
    assert [tag for tag, _ in page.found].count("table") > 5


def test_markdown_is_escaped() -> None:
    text = "# T\n\n## A <b>\n\n| a | `b` |\n| --- | ---: |\n| <i> | **1** [x](javascript:y) |\n\n- <u>\n\n<!-- gone -->"
    html, contents = to_html(text, "/results/")
    assert contents == [("part-1", "A <b>")]
    assert "<b>" not in html
    assert "javascript" not in html
    assert "gone" not in html
    assert "<code>b</code>" in html
    assert '<th scope="row">&lt;i&gt;</th><td><strong>1</strong> x</td>' in html
