"""LoRA: W x + (alpha / r) B A x, its start, its loss and its gradient (arXiv 2106.09685)."""

from math import sqrt

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model
from torch.func import functional_call

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.fit.losses import answer_cross_entropy
from imprint.fit.rows import make_row, run_whole
from imprint.fit.runs import Run
from imprint.methods.lora import PIECE, LoRA, LoRAConfig
from imprint.study.questions import make_study
from imprint.tensors import Adapter
from imprint.types import ImprintError
from tests.contracts.samples import told
from tests.equations import naive, plain
from tests.equations.told import STUDY, TURNS, questions

CLOSE = 1e-5
STEM = "base_model.model."


@pytest.fixture(scope="module")
def llama() -> HFBackbone:
    made = tiny_backbone("llama")
    made.model.double()
    return made


def noise(backbone: HFBackbone, rank: int = 3, alpha: float = 5.0) -> Adapter:
    targets = ("q_proj", "v_proj")
    random = torch.Generator().manual_seed(0)
    shapes = backbone.adapter_shapes(rank, targets)
    tensors = {n: torch.randn(s, generator=random).double().mul(0.3).requires_grad_() for n, s in shapes.items()}
    return Adapter(tensors, rank, alpha, targets)


def test_a_layer_gives_w_x_plus_alpha_over_r_b_a_x(llama: HFBackbone) -> None:
    adapter, name = noise(llama), "model.layers.1.self_attn.v_proj"
    x = torch.randn(1, 4, llama.width, generator=torch.Generator().manual_seed(1)).double()
    with llama.adapters([adapter]):
        out = llama.model.get_submodule(name)(x)[0]
    weight = llama.model.get_submodule(name).weight
    rows = naive.table(x[0])
    low = naive.linear(rows, adapter.tensors[f"{STEM}{name}.lora_A.weight"], None)
    delta = naive.linear(low, adapter.tensors[f"{STEM}{name}.lora_B.weight"], None)
    bare = naive.linear(rows, weight, None)
    for i, row in enumerate(naive.table(out)):
        assert row == pytest.approx([w + 5.0 / 3 * ba for w, ba in zip(bare[i], delta[i], strict=True)], abs=CLOSE)


def test_loss_and_gradient_are_those_of_the_merged_weights(llama: HFBackbone) -> None:
    adapter = noise(llama)
    rows = [make_row(llama, question, "late") for question in questions()]
    with llama.adapters([adapter] * len(rows)):
        out = run_whole(llama, rows)
    loss = answer_cross_entropy(out.logits, out.targets)
    got = torch.autograd.grad(loss, list(adapter.tensors.values()))
    merged = {}
    for key in adapter.tensors:
        if key.endswith("lora_A.weight"):
            layer = key.removeprefix(STEM).removesuffix(".lora_A.weight")
            a, b = adapter.tensors[key], adapter.tensors[key.replace("lora_A", "lora_B")]
            merged[f"{layer}.weight"] = llama.model.get_submodule(layer).weight + 5.0 / 3 * b @ a

    expected = plain.cross_entropy(lambda **inputs: functional_call(llama.model, merged, kwargs=inputs), rows)
    assert (loss - expected).abs() < CLOSE
    for mine, theirs in zip(got, torch.autograd.grad(expected, list(adapter.tensors.values())), strict=True):
        assert theirs.abs().max() > 10 * CLOSE
        assert (mine - theirs).abs().max() < CLOSE


def test_it_starts_as_pefts_does_and_as_the_bare_model() -> None:
    backbone = tiny_backbone("llama")
    method = LoRA(LoRAConfig(rank=4), backbone, Hashing())
    tensors = method._start()
    twin = inject_adapter_in_model(
        LoraConfig(r=4, lora_alpha=32, target_modules=list(method.config.targets)), tiny_backbone("llama").model
    )
    theirs = {f"{STEM}{n.replace('.default', '')}": p for n, p in twin.named_parameters() if "lora_" in n}
    assert {name: tensor.shape for name, tensor in tensors.items()} == {n: p.shape for n, p in theirs.items()}
    for name, tensor in tensors.items():
        most = 1 / sqrt(tensor.shape[1])
        if ".lora_B." in name:
            assert tensor.abs().max() == theirs[name].abs().max() == 0
        else:
            for values in (tensor, theirs[name]):
                assert 0.9 * most < values.abs().max() <= most
    ids = torch.tensor([backbone.tokenize("just as before")])
    rows, mask = backbone.embed(ids), torch.ones_like(ids, dtype=torch.bool)
    with backbone.adapters([method._of(tensors)]), torch.no_grad():
        adapted = backbone.forward(rows, mask)
    assert torch.equal(adapted, backbone.forward(rows, mask))


class First:
    """Keeps the first loss of a fit."""

    loss = ""

    def start(self, what: str, total: int) -> None:
        """Stages are not kept."""

    def advance(self, done: int, note: str = "") -> None:
        self.loss = self.loss or note.split()[1].rstrip(",")


def test_plain_fine_tuning_predicts_every_token_of_every_own_turn() -> None:
    backbone = tiny_backbone("llama")
    method, seen = LoRA(LoRAConfig(learn="turns"), backbone, Hashing()), First()
    method.consolidate(method.empty(), STUDY, Run(seen))
    losses = []
    for turn in TURNS:
        ids = backbone.tokenizer(f"<|im_start|>user\n{turn.text}")["input_ids"]
        own = len(backbone.tokenize(turn.text))
        logits = backbone.model(input_ids=torch.tensor([ids])).logits[0]
        for at in range(len(ids) - own, len(ids)):
            losses.append(float(torch.logsumexp(logits[at - 1], 0) - logits[at - 1][ids[at]]))
    assert seen.loss == f"{sum(losses) / len(losses):.2f}"


def test_a_long_turn_is_learned_in_pieces_that_leave_nothing_out() -> None:
    backbone = tiny_backbone("llama")
    long = "I walked along the canal. " * 40
    rows = LoRA(LoRAConfig(learn="turns"), backbone, Hashing())._turn_rows(make_study(told(long, "I like tea.")))
    assert [token for row in rows for token in row.answer] == backbone.tokenize(long) + backbone.tokenize("I like tea.")
    assert max(len(row.answer) for row in rows) == PIECE
    assert {row.tail for row in rows} == {rows[0].tail}


def test_layers_that_are_not_there_are_named() -> None:
    backbone = tiny_backbone("gpt_neox")
    method = LoRA(LoRAConfig(), backbone, Hashing())
    with pytest.raises(
        ImprintError, match="this model has no layer q_proj, k_proj, v_proj, o_proj. Choose .*query_key_value"
    ):
        method.consolidate(method.empty(), STUDY, Run())
