"""Keys: who is answered, whose users they name, and what is kept of a key."""

from pathlib import Path

import openai
import pytest

from imprint.methods.base import Method
from imprint.serve.run import check_address
from imprint.store.keys import Keys
from imprint.types import ImprintError
from tests.serve.servers import MODEL, TOLD, add_key, answered_early, said, serving, with_settings


def test_a_key_is_kept_as_a_hash_only(home: Path) -> None:
    text = add_key(home, "laptop")
    secret = text.split("-", 2)[2]
    for file in home.rglob("*"):
        assert file.is_dir() or secret.encode() not in file.read_bytes()


def test_only_the_whole_text_of_a_valid_key_is_right(home: Path) -> None:
    one, other = add_key(home, "one"), add_key(home, "other")
    keys = Keys(home)
    first, second = keys.list()
    mixed = f"imprint-{first.id}-{other.split('-', 2)[2]}"
    wrong = ["", "imprint", one[:-1], one + "A", one.upper(), mixed, f" {one}", one.replace(first.id, "0" * 16)]
    assert [keys.check(text) for text in wrong] == [None] * len(wrong)
    assert (keys.check(one), keys.check(other)) == (first.id, second.id)
    assert keys.revoke("one").id == first.id
    assert (keys.check(one), keys.check(other)) == (None, second.id)
    for name in ("one", "nobody"):
        with pytest.raises(ImprintError, match="no valid key"):
            keys.revoke(name)
    with pytest.raises(ImprintError, match="already"):
        keys.add("other")
    with pytest.raises(ImprintError, match="not a key's name"):
        keys.add("a b")
    assert keys.any()
    keys.close()


def test_the_first_key_closes_the_server_and_revoking_the_last_leaves_it_closed(method: Method, home: Path) -> None:
    with serving(method, home) as server, server.http() as bare:
        assert bare.get("/v1/models").status_code == 200
        key = add_key(home, "laptop")
        assert bare.get("/v1/models").status_code == 401
        assert bare.get("/healthz").status_code == 200
        assert bare.get("/metrics").status_code == 401
        with server.client(key) as client:
            assert client.models.list().data[0].id == MODEL
            keys = Keys(home)
            keys.revoke("laptop")
            keys.close()
            with pytest.raises(openai.AuthenticationError, match="not valid"):
                client.models.list()
        assert bare.get("/v1/models").status_code == 401


def test_a_request_without_a_key_is_refused_before_its_body_is_read(method: Method, home: Path) -> None:
    add_key(home, "laptop")
    with serving(method, home) as server:
        assert answered_early(server, "/v1/chat/completions") == 401
        with server.http() as bare:
            paths = ("/openapi.json", "/v1/nowhere", "/healthz")
            assert [bare.get(path).status_code for path in paths] == [401, 401, 200]


def test_a_key_sees_its_own_users_only(method: Method, home: Path) -> None:
    one, other = add_key(home, "one"), add_key(home, "other")
    ids = [key.split("-")[1] for key in (one, other)]
    with serving(method, home) as server, server.client(one) as client, server.http(other) as theirs:
        client.chat.completions.create(model=MODEL, messages=said(TOLD), user="alice")
        assert server.state.companion.store.users() == [f"+{ids[0]}.alice"]
        spelled = [
            "alice",
            f"+{ids[0]}.alice",
            f"%2b{ids[0]}.alice",
            f"..%2f{ids[0]}.alice",
            "%2e%2e",
            "alice%00",
            "alicе",
        ]
        for user in spelled:
            assert theirs.get(f"/v1/memory/{user}").status_code in (400, 404), user
            assert theirs.delete(f"/v1/memory/{user}").status_code in (400, 404), user
        for wrong in ("", "Basic abc", f"Bearer {one}x", one, "Bearer"):
            answer = theirs.get("/v1/memory/alice", headers={"Authorization": wrong})
            assert answer.status_code == 401, wrong
            assert answer.headers["www-authenticate"] == "Bearer"
        twice = [("Authorization", f"Bearer {other}"), ("Authorization", f"Bearer {one}")]
        assert theirs.get("/v1/memory/alice", headers=twice).status_code == 400
        assert len(server.state.companion.store.turns(f"+{ids[0]}.alice")) == 1


def test_an_address_others_reach_needs_a_key(home: Path) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        check_address(with_settings(host=host), home)
    for host in ("0.0.0.0", "::", "192.168.1.9", "example.org"):
        with pytest.raises(ImprintError, match="imprint keys add NAME"):
            check_address(with_settings(host=host), home)
    add_key(home, "laptop")
    check_address(with_settings(host="0.0.0.0"), home)
