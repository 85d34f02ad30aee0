"""Files of the shared network: which one is used, and what is said of one that cannot be."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.methods import open_method
from imprint.methods.parts.network_file import file_name, open_network, pack, shared_network
from imprint.store.blob import dump, load
from imprint.types import ImprintError
from tests.contracts.samples import NETWORKS, home_at, keep_network, told, trained

CONFIG = replace(NETWORKS["lpm shared blocks"], width=4)
MAKE_IT_AGAIN = "Make it again: imprint train lpm"


@pytest.fixture
def kept(home: Path, backbone: HFBackbone, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network in the home folder."""
    monkeypatch.setenv("IMPRINT_HOME", str(home))
    return keep_network(trained(CONFIG, backbone), backbone)


def about(path: Path) -> dict:
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["imprint"])


def told_otherwise(path: Path, **config: object) -> None:
    """The file says this of its config."""
    told = about(path)
    told["config"] |= config
    save_file(load_file(path), path, {"imprint": json.dumps(told)})


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def text(path: Path) -> None:
    path.write_text("dear diary")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_others(path: Path) -> None:
    save_file(load_file(path), path)


def no_json(path: Path) -> None:
    save_file(load_file(path), path, {"imprint": "{"})


def no_config(path: Path) -> None:
    save_file(load_file(path), path, {"imprint": json.dumps({"backbone": about(path)["backbone"], "config": 3})})


def only_a_word(path: Path) -> None:
    save_file(load_file(path), path, {"imprint": '"backbone"'})


def other_rows(path: Path) -> None:
    told_otherwise(path, rows=CONFIG.rows + 1)


def no_blocks(path: Path) -> None:
    told_otherwise(path, blocks=0)


def unknown_key(path: Path) -> None:
    told_otherwise(path, depth=2)


def odd_heads(path: Path) -> None:
    told_otherwise(path, heads=3)


def many_rows(path: Path) -> None:
    told_otherwise(path, rows="many")


def a_tensor_less(path: Path) -> None:
    tensors, head = load_file(path), {"imprint": json.dumps(about(path))}
    del tensors["shift"]
    save_file(tensors, path, head)


def not_finite(value: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        tensors, head = load_file(path), {"imprint": json.dumps(about(path))}
        tensors["shift"][0, 0] = value
        save_file(tensors, path, head)

    return spoil


DAMAGED = (cut, text, empty, of_others, no_json, no_config, only_a_word)
UNFIT = (other_rows, no_blocks, unknown_key, odd_heads, many_rows, a_tensor_less)
SPOILT = (not_finite(float("nan")), not_finite(float("inf")))
FAULTS = [
    *((spoil, "is not a network of imprint, or is damaged") for spoil in DAMAGED),
    *((spoil, "does not hold the network that it says it holds") for spoil in UNFIT),
    *((spoil, "holds values that are not finite") for spoil in SPOILT),
]


@pytest.mark.parametrize(("spoil", "said"), FAULTS)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    kept: Path, backbone: HFBackbone, encoder: Hashing, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(kept)
    with pytest.raises(ImprintError) as opened:
        open_network(kept, backbone)
    assert str(opened.value) == f"{kept} {said}. {MAKE_IT_AGAIN}"
    with pytest.raises(ImprintError) as used:
        open_method("lpm", {}, backbone, encoder)
    assert str(used.value) == str(opened.value)


def test_a_file_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path, backbone: HFBackbone) -> None:
    with pytest.raises(ImprintError, match=f"is not a network of imprint, or is damaged. {MAKE_IT_AGAIN}"):
        open_network(tmp_path / "none.safetensors", backbone)


def test_a_network_of_another_model_is_refused_and_not_looked_for(kept: Path, backbone: HFBackbone) -> None:
    other = tiny_backbone("llama", seed=1)
    with pytest.raises(
        ImprintError, match="was trained for another model. Train one for this model: imprint train lpm"
    ):
        open_network(kept, other)
    assert shared_network(other, "late") is None
    kept.rename(kept.with_name(file_name(other, "late")))
    assert shared_network(other, "late") is None


