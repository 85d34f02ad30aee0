import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from imprint.config import Config, SamplingDefaults, home_folder, load_config, read_section
from imprint.types import ImprintError


@dataclass(frozen=True)
class Slots:
    count: int
    rate: float = 0.5
    frozen: bool = False
    placement: Literal["late", "prefix"] = "late"
    stages: tuple[int, ...] = ()
    limit: int | None = None


@pytest.fixture
def named_home(tmp_path: Path) -> Iterator[Path]:
    before = os.environ["IMPRINT_HOME"]
    os.environ["IMPRINT_HOME"] = str(tmp_path)
    yield tmp_path
    os.environ["IMPRINT_HOME"] = before


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_file_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path, 'model = "qwen"\n[sampling]\ntemperature = 1\n[methods.lpm]\nslots = 32\n')
    config = load_config(path)
    assert config == Config(model="qwen", sampling=SamplingDefaults(temperature=1.0), methods={"lpm": {"slots": 32}})
    assert type(config.sampling.temperature) is float


def test_no_file_gives_the_defaults(named_home: Path) -> None:
    assert load_config() == Config()


def test_file_in_the_home_folder_is_found(named_home: Path) -> None:
    write(named_home, 'method = "bm25"')
    assert load_config().method == "bm25"
    assert home_folder() == named_home


def test_home_without_a_name_is_the_platforms(named_home: Path) -> None:
    os.environ["IMPRINT_HOME"] = ""
    assert home_folder().is_absolute()
    assert home_folder().name == "imprint"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('modle = "x"', "unknown key 'modle'"),
        ("model = 3", "key 'model' must be a text in quotes"),
        ("threads = true", "key 'threads' must be a whole number"),
        ("threads = -1", "threads is -1, expected 0 or more"),
        ("sampling = 1", "key 'sampling' must be a table"),
        ("[sampling]\ntop = 1.0", "[sampling]: unknown key 'top'"),
        ("[sampling]\ntop_p = 0.0", "[sampling]: top_p is 0.0"),
        ("[sampling]\ntemperature = nan", "key 'temperature' must be a finite number"),
        ("[sampling]\ntemperature = -0.1", "temperature is -0.1"),
        ("[sampling]\nmax_new_tokens = 0", "max_new_tokens is 0"),
        ("[methods]\nlpm = 1", "key 'methods' must be a table"),
        ("model = ", "not valid TOML"),
    ],
)
def test_error_names_file_and_key(tmp_path: Path, text: str, problem: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ImprintError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert problem in str(caught.value)


def test_unknown_key_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ImprintError) as caught:
        load_config(write(tmp_path, "[sampling]\ntop = 1.0"))
    assert caught.value.remedy == "Known keys: max_new_tokens, temperature, top_p"


def test_missing_file_and_other_encodings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImprintError, match=r"cannot read .*absent\.toml"):
        load_config(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b'model = "\xe9"')
    with pytest.raises(ImprintError, match=r"latin\.toml is not UTF-8"):
        load_config(tmp_path / "latin.toml")


def test_section_reads_every_kind_of_field() -> None:
    table = {"count": 4, "rate": 2, "frozen": True, "placement": "prefix", "stages": [1, 2], "limit": 7}
    assert read_section(Slots, table, "here") == Slots(4, 2.0, True, "prefix", (1, 2), 7)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({}, "here: key 'count' is missing"),
        ({"count": 1, "placement": "left"}, "key 'placement' must be 'late' or 'prefix'"),
        ({"count": 1, "stages": [1, "2"]}, "key 'stages' must be a list: a whole number"),
        ({"count": 1, "limit": "7"}, "key 'limit' must be a whole number"),
        ({"count": 1.0}, "key 'count' must be a whole number"),
    ],
)
def test_section_refuses_what_does_not_fit(table: dict[str, object], problem: str) -> None:
    with pytest.raises(ImprintError) as caught:
        read_section(Slots, table, "here")
    assert problem in str(caught.value)
