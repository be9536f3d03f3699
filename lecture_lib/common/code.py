"""What a function's code says of the names that it reads."""

import dis
from collections.abc import Iterator
from types import CodeType

_READS = ("LOAD_GLOBAL", "LOAD_NAME")


def globals_read(code: CodeType) -> Iterator[str]:
    """Yield the names that code, or a function within it, reads from outside; an attribute is no such name.

    Examples
    --------
    >>> list(globals_read((lambda W: scale * W.T).__code__))
    ['scale']
    """
    for instruction in dis.get_instructions(code):
        if instruction.opname in _READS:
            yield str(instruction.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from globals_read(inner)
