"""Arguments that are not plain data, functions and graphs: they travel as recipes, made where they are used.

A lesson's `recipes.py` has RECIPES, a table of makers: name -> a function that takes a recipe's parts and
gives the argument. The table holds no answers, for it is in the sandbox of the grader too. A case's argument
is then `Recipe("polynomial", (cubes, squares), "f(θ) = θ³ + 2θ²")`. In a notebook and in the sandbox alike,
each call gets an argument that was made anew.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .plain import Foreign, Plain, Recipe, copy, plain

RECIPES: dict[str, Callable[..., object]] = {}


@dataclass(frozen=True, eq=False)
class Made:
    """What a maker gives where the judge has to know more of a call than the argument alone.

    In what the answer gives, `nodes[k]` of a graph becomes Foreign("node k"), as an entry, a value or a key:
    `known` has that by the node's `id`. Then `read` puts beside it what the argument has noted, as how often
    it was called.
    """

    argument: object
    nodes: Sequence[object] = ()
    read: Callable[[Plain], Plain] = lambda value: value

    @functools.cached_property
    def known(self) -> Mapping[int, Foreign]:
        """What stands for each node, by its `id`."""
        return {id(node): Foreign(f"node {number}") for number, node in enumerate(self.nodes)}


def register_recipes(makers: Mapping[str, Callable[..., object]]) -> None:
    """Enter a lesson's makers, by the names that its recipes have.

    Raises
    ------
    ValueError
        If a name is taken by another maker.
    """
    for name, maker in makers.items():
        if RECIPES.setdefault(name, maker) is not maker:
            raise ValueError(f"there are two recipes of the name {name!r}")


def handed_over(arguments: Sequence[Plain]) -> tuple[list[object], Callable[[object], Plain]]:
    """Return the arguments as an answer gets them, and what makes plain data of what it gives."""
    handed: list[object] = []
    known: dict[int, Foreign] = {}
    readers: list[Callable[[Plain], Plain]] = []
    for argument in arguments:
        if type(argument) is not Recipe:
            handed.append(copy(argument))
            continue
        made = RECIPES[argument.name](*(copy(part) for part in argument.parts))
        if isinstance(made, Made):
            known |= made.known
            readers.append(made.read)
        handed.append(made.argument if isinstance(made, Made) else made)

    def read(given: object) -> Plain:
        return functools.reduce(lambda value, reader: reader(value), readers, plain(given, known))

    return handed, read
