"""A cell's text as IPython reads it: prompts and indentation taken away, and no line for a notebook only.

IPython's own transformer finds what is not Python, by tokens: no line of a comment, a text or an expression
is taken for a magic, whatever it begins or ends with.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from IPython.core import inputtransformer2

from lecture_grader.inside import WRITTEN

_ipython: Any = inputtransformer2  # it has no types
_KINDS = (_ipython.MagicAssign, _ipython.SystemAssign, _ipython.HelpEnd, _ipython.EscapedCommand)
_RUN_WHAT_FOLLOWS = ("time", "prun", "capture")
_OPTION = r"(?:-[lsTD] *\S+|--?[\w-]+) *"
_FOLLOWED = re.compile(rf"%({'|'.join(_RUN_WHAT_FOLLOWS)})\b *(?:{_OPTION})*(.*)", re.DOTALL)
_CELL_MAGIC = re.compile(r"%%([\w!]+)")
_RUN_ELSEWHERE = (
    *("!", "HTML", "SVG", "bash", "cmd", "file", "html", "javascript", "js", "latex", "markdown", "perl"),
    *("pypy", "python", "python2", "python3", "ruby", "script", "sh", "svg", "sx", "system", "timeit"),
    *("R", "writefile"),
)
"""Cells that IPython itself hands to something else; what other libraries' magics begin is mostly Python."""
_OWN_FILE = re.compile(r"""%%(?:write)?file +(-a +)?(["']?)([\w./-]+)\2\s*""")
_WRITE_IT = (
    "import importlib, os, sys; os.makedirs(os.path.dirname({name!r}) or '.', exist_ok=True);"
    " open({name!r}, {mode!r}, encoding='utf-8').write({text!r});"
    " sys.path.append(''); importlib.invalidate_caches()\n"
)
"""A file of the student's own, for cells below to read. A module is found last, in the place of no other."""
_RUN_A_FILE = re.compile(r"%run +(?:-[^m\s]\w* +)*([\w./-]+?)(?:\.py)?(?!\S)")
_RUN_IT = (
    "exec(compile(open({0!r}, encoding='utf-8').read(), '<cell {0}>', 'exec'))"
    " if __import__('os').path.exists({0!r}) else None"
)
_PYLAB = re.compile(r"%pylab\b")
_AUTOMAGIC = re.compile(
    r"(cat|cd|conda|cp|ls|ll|load_ext|matplotlib|mkdir|mv|pip|pylab|rm|time|timeit|who|whos) +\S.*\s*"
)
"""A cell of one line that Python cannot read, and IPython takes for a magic without its sign."""
_MOST_QUOTED = 40
_MOST_ROUNDS = 20
"""A magic may stand behind a magic, as in `%time !ls`."""


def as_python(source: str) -> tuple[str, list[str]]:
    r"""A cell's source -> what Python can run of it, lines kept in place, and what was left out.

    >>> as_python("%matplotlib inline\nx = 1  # is it?")
    ('pass\nx = 1  # is it?', ['the line "%matplotlib inline" is for a notebook only and was skipped'])
    >>> as_python("%time k = 3")
    ('k = 3', ['of the line "%time k = 3" the statement alone was run'])
    """
    lines = source.splitlines(keepends=True)
    blank = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    above, lines = lines[:blank], lines[blank:]
    for strip in (_ipython.leading_indent, _ipython.classic_prompt, _ipython.ipython_prompt):
        lines = strip(lines)
    notes: list[str] = []
    found = _CELL_MAGIC.match(lines[0]) if lines else None
    if own := _OWN_FILE.fullmatch(lines[0]) if lines else None:
        written = _WRITE_IT.format(name=own[3], mode="a" if own[1] else "w", text="".join(lines[1:]))
        return "".join([*above, written]), [WRITTEN.format(own[3])]
    if found and not lines[0].rstrip().endswith("?"):
        body, more = as_python("".join(lines[1:]))
        known = found[1] in _RUN_WHAT_FOLLOWS
        if found[1] in _RUN_ELSEWHERE or not (known or _is_python(body)):
            return "".join([*above, _gives(lines[0])]), [
                f"the cell begins with {_quoted(lines[0])}, which is for a notebook only; it was skipped"
            ]
        return "".join([*above, _gives(lines[0]) or "pass\n", body]), [_skipped(lines[0]), *more]
    if len(lines) == 1 and _AUTOMAGIC.fullmatch(lines[0]):
        return "".join([*above, "pass\n"]), [_skipped(lines[0])]
    for _ in range(_MOST_ROUNDS):
        places = list(_not_python(lines))
        if not places:
            break
        for place in reversed(places):
            notes.insert(0, _transform(lines, place))
    return "".join([*above, *lines]), notes


def _gives(line: str) -> str:
    """Give the names under which IPython keeps what a cell shows, as in `%%capture out`, a meaning."""
    named = re.findall(r"--(?:out|err|proc)[ =](\w+)", line)
    if line.startswith("%%capture"):
        named = [word for word in line.split()[1:] if word.isidentifier()]
    return "".join(f"{name} = " for name in named) + "get_ipython()\n" if named else ""


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _not_python(lines: list[str]) -> Iterator[Any]:
    """Find what is not Python, one thing a line of the language."""
    end = -1
    for tokens in _ipython.make_tokens_by_line(lines):
        found = next((found for kind in _KINDS if (found := kind.find([tokens]))), None)
        if found is not None and found.start_line > end:
            yield found
            end = _last_line(lines, found)


def _last_line(lines: list[str], found: Any) -> int:
    if isinstance(found, _ipython.HelpEnd):
        return int(found.q_line)
    return min(int(_ipython.find_end_of_continued_line(lines, found.start_line)), len(lines) - 1)


def _transform(lines: list[str], found: Any) -> str:
    """Write what Python can run in the place of what is not Python; return a note."""
    first, last, column = int(found.start_line), _last_line(lines, found), int(found.start_col)
    line, before = lines[first], lines[first][:column]
    text: str = _ipython.assemble_continued_line(lines, (first, column), last)
    followed = _FOLLOWED.match(text)
    if followed and followed[2] and not isinstance(found, _ipython.HelpEnd):
        written, note = before + followed[2], f"of the line {_quoted(line)} the statement alone was run"
    elif (run := _RUN_A_FILE.match(text)) and not run[1].endswith(".ipynb"):
        written = before + _RUN_IT.format(f"{run[1]}.py")
        note = f"of the line {_quoted(line)} the file is run, where a cell has written it"
    elif _PYLAB.match(text):
        written, note = before + "from pylab import *", f"the line {_quoted(line)} is an import"
    elif before.strip():  # what a magic or the shell gives
        written, note = before + "get_ipython()", _skipped(line)
    else:
        written, note = before + "pass", _skipped(line)
    if text[:1] in ",;/":  # a call, in IPython's own way of writing
        written, note = (
            found.transform(lines)[first].rstrip("\n"),
            f"the line {_quoted(line)} is a call",
        )
    end = "\n" if lines[last].endswith("\n") else ""
    lines[first : last + 1] = [written + ("\n" if last > first or end else ""), *["\n"] * (last - first)]
    return note


def _skipped(line: str) -> str:
    return f"the line {_quoted(line)} is for a notebook only and was skipped"


def _quoted(line: str) -> str:
    words = line.strip()
    return f'"{words}"' if len(words) <= _MOST_QUOTED else f'"{words[:_MOST_QUOTED]} …"'
