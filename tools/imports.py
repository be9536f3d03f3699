"""The house as its imports have it: which room imports which, and whether every import goes down.

Read are `import` statements, inside functions too, and imports by name or by path: `import_module("a.b")`,
`__import__`, `runpy`, `spec_from_file_location` and the like.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "lecture_lib.common": 0,
    "lecture_lib.autodiff": 1,
    "lecture_lib.learning": 2,
    "lecture_lib.show": 3,
    "lecture_lib.explore": 4,
    "lecture_lib.exercises": 4,
    "lecture_lib.lessons": 5,
    "lecture_lib": 6,  # its face, which finds a name in the rooms
    "solutions": 7,
    "lecture_grader": 8,
}
"""Each room, and how high it lies: it imports what lies lower."""

OUTSIDE = {0: {"numpy"}, 1: {"numpy"}, 2: {"numpy", "tqdm"}}
"""What a floor imports besides the standard library; the other floors choose."""

BY_PATH = {
    "lecture_grader/exports/project.py": "solutions",
    "lecture_grader/inside/entering.py": "lecture_lib.autodiff",
}
"""Which file runs another by its path, and the room this lies in. Only the grader knows the solutions."""

_BY_NAME = {
    "__import__",
    "builtins.__import__",
    "importlib.__import__",
    "importlib.import_module",
    "pkgutil.resolve_name",
    "runpy.run_module",
}
_LOADERS = {
    "importlib.machinery.SourceFileLoader",
    "importlib.util.spec_from_file_location",
    "runpy.run_path",
}


@dataclass(frozen=True)
class Import:
    """An import in a file: the line, and the module's absolute name.

    Of a name that is put together when the program runs, what is known of it: "lecture_lib" of
    `f"lecture_lib.{room}"`, "" of a variable.
    """

    line: int
    name: str
    how: str = "imports"


def room_of(name: str) -> str:
    """Give the room that a module is in: "lecture_lib.show" of "lecture_lib.show.svg"."""
    rooms = [room for room in FLOORS if f"{name}.".startswith(f"{room}.")]
    return max(rooms, key=len, default=name.partition(".")[0])


def modules(root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Give each module of ours as (room, path)."""
    for top in sorted({room.partition(".")[0] for room in FLOORS}):
        for path in sorted((root / top).rglob("*.py")):
            package = ".".join(path.relative_to(root).parts[:-1])
            is_new = "." in package and room_of(package) == top == "lecture_lib"
            yield ".".join(package.split(".")[:2]) if is_new else room_of(package), path


def imports_of(path: Path, root: Path = ROOT) -> Iterator[Import]:
    """Give each import of a module."""
    inside = path.relative_to(root)
    package = ".".join(inside.parts[:-1])
    own = package if path.name == "__init__.py" else ".".join(inside.with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            base = resolve_name(base, package) if node.level else base
            for alias in node.names:  # in "from lecture_lib import show" the room comes last
                yield Import(node.lineno, f"{base}.{alias.name}" if base == "lecture_lib" else base)
    yield from _Calls(tree, package, own, inside.as_posix()).found()


class _Calls:
    """The imports that a module makes by calling a function."""

    def __init__(self, tree: ast.Module, package: str, own: str, file: str) -> None:
        self.tree, self.package, self.file = tree, package, file
        self.texts: dict[str, str] = {"__name__": own, "__package__": package}
        self.aliases: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.aliases |= {alias.asname: alias.name for alias in node.names if alias.asname}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
                self.aliases |= names
        for node in tree.body:
            match node:
                case ast.Assign([ast.Name(name)], ast.Constant(str(text))):
                    self.texts[name] = text
                case _:
                    pass

    def found(self) -> Iterator[Import]:
        calls = {id(node.func): node for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        for node in ast.walk(self.tree):
            name = self.dotted(node)
            if name in _BY_NAME:
                call = calls.get(id(node))
                yield Import(node.lineno, self.module_of(call) if call else "", "imports by its name")
            elif name in _LOADERS:
                yield Import(node.lineno, BY_PATH.get(self.file, ""), "runs by its path")

    def dotted(self, node: ast.AST) -> str:
        """Give what a name or an attribute stands for: "importlib.import_module"."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute) and (of := self.dotted(node.value)):
            return f"{of}.{node.attr}"
        return ""

    def module_of(self, call: ast.Call) -> str:
        """Give the name that a call imports, as far as it can be read."""
        given = [*call.args, *(word.value for word in call.keywords)]
        text, whole = self.text_of(given[0]) if given else ("", False)
        if text.startswith("."):
            package, known = self.text_of(given[1]) if len(given) > 1 else ("", False)
            text, whole = (resolve_name(text, package), whole) if known else ("", False)
        return text.partition(":")[0] if whole else text.rpartition(".")[0]

    def text_of(self, node: ast.expr) -> tuple[str, bool]:
        """Give the beginning of a text that is known, and whether that is all of it."""
        if isinstance(node, ast.Constant):
            return str(node.value), True
        if isinstance(node, ast.Name) and node.id in self.texts:
            return self.texts[node.id], True
        if isinstance(node, ast.FormattedValue):
            return self.text_of(node.value)
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [node.left, node.right]
        text, whole = "", bool(parts)
        for part in parts:
            if whole:
                more, whole = self.text_of(part)
                text += more
        return text, whole


def wrong_imports(root: Path = ROOT) -> list[str]:
    """List the imports that do not go down, each in a sentence."""
    wrong: list[str] = []
    for room, path in modules(root):
        if room not in FLOORS:
            wrong.append(f"{room} has no floor: give it one in tools/imports.py")
            continue
        for found in imports_of(path, root):
            if not _is_sound(room, found):
                what = found.name or "what cannot be read here"
                wrong.append(f"{path.relative_to(root)}:{found.line} {found.how} {what}")
    return wrong


def _is_sound(room: str, found: Import) -> bool:
    target, top = room_of(found.name), found.name.partition(".")[0]
    highest = max(FLOORS.values())
    if not found.name:  # it may be anything
        return FLOORS[room] == highest and found.how != "runs by its path"
    if top in {name.partition(".")[0] for name in FLOORS}:
        return target == room or FLOORS.get(target, highest + 1) < FLOORS[room]
    return top in sys.stdlib_module_names or top in OUTSIDE.get(FLOORS[room], {top})


def links(root: Path = ROOT) -> set[tuple[str, str]]:
    """Give which room imports which, as (room, the one beneath it).

    A face that looks for a room of its own, as lecture_lib's does, imports each of them.
    """
    found: set[tuple[str, str]] = set()
    for room, path in modules(root):
        for each in imports_of(path, root):
            own = [other for other in FLOORS if each.name == room and other.startswith(f"{room}.")]
            found |= {(room, other) for other in own or [room_of(each.name)]}
    return {(room, other) for room, other in found if other in FLOORS and other != room}
