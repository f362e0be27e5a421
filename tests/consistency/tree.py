"""The project's own files, and the names inside its Python modules."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
TEMPLATES = SOURCE / "cabinet" / "web" / "templates"

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """What git keeps or would keep: nothing generated, nothing installed."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def under(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder, by suffix."""
    return [path for path in files() if path.suffix == suffix and path.is_relative_to(folder)]


def short(path: Path) -> str:
    """The name that a failure shows."""
    return path.relative_to(ROOT).as_posix()


@cache
def module(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of one file."""
    for node in ast.walk(module(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: Function) -> int:
    """Lines from ``def`` to the last one."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def called_name(call: ast.Call) -> str:
    """The last word of what is called."""
    target = call.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string constant below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
