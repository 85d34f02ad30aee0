"""House rules that no tool checks. Each takes a file's text and returns its complaints, "line: what"."""

import ast
import re

MAX_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_ARGUMENTS = 8
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
CODE_FROM_DATA = {"eval", "exec", "torch.load"}
# Built from halves, so that this file passes its own check.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_file(text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines}: the file has {lines} lines, at most {MAX_LINES}"] if lines > MAX_LINES else []


def long_functions(text: str) -> list[str]:
    """Functions above the ceiling, counted from `def` to the last line, docstring included."""
    sizes = [(node, (node.end_lineno or 0) - node.lineno + 1) for node in _functions(text)]
    return [f"{n.lineno}: {n.name} has {size} lines" for n, size in sizes if size > MAX_FUNCTION_LINES]


def long_constructors(text: str) -> list[str]:
    """Constructors with more arguments than a reader can hold; a frozen config dataclass serves instead."""
    complaints = []
    for node in _functions(text):
        count = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs) - 1
        if node.name == "__init__" and count > MAX_ARGUMENTS:
            complaints.append(f"{node.lineno}: __init__ takes {count} arguments, at most {MAX_ARGUMENTS}")
    return complaints


def prints(text: str) -> list[str]:
    return [f"{node.lineno}: print" for node in _calls(text) if _dotted(node.func) == "print"]


def runs_data(text: str) -> list[str]:
    """Ways by which data becomes code: unpicklers, `torch.load`, `eval`, `exec`."""
    used = [(node.lineno, _dotted(node.func)) for node in _calls(text)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            used += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            used += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return [f"{n}: {name}" for n, name in used if name in CODE_FROM_DATA or name.split(".")[0] in PICKLES]


def unfinished(text: str) -> list[str]:
    lines = enumerate(text.splitlines(), start=1)
    return [f"{number}: {found[0]}" for number, line in lines if (found := UNFINISHED.search(line))]


def pages_out_of_nav(pages: set[str], nav: object) -> set[str]:
    """Pages that mkdocs' navigation does not reach."""
    return pages - _leaves(nav)


def _leaves(nav: object) -> set[str]:
    if isinstance(nav, dict):
        nav = list(nav.values())
    if isinstance(nav, list):
        return set().union(*map(_leaves, nav))
    return {str(nav)}


def _functions(text: str) -> list[Function]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, Function)]


def _calls(text: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
