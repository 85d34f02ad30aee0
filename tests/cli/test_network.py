"""`imprint eval network` from end to end on a tiny model, and what it refuses."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from imprint.backbone import open_backbone
from imprint.evals.read_results import read_result
from imprint.evals.tables import full_tables
from imprint.methods.parts.network import NetworkConfig, fresh_network
from imprint.methods.parts.network_file import pack
from tests.cli.runs import imprint, refused
from tests.data.small_talk import QUIET, TOLD, corpus


def weights(folder: Path, name: str, blocks: int = 0, **trained_on: Any) -> Path:
    """A network's file for the model in this folder, untrained."""
    backbone = open_backbone(str(folder), Path("home"))
    config = NetworkConfig(rows=4, width=4, inner=16, heads=2, blocks=blocks)
    path = Path(name)
    path.write_bytes(pack(fresh_network(config, backbone), backbone, trained_on))
    return path


@pytest.fixture
def words(home: Path, tiny_folder: Path) -> list[str]:
    """A comparison of two networks on a corpus of three questions."""
    Path("talk").mkdir()
    corpus(Path("talk"), TOLD, QUIET)
    weights(tiny_folder, "large.safetensors", 1, steps=7, seed=0, held_out=0.5)
    weights(tiny_folder, "small.safetensors", steps=3, seed=0)
    files = ("--weights", str(home.parent / "large.safetensors"), "--weights=small.safetensors")
    return ["eval", "network", *files, "--data", "talk"]


def test_a_comparison_writes_a_result_that_a_page_can_show(
    words: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["imprint", *words, f"--out={home.parent / 'network.json'}"])
    done = imprint(*words, "--generate", "--out", str(home.parent / "network.json"))
    assert (done.code, done.err) == (0, ""), done
    assert done.out.startswith("3 questions of the part dev\nuntrained: exact 0.00 [0.00, 0.00], loss ")
    assert done.out.endswith("network.json\n")
    found = read_result(Path("network.json"))
    assert list(found.arms) == ["untrained", "large", "small"]
    assert found.arms["large"]["settings"] == {
        **{"steps": 7, "seed": 0, "rows": 4, "width": 4, "inner": 16, "heads": 2, "blocks": 1},
        "placement": "late",
    }
    assert found.arms["small"]["cost"]["file_bytes"] == Path("small.safetensors").stat().st_size
    assert found.arms["untrained"]["cost"]["file_bytes"] is None
    # It was not trained, and half precision is all that its file loses.
    fresh, large = (found.arms[name]["scores"]["loss"]["mean"] for name in ("untrained", "large"))
    assert fresh == pytest.approx(large, rel=1e-2)
    assert set(found.data["data"]) >= {"large.safetensors", "small.safetensors", "v1.jsonl", "split.json"}
    assert len(found.data["outcomes"]) == 9
    assert "reply" in found.data["outcomes"][0]
    assert found.data["command"] == (
        "imprint eval network --weights large.safetensors --weights=small.safetensors --data talk --out=network.json"
    )
    assert str(home.parent) not in Path("network.json").read_text()
    assert "| arm | `blocks` | `steps` | trained numbers |" in full_tables(found)


def test_the_same_as_json_without_a_file(words: list[str]) -> None:
    done = imprint(*words, "--limit", "2", "--json")
    assert (done.code, done.err) == (0, ""), done
    shown = json.loads(done.out)
    assert (shown["part"], shown["questions"], list(shown["arms"])) == ("dev", 2, ["untrained", "large", "small"])
    assert list(shown["arms"]["small"]["scores"]) == ["exact", "loss"]


def test_what_can_not_be_compared_is_refused(words: list[str], home: Path, other_folder: Path) -> None:
    refused(imprint(*words, "--part", "test"), "no question of the part test")
    refused(imprint(*words, "--out", "no/network.json"), "no folder no ")
    refused(imprint(*words, "--out", "small.safetensors"), "small.safetensors exists already")
    refused(imprint(*words, "--weights", "nosuch.safetensors"), "nosuch.safetensors does not exist")
    Path("again").mkdir()
    shutil.copy("small.safetensors", "again/small.safetensors")
    refused(imprint(*words, "--weights", "again/small.safetensors"), "'small' can not stand for ")
    weights(other_folder, "other.safetensors")
    refused(imprint(*words, "--weights", "other.safetensors"), "other.safetensors was trained for another model")


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_a_damaged_file_is_refused_by_name(words: list[str], keep: float) -> None:
    whole = Path("small.safetensors").read_bytes()
    Path("cut.safetensors").write_bytes(whole[: int(keep * len(whole))])
    refused(imprint(*words, "--weights", "cut.safetensors"), "cut.safetensors is not a network of imprint")
    Path("talk.safetensors").write_text("no tensors at all")
    refused(imprint(*words, "--weights", "talk.safetensors"), "talk.safetensors is not a network of imprint")


def test_a_file_that_does_not_hold_what_it_says_is_refused(words: list[str]) -> None:
    whole = Path("small.safetensors").read_bytes()
    size = int.from_bytes(whole[:8], "little")
    head = json.loads(whole[8 : 8 + size])
    about = json.loads(head["__metadata__"]["imprint"])

    def written(name: str, **changes: Any) -> str:
        head["__metadata__"]["imprint"] = json.dumps(about | changes)
        made = json.dumps(head).encode()
        Path(name).write_bytes(len(made).to_bytes(8, "little") + made + whole[8 + size :])
        return name

    other = written("rows.safetensors", config=about["config"] | {"rows": 5})
    refused(imprint(*words, "--weights", other), "rows.safetensors does not hold the network that it says")
    untold = written("untold.safetensors", trained_on=None)
    refused(imprint(*words, "--weights", untold), "untold.safetensors is not a network of imprint")
