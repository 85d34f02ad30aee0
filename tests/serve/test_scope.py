"""Ids of clients and the names they are kept under."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imprint.methods.base import Method
from imprint.serve.scope import MAX_USER, BadUser, LongUser, Scope
from imprint.store import check_user
from tests.serve.servers import MODEL, TOLD, add_key, said, serving

SCOPES = [Scope(), Scope("0" * 16), Scope("0123456789abcdef")]
ids = st.text(min_size=1, max_size=24)


def kept(scope: Scope, user: str) -> str | None:
    try:
        return scope.name(user)
    except (BadUser, LongUser):
        return None


@given(ids)
def test_a_name_leads_back_to_its_id_and_is_one_the_store_takes(user: str) -> None:
    for scope in SCOPES:
        name = kept(scope, user)
        assume(name is not None)
        assert name is not None
        assert check_user(name) == name
        assert scope.user(name) == user
        assert all(other.user(name) is None for other in SCOPES if other != scope)


@given(ids, ids)
def test_two_ids_never_share_a_name(one: str, other: str) -> None:
    names = [(scope, user, kept(scope, user)) for scope in SCOPES for user in {one, other}]
    known = [name for _, _, name in names if name is not None]
    assert len(set(known)) == len(known)


def test_an_id_cannot_be_spelled_into_another_scope() -> None:
    mine, theirs = Scope("a" * 16), Scope("b" * 16)
    name = theirs.name("alice")
    for scope in (mine, Scope()):
        for spelled in (name, name.removeprefix("+"), f"x{name}", name.upper(), name.replace("+", "+2b")):
            assert kept(scope, spelled) != name


def test_look_alikes_are_different_users() -> None:
    alike = ["zoe\u0301", "zo\u00e9", "zoe", "Zoe", "z\u043ee", "zoe ", " zoe", "ｚｏｅ", "zo\u00e9\u0301"]
    for scope in SCOPES:
        assert len({scope.name(user) for user in alike}) == len(alike)


def test_without_keys_a_name_of_the_command_line_is_that_user() -> None:
    assert Scope().name("mira") == "mira"
    assert Scope().name("zo\u00e9") == "zo\u00e9"
    assert Scope().name("+mira") == "+local.+2bmira"
    assert Scope("a" * 16).name("mira") == f"+{'a' * 16}.mira"


@pytest.mark.parametrize(
    "user",
    [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a\0",
        "a\nb",
        "a\x7f",
        "a\u200bb",
        "\u202ea",
        "\ufeffa",
        "a\u2028",
        "a\ufffd",
        "\ud800",
    ],
)
def test_what_is_no_id_is_refused(user: str) -> None:
    for scope in SCOPES:
        with pytest.raises(BadUser):
            scope.name(user)


def test_an_id_that_is_too_long_is_refused_not_cut_and_told_the_bound() -> None:
    scope = Scope("a" * 16)
    for user in ("x" * 110, "字" * 12, "é" * 18):
        assert scope.name(user)
    for user, size in (("x" * 111, 111), ("字" * 13, 117), ("é" * 19, 114)):
        with pytest.raises(LongUser, match=f"takes {size} of at most 110"):
            scope.name(user)
    with pytest.raises(LongUser, match="of at most 121"):
        Scope().name("é " * 18)
    with pytest.raises(BadUser, match=f"1 to {MAX_USER}"):
        scope.name("x" * 1000)


def test_a_user_id_too_long_for_its_key_is_refused_everywhere(method: Method, home: Path) -> None:
    key, user = add_key(home, "laptop"), "字" * 13
    with serving(method, home) as server, server.http(key) as http:
        answers = [
            http.get(f"/v1/memory/{user}"),
            http.post(f"/v1/memory/{user}/turns", json={"turns": [{"text": TOLD}]}),
            http.post("/v1/chat/completions", json={"model": MODEL, "messages": said(TOLD), "user": user}),
        ]
        assert server.state.companion.store.users() == []
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["param"]) == (422, "user")
        assert "takes 117 of at most 110" in answer.json()["error"]["message"]
