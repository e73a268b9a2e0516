"""The shape that ARCHITECTURE.md promises: small files, small functions, nothing hidden."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "midwatch"
LONG_FILE, LONG_FUNCTION, MANY_PARAMETERS = 400, 50, 5
WORLD = {"subprocess", "socket", "sqlite3", "httpx", "http.client", "urllib.request"}
MAY_TOUCH_THE_WORLD = ("plugs", "db", "faces", "engine")
DRAWERS = {"util", "helper", "manager", "misc"}
THE_ONE_FILE_THAT_CALLS_SHFMT = "commands/shfmt.py"


@functools.cache
def trees() -> list[tuple[str, str, tuple[ast.AST, ...]]]:
    """Every file with its text and all nodes of it, read once."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(SOURCE).as_posix()
        found.append((name, text, tuple(ast.walk(ast.parse(text)))))
    return found


def functions(tree: tuple[ast.AST, ...]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in tree:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_files_and_functions_stay_small() -> None:
    long_files = [name for name, text, _ in trees() if text.count("\n") > LONG_FILE]
    long_functions = [
        f"{name}:{node.lineno} {node.name}"
        for name, _, tree in trees()
        for node in functions(tree)
        if (node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION
        or len(node.args.posonlyargs + node.args.args) > MANY_PARAMETERS
    ]

    assert long_files == []
    assert long_functions == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{name}:{inner.lineno}"
        for name, _, tree in trees()
        for node in functions(tree)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_no_except_is_broad() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name, _, tree in trees()
        for node in tree
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]

    assert broad == []


def test_only_the_edges_touch_the_world() -> None:
    reaching = [
        f"{name} imports {module}"
        for name, _, tree in trees()
        for module in imported(tree)
        if module in WORLD
        and not name.startswith(MAY_TOUCH_THE_WORLD)
        and name != THE_ONE_FILE_THAT_CALLS_SHFMT
    ]

    assert reaching == []


def test_only_the_clock_knows_the_time() -> None:
    asking = [
        f"{name}:{node.lineno}"
        for name, _, tree in trees()
        for node in tree
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "time", "monotonic"}
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (getattr(node.value, "id", "") or getattr(node.value, "attr", ""))
        in {"time", "datetime", "date", "dt"}
        and name != "base/clock.py"
    ]

    assert asking == []


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = [
        name
        for name, _, _ in trees()
        if {word.rstrip("s") for word in Path(name).stem.split("_")} & DRAWERS
    ]

    assert drawers == []
