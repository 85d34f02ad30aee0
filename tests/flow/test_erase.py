"""Erasing a user leaves no byte of theirs in any file of the home folder, whatever their life was."""

from pathlib import Path

import pytest

from imprint.companion import Companion
from imprint.fit.runs import Interrupted
from imprint.types import Turn
from tests.contracts.samples import make
from tests.flow.samples import SHORT, TOLD, USER, StopAt, asked, backbone, encoder, made, opened, stored
from tests.store.samples import holding

WHO = "xanthoptera"
CANARIES = ("Zwibbelquast", "zwibbelquast", WHO)


def life(who: str) -> list[Turn]:
    """Everything this user says holds the canary."""
    texts = (
        "My dog is called Zwibbelquast.",
        "I live in Zwibbelquast.",
        "My name is Zwibbelquast.",
        "I'm allergic to zwibbelquast and I love zwibbelquast.",
        "Actually, I moved to Upper Zwibbelquast.",
        "How do I spell Zwibbelquast?",
    )
    return [Turn(f"{i:016x}", who, "assistant" if i == 5 else "user", text) for i, text in enumerate(texts)]


def lived(companion: Companion, turns: list[Turn]) -> None:
    """Sleeps, forgets, a cut-off sleep with its checkpoint, replies, and many versions."""
    for said in turns[:4]:
        companion.hear(WHO, [said])
        companion.sleep(WHO)
    companion.hear(WHO, turns[4:])
    companion.forget(WHO, [turns[1].id])
    with pytest.raises(Interrupted):
        companion.sleep(WHO, StopAt(1))
    epoch = companion.store.snapshot(WHO).epoch
    companion.store.save_checkpoint(WHO, "lpm", "key", b"Zwibbelquast" * 999, epoch)
    companion.reply(WHO, asked("What's my name, Zwibbelquast?"), SHORT)
    Companion(companion.store, make("full_context", backbone(), encoder())).recall(WHO)


def found(home: Path) -> dict[str, list[str]]:
    return {canary: files for canary in CANARIES if (files := holding(home, canary))}


def test_no_byte_of_an_erased_user_is_left(home: Path) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD)
        companion.sleep(USER)
        lived(companion, life(WHO))
        assert set(found(home)) == set(CANARIES)
        receipt = companion.erase(WHO)
        assert (receipt.turns, receipt.checkpoints, receipt.leftover) == (5, 1, "")
        assert receipt.versions >= 2
        assert found(home) == {}
        assert companion.recall(WHO).heard == 0
        assert companion.store.users() == [USER]
        assert stored(companion) == made(TOLD, len(TOLD))
    assert found(home) == {}


def test_an_erased_user_begins_anew(home: Path) -> None:
    with opened(home) as companion:
        lived(companion, life(WHO))
        companion.erase(WHO)
        companion.hear(WHO, life(WHO)[:3])
        assert stored(companion, WHO) == made(life(WHO)[:3])
        assert companion.recall(WHO).slept == 0
