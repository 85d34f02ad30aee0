"""What a model is called does not depend on whether the network was off when it was unpacked."""

import json
from pathlib import Path

from imprint.backbone.folder import identity


def named(folder: Path, **config: object) -> str:
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return identity(folder, [], folder)


def test_the_network_at_unpacking_is_no_part_of_a_model(tmp_path: Path) -> None:
    one = named(tmp_path, local_files_only=True, pad_token="a")
    assert named(tmp_path, local_files_only=False, pad_token="a") == one
    assert named(tmp_path, local_files_only=True, pad_token="b") != one
