"""Arguments that are not plain data, functions and graphs: they travel as recipes, made where they are used.

A lesson's `recipes.py` has RECIPES, a table of makers: name -> a function that takes a recipe's parts and
gives the argument. The table holds no answers, for it is in the sandbox of the grader too. A case's argument
is then `Recipe("polynomial", (cubes, squares), "f(θ) = θ³ + 2θ²")`. In a notebook and in the sandbox alike,
each call gets an argument that was made anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .plain import Foreign, Plain, Recipe, copy

RECIPES: dict[str, Callable[..., object]] = {}


@dataclass(frozen=True, eq=False)
class Made:
    """What a maker gives where parts of the argument may be in what comes back, as the nodes of a graph.

    In what the answer gives, `nodes[k]` becomes Foreign("node k"), as an entry, a value or a key: `known` has
    that by the node's `id`.
    """

    argument: object
    nodes: Sequence[object] = ()
    known: Mapping[int, Foreign] = field(init=False)

    def __post_init__(self) -> None:
        known = {id(node): Foreign(f"node {number}") for number, node in enumerate(self.nodes)}
        object.__setattr__(self, "known", known)


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


def handed_over(arguments: Sequence[Plain]) -> tuple[list[object], dict[int, Foreign]]:
    """Return the arguments as an answer gets them, and what parts of them become, by `id`."""
    handed: list[object] = []
    known: dict[int, Foreign] = {}
    for argument in arguments:
        if type(argument) is not Recipe:
            handed.append(copy(argument))
            continue
        made = RECIPES[argument.name](*(copy(part) for part in argument.parts))
        if isinstance(made, Made):
            known |= made.known
        handed.append(made.argument if isinstance(made, Made) else made)
    return handed, known
