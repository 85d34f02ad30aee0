"""Settings: one TOML file, read into frozen dataclasses. An unknown key or a wrong type is an error."""

import dataclasses
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import platformdirs

from imprint.types import ImprintError

T = TypeVar("T")


@dataclass(frozen=True)
class SamplingDefaults:
    """How replies are sampled when a command does not say. Table `[sampling]`."""

    max_new_tokens: int = 256
    """Longest reply, in tokens of the model."""
    temperature: float = 0.0
    """0 is greedy."""
    top_p: float = 1.0
    """Share of probability kept for sampling, above 0 and at most 1."""

    def __post_init__(self) -> None:
        if self.max_new_tokens < 1:
            raise ValueError(f"max_new_tokens is {self.max_new_tokens}, expected 1 or more")
        if self.temperature < 0:
            raise ValueError(f"temperature is {self.temperature}, expected 0 or more")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p is {self.top_p}, expected more than 0 and at most 1")


@dataclass(frozen=True)
class Config:
    """What a command starts from; its options override single values."""

    model: str = "embedded"
    """The frozen LLM: a folder, a GGUF file, a hub id or "embedded"."""
    method: str = "lpm"
    """Which memory method writes and reads."""
    encoder: str = "minilm"
    """Which sentence encoder turns an utterance into a vector."""
    reader: str = "auto"
    """What reads the user's turns: "learned", "rules", or "auto": learned where its encoder and weights are there."""
    threads: int = 0
    """CPU threads of torch; 0 leaves torch's own choice. Memories are byte-equal only at an equal count."""
    sampling: SamplingDefaults = SamplingDefaults()
    methods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Raw tables `[methods.NAME]`; a method reads its own into its config dataclass with `read_section`."""
    arms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Raw tables `[arms.NAME]`: arms of `imprint eval` besides the built-in ones."""
    evals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Raw tables `[evals.BENCHMARK]`: options of a benchmark."""
    serve: Mapping[str, Any] = field(default_factory=dict)
    """Raw table `[serve]`, read by `serve/settings.py`."""

    def __post_init__(self) -> None:
        if self.threads < 0:
            raise ValueError(f"threads is {self.threads}, expected 0 or more")


def home_folder() -> Path:
    """Where data is kept: IMPRINT_HOME, or the platform's folder for user data. It may not exist yet."""
    named = os.environ.get("IMPRINT_HOME", "")
    try:
        return Path(named).expanduser().absolute() if named else Path(platformdirs.user_data_dir("imprint"))
    except RuntimeError as error:
        raise ImprintError(f"IMPRINT_HOME names the home of nobody: {named}", "Write the whole path") from error


def load_config(path: Path | None = None) -> Config:
    """Read `path`, or `config.toml` in the home folder where there is one, or the defaults."""
    if path is None:
        path = home_folder() / "config.toml"
        if not path.exists():
            return Config()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImprintError(f"cannot read {path}: {error.strerror}", "Name a TOML file") from error
    except UnicodeDecodeError as error:
        raise ImprintError(f"{path} is not UTF-8 text", "Save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ImprintError(f"{path} is not valid TOML: {error}", "Mend that line") from error
    return read_section(Config, table, str(path))


def read_section(cls: type[T], table: Mapping[str, Any], where: str) -> T:
    """Build the frozen dataclass `cls` from a TOML table.

    `where` names the table in errors ("config.toml [sampling]"). A field may be bool, int, float, str,
    a Literal, a tuple or union of these, a mapping, or another dataclass. A ValueError of `__post_init__`
    is reported with `where`. Raises ImprintError.
    """
    hints = get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cast(Any, cls)) if f.init}
    known = f"Known keys: {', '.join(fields)}"
    for key in table:
        if key not in fields:
            raise ImprintError(f"{where}: unknown key {key!r}", known)
    for name, f in fields.items():
        absent = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        if absent and name not in table:
            raise ImprintError(f"{where}: key {name!r} is missing", known)
    values = {key: _value(hints[key], raw, key, where, known) for key, raw in table.items()}
    try:
        return cls(**values)
    except ValueError as error:
        raise ImprintError(f"{where}: {error}", "Change it there") from error


def _value(hint: Any, raw: Any, key: str, where: str, known: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(raw, Mapping):
        return read_section(hint, raw, f"{where} [{key}]")
    if not _fits(hint, raw):
        raise ImprintError(f"{where}: key {key!r} must be {_name(hint)}", known)
    return _convert(hint, raw)


def _fits(hint: Any, raw: Any) -> bool:
    """Whether a TOML value may stand for a field of type `hint`."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(arg, raw) for arg in args)
    if origin is Literal:
        return any(raw == arg and type(raw) is type(arg) for arg in args)
    if origin is tuple:
        if not isinstance(raw, list):
            return False
        if args[-1] is Ellipsis:
            return all(_fits(args[0], item) for item in raw)
        return len(raw) == len(args) and all(map(_fits, args, raw))
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(raw, Mapping) and all(_fits(args[1], item) for item in raw.values())
    if hint is float:
        return type(raw) in (int, float) and math.isfinite(raw)
    return hint is Any or type(raw) is hint  # `type is`, so that true is no int


def _convert(hint: Any, raw: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _convert(next(arg for arg in args if _fits(arg, raw)), raw)
    if origin is tuple:
        hints = [args[0]] * len(raw) if args[-1] is Ellipsis else args
        return tuple(map(_convert, hints, raw))
    return float(raw) if hint is float else raw


def _name(hint: Any) -> str:
    """The type as one would write it in TOML."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(_name(arg) for arg in args if arg is not NoneType)
    if origin is Literal:
        return " or ".join(repr(arg) for arg in args)
    if origin is tuple:
        length = "" if args[-1] is Ellipsis else f" of {len(args)}"
        return f"a list{length}: {', '.join(_name(arg) for arg in args if arg is not Ellipsis)}"
    if dataclasses.is_dataclass(hint) or (origin is not None and issubclass(origin, Mapping)):
        return "a table"
    plain = {bool: "true or false", int: "a whole number", float: "a finite number", str: "a text in quotes"}
    return plain.get(hint, getattr(hint, "__name__", str(hint)))