def test_what_was_packed_is_opened(kept: Path, backbone: HFBackbone) -> None:
    """In half precision; the numbers come back in single."""
    network, found = trained(CONFIG, backbone), open_network(kept, backbone)
    assert found.network.config == CONFIG
    back = found.network.state_dict()
    assert list(back) == list(network.state_dict())
    for name, tensor in network.state_dict().items():
        assert torch.equal(back[name], tensor.half().float()), name
    assert pack(found.network, backbone, {}) == kept.read_bytes()
    kept.write_bytes(pack(network, backbone, {"steps": 7}))
    assert about(kept) == {"backbone": backbone.id, "config": asdict(CONFIG), "trained_on": {"steps": 7}}
    assert open_network(kept, backbone).stamp != found.stamp


def test_a_file_of_ones_own_comes_before_the_one_that_ships(kept: Path, backbone: HFBackbone, tmp_path: Path) -> None:
    shipped, bare = tmp_path / "shipped", tmp_path / "bare"
    shipped.mkdir()
    other = tiny_backbone("llama", seed=1)
    (shipped / "lpm-a.safetensors").write_bytes(pack(trained(CONFIG, other), other, {}))
    (shipped / "lpm-b.safetensors").write_bytes(pack(trained(CONFIG, backbone, seed=5), backbone, {}))
    own = shared_network(backbone, "late", shipped)
    with home_at(bare):
        ships = shared_network(backbone, "late", shipped)
        assert shared_network(backbone, "prefix", shipped) is None
    assert own is not None
    assert ships is not None
    assert own.stamp == open_network(kept, backbone).stamp
    assert ships.stamp == open_network(shipped / "lpm-b.safetensors", backbone).stamp
    assert torch.equal(ships.network.shift, trained(CONFIG, backbone, seed=5).shift.half().float())
    assert not torch.equal(ships.network.shift, own.network.shift)


def test_a_network_for_another_placement_is_not_used(kept: Path, backbone: HFBackbone, encoder: Hashing) -> None:
    assert shared_network(backbone, "late") is not None
    assert shared_network(backbone, "prefix") is None
    kept.rename(kept.with_name(file_name(backbone, "prefix")))
    assert shared_network(backbone, "prefix") is None
    assert shared_network(backbone, "late") is None
    method = open_method("lpm", {"lpm": {"placement": "prefix"}}, backbone, encoder)
    assert "values" in method.write(method.empty(), told("I live in Lund.")).tensors


@pytest.mark.parametrize("table", [{"network": "none"}, {"form": "published"}])
def test_a_form_without_it_leaves_the_network_alone(
    kept: Path, backbone: HFBackbone, encoder: Hashing, table: dict
) -> None:
    text(kept)
    with_file = open_method("lpm", {"lpm": table}, backbone, encoder).fingerprint()
    kept.unlink()
    assert open_method("lpm", {"lpm": table}, backbone, encoder).fingerprint() == with_file


def test_a_memory_of_another_network_is_refused_with_the_command_that_remakes_it(
    kept: Path, backbone: HFBackbone, encoder: Hashing
) -> None:
    def opened() -> tuple[bytes, str]:
        method = open_method("lpm", {}, backbone, encoder)
        memory = method.write(method.empty(), told("I live in Lund."))
        assert load(dump(memory), method.fingerprint()).fingerprint == memory.fingerprint
        return dump(memory), method.fingerprint().weights

    def refuses(data: bytes) -> None:
        fingerprint = open_method("lpm", {}, backbone, encoder).fingerprint()
        with pytest.raises(ImprintError) as error:
            load(data, fingerprint, "ottilie")
        assert error.value.problem == "the memory was made with other shared weights"
        assert error.value.remedy == "Make it again from the ledger: imprint sleep --user ottilie"

    first, weights = opened()
    keep_network(trained(CONFIG, backbone, seed=1), backbone)
    refuses(first)
    second, others = opened()
    kept.unlink()
    refuses(first)
    refuses(second)
    _, none = opened()
    assert len({weights, others, none}) == 3
    keep_network(trained(CONFIG, backbone), backbone)
    assert opened() == (first, weights)
