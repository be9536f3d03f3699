"""A function as a notebook's cell defines it."""

import linecache
from typing import Any

import numpy as np

import lecture_lib as ll


def defined_in_a_cell(source: str, function: str = "", **imported: Any) -> Any:
    """Run a cell; give the function of that name, or its first. A traceback finds its lines."""
    cell = f"<a cell {hash(source)}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(True), cell)
    names = {"np": np, "ll": ll, **imported}
    exec(compile(source, cell, "exec"), names)
    return names[function or source.split("def ")[1].split("(")[0]]
