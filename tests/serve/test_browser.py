"""The dashboard in a real Chromium: chat, why, forget, erase, export, on a phone, by keyboard, in the dark."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imprint.encode import open_encoder
from imprint.methods import open_method
from imprint.methods.base import Method
from tests.serve.servers import TOLD, Server, add_key, serving, until, with_settings

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install -c constraints.txt playwright")
from tests.serve.browser import CHROMIUM, CONTRAST, PHONE, chromium, opened, tab_to

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")
SLOW = {"lpm": {"fit": {"epochs": 1, "least": 300, "patience": 0}}}
HOSTILE = "I love <img src=x onerror=alert(1)><script>alert(2)</script> jazz."
LONG = "I have never " + "sooo" * 60 + " liked crowded places."


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def slow(method: Method, tmp_path_factory: pytest.TempPathFactory) -> Method:
    """A method whose sleep can be watched."""
    return open_method("lpm", SLOW, method.backbone, open_encoder("hashing", tmp_path_factory.mktemp("e")), "rules")


@pytest.fixture(scope="module")
def shown(slow: Method, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(slow, tmp_path_factory.mktemp("shown"), with_settings(queue=256)) as running:
        yield running


@pytest.fixture
def page(browser: "Browser", shown: Server) -> Iterator["Page"]:
    with opened(browser, shown.url) as page:
        yield page


def tell(server: Server, user: str, *texts: str) -> None:
    with server.http() as http:
        body = {"turns": [{"text": text} for text in texts]}
        http.post(f"/v1/memory/{user}/turns", json=body).raise_for_status()


def heard(server: Server, user: str) -> list[str]:
    return [turn.text for turn in server.state.companion.store.turns(user)]


def say(page: "Page", text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()
    page.locator(".exchange").last.locator(".without .figures:not(:empty)").wait_for()
    page.locator(".exchange").last.locator(".with .figures:not(:empty)").wait_for()


def test_chat_answers_side_by_side_and_says_why(page: "Page", shown: Server, user: str) -> None:
    page.goto("/")
    page.get_by_label("Talk to, or as").fill(user)
    page.get_by_role("button", name="Open").click()
    say(page, TOLD)
    say(page, HOSTILE)
    assert page.locator(".exchange").count() == 2
    assert all(page.locator("#talk .answer").all_inner_texts())
    assert page.locator("#talk img, #talk script").count() == 0
    assert page.locator(".asked").last.inner_text().endswith(HOSTILE)
    assert heard(shown, user)[0] == TOLD
    assert HOSTILE in heard(shown, user)
    page.get_by_label("Remember what I say").uncheck()
    say(page, "I live in Ghent.")
    assert "I live in Ghent." not in heard(shown, user)
    page.get_by_role("button", name="Why this answer?").first.click()
    page.get_by_role("heading", name="Why this answer").wait_for()
    assert page.locator("blockquote").first.inner_text() == TOLD


def test_an_answer_can_be_stopped(page: "Page", shown: Server, user: str) -> None:
    page.goto(f"/users/{user}/chat")
    page.get_by_label("Your message").fill(TOLD)
    page.route("**/v1/chat/completions", lambda route: None)
    page.get_by_label("Your message").press("Enter")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Send").wait_for()
    assert page.get_by_role("button", name="Send").is_enabled()
    assert page.locator("#talk [aria-busy]").count() == 0


def test_a_refusal_is_shown(browser: "Browser", method: Method, home: Path, user: str) -> None:
    with serving(method, home, with_settings(max_body=600)) as server, opened(browser, server.url) as page:
        page.goto(f"/users/{user}/chat")
        page.evaluate('fetch = () => Promise.resolve(new Response(\'{"error": {"message": "full"}}\', {status: 503}))')
        page.get_by_label("Your message").fill("hello")
        page.get_by_label("Your message").press("Enter")
        assert page.get_by_role("alert").first.inner_text() == "full"


def test_forgetting_a_turn_rebuilds_the_memory_while_one_watches(page: "Page", shown: Server, user: str) -> None:
    tell(shown, user, TOLD, "I live in Ghent.", "I am allergic to peanuts.")
    page.goto(f"/users/{user}")
    page.get_by_role("button", name="Sleep now").click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_text("Everything that was heard is consolidated").wait_for()
    assert "Biscuit" in page.locator("#memory").inner_text()
    page.get_by_role("link", name="Turns").click()
    page.locator("li", has_text=TOLD).get_by_role("link", name="Correct or forget").click()
    page.get_by_role("button", name="Forget this turn").click()
    page.get_by_text("Forgot 1 turn").wait_for()
    page.get_by_role("progressbar").wait_for()
    assert "Biscuit" not in page.locator("main").inner_text()
    page.get_by_text("Everything that was heard is consolidated").wait_for()
    until(lambda: page.locator("#memory dd").nth(1).inner_text() == "2")
    assert heard(shown, user) == ["I live in Ghent.", "I am allergic to peanuts."]


def test_export_downloads_the_archive(page: "Page", shown: Server, user: str, tmp_path: Path) -> None:
    tell(shown, user, TOLD)
    page.goto(f"/users/{user}/leave")
    with page.expect_download() as loading:
        page.get_by_role("link", name=f"Export {user}").click()
    saved = tmp_path / loading.value.suggested_filename
    loading.value.save_as(saved)
    assert saved.name == f"{user}.zip"
    turns = zipfile.ZipFile(saved).read("turns.jsonl").decode().splitlines()
    assert [json.loads(line)["text"] for line in turns] == [TOLD]


def test_erasing_takes_the_typed_name(page: "Page", shown: Server, user: str) -> None:
    tell(shown, user, TOLD)
    page.goto(f"/users/{user}/leave")
    page.get_by_role("button", name="Erase everything").click()
    assert page.url.endswith("/leave"), "an empty field is not sent"
    page.get_by_label(f"Type {user} to confirm").fill("somebody")
    page.get_by_role("button", name="Erase everything").click()
    assert "Nothing was erased" in page.get_by_role("alert").inner_text()
    page.get_by_label(f"Type {user} to confirm").fill(user)
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_text("Erased 1 turn").wait_for()
    assert heard(shown, user) == []


PAGES = [
    "/",
    "/users/{user}",
    "/users/{user}/turns",
    "/users/{user}/chat",
    "/users/{user}/leave",
    "/results",
    "/health",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_cut_off_and_all_can_be_read(
    browser: "Browser", shown: Server, user: str, scheme: str
) -> None:
    tell(shown, user, TOLD, LONG, HOSTILE)
    turn = shown.state.companion.store.turns(user)[0].id
    with opened(browser, shown.url, viewport=PHONE, has_touch=True, color_scheme=scheme) as page:
        for path in [*PAGES, f"/users/{{user}}/turns/{turn}"]:
            page.goto(path.format(user=user))
            assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], path
            assert page.evaluate(CONTRAST) == [], path
            small = page.locator("button:visible, .button:visible, nav a:visible").evaluate_all(
                "all => all.filter(one => one.getBoundingClientRect().height < 32).map(one => one.textContent)"
            )
            assert small == [], path
        page.goto(f"/users/{user}/chat")
        say(page, LONG)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
        back = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        assert (max(back) < 60) if scheme == "dark" else (min(back) > 200)


def test_everything_is_reached_by_keyboard(page: "Page", shown: Server, user: str) -> None:
    tell(shown, user, TOLD)
    page.goto(f"/users/{user}/chat")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, "question")
    page.keyboard.type("What is my dog called?")
    page.keyboard.press("Enter")
    page.locator(".without .figures:not(:empty)").wait_for()
    page.locator(".with .figures:not(:empty)").wait_for()
    until(lambda: page.evaluate("document.activeElement.id") == "question")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Why this answer?"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Why this answer").wait_for()
    turn = shown.state.companion.store.turns(user)[0].id
    tab_to(page, f"/users/{user}/turns/{turn}")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Forget it").wait_for()
    tab_to(page, "Forget this turn")
    page.keyboard.press("Enter")
    until(lambda: TOLD not in heard(shown, user))


def test_without_scripts_all_but_the_stream_works(browser: "Browser", shown: Server, user: str) -> None:
    with opened(browser, shown.url, java_script_enabled=False) as page:
        page.goto(f"/users/{user}/chat")
        page.get_by_label("Your message").fill(TOLD)
        page.get_by_role("button", name="Send").click()
        assert all(page.locator("#talk .answer").all_inner_texts())
        page.get_by_role("link", name="Memory").click()
        page.get_by_role("button", name="Sleep now").click()
        page.get_by_text("Everything that was heard is consolidated").wait_for()  # the page loads itself again
        page.get_by_role("link", name="Turns").click()
        page.get_by_role("link", name="Correct or forget").click()
        page.get_by_label("What is right").first.fill("Pepper")
        page.get_by_role("button", name="Correct", exact=True).first.click()
        assert "Pepper" in page.locator("#memory").inner_text()
    assert len(heard(shown, user)) == 2


def test_one_signs_in_with_a_key_and_chats(browser: "Browser", method: Method, home: Path) -> None:
    key = add_key(home, "laptop")
    with serving(method, home) as server, opened(browser, server.url) as page:
        page.goto("/users/ada/chat")
        page.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
        page.get_by_text("Key laptop").wait_for()
        assert page.evaluate("document.cookie") == ""
        page.get_by_label("Talk to, or as").fill("ada")
        page.keyboard.press("Enter")
        say(page, TOLD)
        assert server.state.companion.store.users() == [f"+{key.split('-')[1]}.ada"]
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
