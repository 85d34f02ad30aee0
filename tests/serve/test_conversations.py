"""What is new of a conversation that a client sends whole, cut, again, or twice at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from imprint.serve.conversations import Said, fresh
from imprint.serve.users import Users
from imprint.types import Turn
from tests.serve.servers import Server

TALK: list[Said] = [
    ("user", "My dog is called Biscuit."),
    ("assistant", "A fine name."),
    ("user", "I live in Ghent."),
    ("assistant", "A fine town."),
    ("user", "yes"),
    ("assistant", "Good."),
    ("user", "I paint."),
]


class Ledger(list[Turn]):
    """A user's turns, heard as the server hears them."""

    def hear(self, said: list[Said], newest: bool = False, source: str = "") -> list[str]:
        new = fresh("mira", self, said, "now", source, newest)
        assert not {turn.id for turn in new} & {turn.id for turn in self}
        self += new
        return [turn.text for turn in new]

    def forget(self, text: str) -> None:
        self[:] = [turn for turn in self if turn.text != text]


def test_a_conversation_after_a_forgotten_one_is_heard() -> None:
    ledger = Ledger()
    first: list[Said] = [("user", "Good morning.")]
    for number in range(3):
        assert ledger.hear(first, newest=True) == ["Good morning."]
        ledger.hear([("user", f"Something else {number}.")], newest=True)
    middle = [turn for turn in ledger if turn.text == "Good morning."][1]
    ledger.remove(middle)
    assert ledger.hear(first, newest=True) == ["Good morning."]
    assert len({turn.source for turn in ledger if turn.text == "Good morning."}) == 3


@pytest.mark.parametrize("source", ["", "c-1"])
def test_a_forgotten_turn_stays_forgotten_while_its_conversation_goes_on(source: str) -> None:
    ledger = Ledger()
    ledger.hear(TALK[:5], source=source)
    ledger.forget("I live in Ghent.")
    assert ledger.hear(TALK[:5], source=source) == []
    assert ledger.hear(TALK, source=source) == ["Good.", "I paint."]


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("window", [3, 4, 5])
def test_a_client_that_sends_the_last_messages_only_is_heard_once(window: int, newest: bool) -> None:
    ledger = Ledger()
    for end in range(1, len(TALK) + 1, 2):
        ledger.hear(TALK[max(0, end - window) : end], newest)
        assert ledger.hear(TALK[max(0, end - window) : end], newest) == [], "sent again"
    assert [(turn.role, turn.text) for turn in ledger] == TALK
    assert len({turn.source for turn in ledger}) == 1
    assert ledger.hear(TALK, newest) == [], "and whole after that"


def test_the_end_of_a_conversation_is_found_behind_a_forgotten_turn() -> None:
    ledger = Ledger()
    ledger.hear(TALK[:5])
    ledger.forget("A fine name.")
    ledger.forget("My dog is called Biscuit.")
    assert ledger.hear(TALK[2:]) == ["Good.", "I paint."]


def test_a_new_conversation_does_not_go_on_with_another_that_ends_in_its_words() -> None:
    ledger = Ledger()
    ledger.hear(TALK[:5])
    assert ledger.hear([("user", "yes")], newest=True) == ["yes"]
    assert ledger[-1].source != ledger[0].source


def test_two_requests_at_once_hear_a_thing_once(server: Server, user: str) -> None:
    users: Users = server.state.users
    store = users.companion.store
    for round_ in range(5):
        users._hear(user, [("user", "Good morning.")], "", True)
        users._hear(user, [("user", f"Something else {round_}.")], "", True)
        ready = threading.Barrier(6)

        def hear(_: int, ready: threading.Barrier = ready) -> int:
            ready.wait()
            return len(users._hear(user, [("user", "Good morning.")], "", True))

        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(hear, range(6))) == 1
        users._hear(user, [("user", f"Another {round_}.")], "", True)
    assert len({turn.id for turn in store.turns(user)}) == len(store.turns(user))
