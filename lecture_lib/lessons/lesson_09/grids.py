"""The exercise `grid`: every combination of the values that each hyper-parameter may have."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np

from lecture_lib.exercises import (
    Case,
    Edit,
    Exercise,
    Foreign,
    Part,
    Plain,
    Quantity,
    RightAnswer,
    WantedOther,
    alike,
    describe,
    mistakes,
    short,
)
from lecture_lib.exercises.plain import Key

Space = Mapping[str, Sequence[Any]]
Config = dict[Key, Plain]

_RANGES: dict[str, tuple[Any, ...]] = {
    "depth": (2, 3, 4, 5),
    "hidden": (8, 16, 32, 64),
    "rate": (0.1, 0.03, 0.01, 0.003, 0.001),
    "batch": (24, 48, 128),
    "a": ("relu", "tanh", "sigmoid"),
    "decay": (0.0, 0.5, 0.9),
}
"""What inputs are drawn from. No value stands in two of them, so that an exchange shows."""


def _grid_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    """Begin with the lecture's grid, then grids of other names, of one name, and of three and four."""

    def case(space: dict[str, list[Any]]) -> Case:
        configs = _counted(space)
        return Case({"space": space}, {"the combinations": configs, "the order": configs})

    yield case({"depth": [2, 3], "learning_rate": [0.01, 0.001]})
    yield case({"a": ["relu", "tanh", "sigmoid"], "hidden": [16, 32]})
    yield case({"batch": [24, 48, 128]})
    yield case({"decay": [0.0, 0.9], "depth": [2], "rate": [0.1, 0.03, 0.01]})
    for sizes in ((2, 2), (2, 3, 2), (3, 1), (1, 2, 2, 2)):
        names = [str(name) for name in rng.permutation(list(_RANGES))]
        fitting = [name for name in names if len(_RANGES[name]) >= max(sizes)][: len(sizes)]
        yield case({name: _drawn(rng, name, size) for name, size in zip(fitting, sizes, strict=True)})


def _drawn(rng: np.random.Generator, name: str, size: int) -> list[Any]:
    chosen = rng.permutation(len(_RANGES[name]))[:size]
    return [_RANGES[name][place] for place in chosen]


def _counted(space: Space) -> list[Config]:
    """Return all configurations, by counting: each name is a digit, the last one the lowest."""
    configs: list[Config] = []
    for number in range(math.prod(len(values) for values in space.values())):
        digits: list[tuple[str, Any]] = []
        rest = number
        for name in reversed(list(space)):
            rest, digit = divmod(rest, len(space[name]))
            digits.append((name, space[name][digit]))
        configs.append(dict(reversed(digits)))
    return configs


def _form_fault(value: Plain) -> str | None:
    """Say what is wrong with an answer that is no list of dicts."""
    if not isinstance(value, (list, tuple)):
        return f"what came is {describe(value)}; a list of dicts was expected"
    other = next((item for item in value if not isinstance(item, dict)), None)
    if other is not None:
        return f"the list holds {describe(other)}, {short(other, 60)}; a dict for each model was expected"
    return None


def _combinations_fault(value: Plain, expected: list[Config]) -> str | None:
    wrong_form = _form_fault(value)
    if wrong_form:
        return wrong_form
    given = cast("Sequence[dict[str, Plain]]", value)
    if _all_the_same(given, expected):
        return None
    found = [sum(_same(one, config) for one in given) for config in expected]
    strange = [one for one in given if not any(_same(one, config) for config in expected)]
    counted = f"{len(given)} of {len(expected)} configurations" if len(given) != len(expected) else ""
    if strange:
        what = f"{short(cast('Plain', strange[0]), 100)} is none of the combinations"
    elif 0 in found:
        what = f"{short(expected[found.index(0)], 100)} is missing"
    elif max(found) > 1:
        what = f"{short(expected[found.index(max(found))], 100)} is there {max(found)} times"
    else:
        return None
    return f"{counted}: {what}" if counted else what


def _order_fault(value: Plain, expected: list[Config]) -> str | None:
    missing = _combinations_fault(value, expected)
    if missing:
        return missing
    given = cast("Sequence[dict[str, Plain]]", value)
    if _all_the_same(given, expected):
        return None
    pairs = enumerate(zip(given, expected, strict=True))
    place, one, wanted = next((k, a, b) for k, (a, b) in pairs if not _same(a, b))
    seen, meant = short(cast("Plain", one), 100), short(wanted, 100)
    return f"{seen} stands at place {place}, counted from 0; {meant} was expected there"


def _all_the_same(given: Sequence[Mapping[str, Plain]], expected: list[Config]) -> bool:
    return len(given) == len(expected) and all(map(_same, given, expected))


def _same(one: Mapping[str, Plain], config: Config) -> bool:
    return one.keys() == config.keys() and all(_equal(one[str(name)], config[name]) for name in config)


def _equal(one: Plain, value: Plain) -> bool:
    if type(one) is type(value) and type(one) in (int, float, str):
        return one == value
    return alike(one, value, 1e-9)


def _kind(value: Plain) -> Plain:
    """Read what cannot be looked into by what it is: two generators are alike."""
    return value.kind if isinstance(value, Foreign) else value


GRID = RightAnswer(
    "grid",
    """
    def grid(space):
        configs = [{}]
        for name, values in space.items():
            longer = []
            for config in configs:
                for value in values:
                    longer.append({**config, name: value})
            configs = longer
        return configs
    """,
    {"its": itertools},
)
_RETURN, _ENTRY = "return configs", "{**config, name: value}"
_LOOPS = ("for config in configs", "for value in values")
GRID_MISTAKES = (
    Edit("zip for product", (
        {_RETURN: "return [dict(zip(space, values)) for values in zip(*space.values())]"},
        {_RETURN: "return [dict(zip(space, values)) for values in its.zip_longest(*space.values())]"},
    ),
         "You take the first value of each name together, then the second of each, and so on. Which pairs"
         " never meet that way? How many models does the slide train for two ranges of two values?"),
    Edit("begins with nothing", {"configs = [{}]": "configs = []"},
         "Your list stays empty: it begins empty, and there is nothing to add the first name to. With what"
         " does the worked example begin?"),
    Edit("tuples, not dicts", (
        {_RETURN: "return [tuple(config.values()) for config in configs]"},
        {_RETURN: "return [list(config.values()) for config in configs]"},
        {_RETURN: "return [tuple(config.items()) for config in configs]"},
        {_RETURN: "return [list(config.items()) for config in configs]"},
        {_RETURN: "return np.array([list(config.values()) for config in configs])"},
    ),
         "The combinations are there, but not as dicts. How would someone who trains the model ask for"
         " config[\"depth\"]? What has to stand beside each value?"),
    Edit("first name fastest", dict(zip(_LOOPS, reversed(_LOOPS), strict=True)),
         "All combinations are there. From one to the next, the first name changes in yours. Which name"
         " should change at every step, and which should wait? Of two loops, one inside the other, which"
         " turns faster?"),
    Edit("another order", (
        {_RETURN: "return configs[::-1]"},
        {_RETURN: "return sorted(configs, key=str)"},
        {_RETURN: "return sorted(configs, key=lambda config: [str(value) for value in config.values()])"},
    ),
         "All combinations are there, but they were sorted, or turned round. In which order do the values"
         " stand in space?"),
    Edit("one factor at a time", (
        {_RETURN: "base = {name: values[0] for name, values in space.items()}\n"
                  "    return [{**base, name: value} for name, values in space.items() for value in values]"},
        {_RETURN: "base = {name: values[0] for name, values in space.items()}\n"
                  "    return [base] + [\n"
                  "        {**base, name: v} for name, values in space.items() for v in values[1:]\n"
                  "    ]"},
    ),
         "Only one name at a time leaves its first value. Which model is never trained, where two names"
         " have both left theirs? Might it be the best one?"),
    Edit("a dict for each value", (
        {_RETURN: "return [{name: value} for name, values in space.items() for value in values]"},
        {_RETURN: "return [{name: values} for name, values in space.items()]"},
    ),
         "Each of your dicts has one name in it. What does someone need to know who is to train one model?"),
    Edit("one name in each dict", {_ENTRY: "{name: value}"},
         "Each of your dicts holds the last name alone. Where do the values of the names before it go when"
         " a new dict is made?"),
    Edit("the word name", (
        {_ENTRY: '{**config, "name": value}'},
        {_RETURN: 'return [{"name": value} for _, values in space.items() for value in values]'},
    ),
         "A key of your dicts is the word \"name\". dict(name=value), like a name between quotes, makes a"
         " key of the word itself. How is the key written that a variable holds?"),
    Edit("name and value exchanged", {_ENTRY: "{**config, value: name}"},
         "In your dicts the values are the keys. What should one be able to ask a config for?"),
    Edit("the whole range", (
        {_ENTRY: "{**config, name: values}"},
        {_RETURN: "return [dict(space)]"},
        {_RETURN: "return [dict(zip(space, values)) for values in its.product(space.values())]"},
        {_RETURN: "return list(its.product(space.values()))"},
    ),
         "A whole list of values stands where one value was meant. A model has one depth and one learning"
         " rate. If you use product: does it get one argument, or one for each name?"),
    Edit("the letters of the names", (
        {_RETURN: "return list(its.product(*space))"},
        {_RETURN: "return [dict(zip(space, values)) for values in its.product(*space)]"},
        {_RETURN: "return [{name: letter} for name in space for letter in name]"},
    ),
         "Your combinations are made of letters. Going through a dict hands out its keys, here the names."
         " What hands out the lists of values?"),
    Edit("the names alone", (
        {_RETURN: "return list(space)"},
        {_RETURN: "return list(space.values())"},
        {_RETURN: "return list(space.items())"},
        {_RETURN: "return space.items()"},
        {_RETURN: "return space.values()"},
    ),
         "This is what stands in space, in another form. What is to be made of it?"),
    Edit("the same dict each time", (
        {"longer.append({**config, name: value})":
            "config[name] = value\n                longer.append(config)"},
        {_RETURN: "return [configs[-1]] * len(configs)"},
        {_RETURN: "return [configs[-1]] * sum(map(len, space.values()))"},
    ),
         "All of your entries hold the same values: it is one dict, written into again and again. A list"
         " keeps no copy of what is appended. Where must a new dict be made?"),
    Edit("returns too early", {f"\n    {_RETURN}": f"\n        {_RETURN}"},
         "Only the first name is in your dicts. Does a return stand inside a loop, where it ends the"
         " function at the first turn?"),
    Edit("only one configuration", (
        {_RETURN: "return configs[:1]"},
        {_RETURN: "return configs[-1:]"},
        {_RETURN: "return configs[0]"},
        {_RETURN: "return configs[-1]"},
    ),
         "One configuration came. Is there a return inside a loop, or a dict that each turn overwrites?"
         " What collects all of them?"),
    Edit("what is new is not kept", {"configs = longer": "pass"},
         "What you built up is not what you return: you give back what you began with. Which name holds"
         " the new list at the end of each turn, and which one is returned?"),
    Edit("parts of configurations", {"configs = longer": "configs = configs + longer"},
         "Some of your dicts lack a name. They were fine while the other names were still to come. What"
         " should become of them once the longer ones are there?"),
    Edit("an empty dict too many", ({_RETURN: "return [{}] + configs"}, {_RETURN: "return configs + [{}]"}),
         "An empty dict is among your configurations. Which model would it train?"),
    Edit("places in place of values", (
        {_ENTRY: "{**config, name: values.index(value)}"},
        {_ENTRY: "{**config, name: values.index(value) + 1}"},
    ),
         "Your dicts hold the places of the values, and not the values. What does `for i in range(...)`"
         " hand out, and what does `for value in values`?"),
    Edit("the first one missing", ({_RETURN: "return configs[1:]"}, {_RETURN: "return configs[:-1]"}),
         "One combination is missing, the first or the last. Where does your list lose it?"),
    Edit("the names sorted", {"space.items()": "sorted(space.items())"},
         "All combinations are there. You go through the names by the alphabet. In which order do they stand"
         " in space, and so: which is the last?"),
    Edit("each dict as a text", {_RETURN: "return [str(config) for config in configs]"},
         "Your list holds texts that look like dicts. How would someone look up the depth in one of them?"),
    Edit("two names alone", {"space.items()": "list(space.items())[:2]"},
         "At most two names are in your dicts. How many names may a space have?"),
    Edit("two values alone", {_LOOPS[1]: "for value in values[:2]"},
         "At most two values of each name come in. How many may there be?"),
    Edit("values as texts", {_ENTRY: "{**config, name: str(value)}"},
         "Your dicts hold texts: a depth of \"2\" in place of 2. Where were the values made into texts?"),
    Edit("how many", ({_RETURN: "return len(configs)"}, {_RETURN: "return list(range(len(configs)))"}),
         "You counted the configurations. Their number is right: can you return the configurations"
         " themselves?"),
    Edit("lists in a list", (
        {_RETURN: "first = len(next(iter(space.values())))\n"
                  "    size = len(configs) // first\n"
                  "    return [configs[k * size : (k + 1) * size] for k in range(first)]"},
        {_RETURN: "return [[config] for config in configs]"},
        {_RETURN: "return [[{name: value} for value in values] for name, values in space.items()]"},
    ),
         "There are lists within your list. Is something appended that is a list itself? One flat list of"
         " dicts is asked."),
    Edit("each twice", (
        {_RETURN: "return configs + configs"},
        {_RETURN: "return [config for config in configs for _ in range(2)]"},
    ),
         "Each configuration is there twice. Is there a loop too many, or an append too many?"),
    Edit("numbered in a dict", (
        {_RETURN: "return dict(enumerate(configs))"},
        {_RETURN: "return {tuple(config.values()): config for config in configs}"},
        {_RETURN: "return {name: [config[name] for config in configs] for name in space}"},
    ),
         "What you return is a dict itself. Is one dict asked, or a list with a dict for each model?"),
    Edit("any two values", (
        {_RETURN: "return list(its.combinations([v for vs in space.values() for v in vs], 2))"},
        {_RETURN: "return list(its.permutations([v for vs in space.values() for v in vs], 2))"},
    ),
         "Your pairs are drawn from all values in one pot: two depths may be together, with no learning"
         " rate. From where does each of the values of a configuration come?"),
    Edit("an iterator", (
        {_RETURN: "return (config for config in configs)"},
        {_RETURN: "return its.product(*space.values())"},
        {_RETURN: "return map(dict, configs)"},
        {_RETURN: "return zip(*space.values())"},
    ),
         "What you return hands out its entries one after the other, and only once: a generator, a map, a"
         " zip or a product. What makes a list of it? And are its entries dicts?"),
    Edit("two names only", (
        {_RETURN: "one, two = list(space)[:2]\n"
                  "    return [{one: a, two: b} for a in space[one] for b in space[two]]"},
        {_RETURN: "one, two = space\n"
                  "    return [{one: a, two: b} for a in space[one] for b in space[two]]"},
        {_RETURN: "one, two = space.values()\n"
                  "    return [dict(zip(space, (a, b))) for a in one for b in two]"},
        {_RETURN: "one, two = list(space)[0], list(space)[1]\n"
                  "    return [{one: a, two: b} for a in space[one] for b in space[two]]"},
    ),
         "Two loops, one for each of two names: that is right for the slide's grid. What if there is a"
         " third name, or only one? In which form could the combinations of some names be kept while the"
         " next name is added?"),
    Edit("the names of one example", (
        {_RETURN: 'return [{"depth": a, "learning_rate": b} for a in space["depth"]'
                  ' for b in space["learning_rate"]]'},
        {_RETURN: 'return [{"L": a, "eta": b} for a in space["L"] for b in space["eta"]]'},
    ),
         "Names of hyper-parameters are written out in your function, and this space has others. What"
         " hands out the names that space really has?"),
    Edit("the numbers of one example", (
        {_RETURN: 'return [{"depth": a, "learning_rate": b} for a in (2, 3) for b in (0.01, 0.001)]'},
        {_RETURN: 'return [{"depth": a, "learning_rate": b} for b in (0.01, 0.001) for a in (2, 3)]'},
    ),
         "Your list is the same whatever space is: it is that of one example. Where do the names and the"
         " values come from?"),
    Edit("product without import", (
        {_RETURN: "return [dict(zip(space, values)) for values in product(*space.values())]"},
        {_RETURN: "return [dict(zip(space, values)) for values in itertools.product(*space.values())]"},
    ),
         "Python does not know the name that you call: what stands in the module itertools has to be imported"
         " in your cell. It can be done without, too: which loops would do?"),
    Edit("np.product", ({_RETURN: "return np.product(*space.values())"},),
         "NumPy has no function product (np.prod multiplies numbers). A product of sets is meant here:"
         " every value with every other. With loops, how many are needed for two names?"),
    Edit("items without brackets", (
        {"space.items()": "space.items"},
        {"space.items()": "space.values"},
        {"space.items()": "space.keys"},
    ),
         "items, keys and values are functions of a dict. What stands behind a function's name where it is"
         " called?"),
    Edit("items left out", {"space.items()": "space"},
         "Going through a dict hands out its keys alone, and here each was to be taken apart into a name"
         " and its values. What hands out both together?"),
    Edit("append to a dict", {"longer = []": "longer = {}"},
         "append belongs to lists, and you called it on a dict. Which of your names should hold the list"
         " of all configurations, and which one configuration?"),
    Edit("append with several arguments", {"{**config, name: value}": "config, {name: value}"},
         "append takes one thing. You gave it two. Which one dict should be added to the list?"),
    Edit("what cannot be a key", (
        {_ENTRY: "{**config, values: value}"},
        {_RETURN: "return [{values: name} for name, values in space.items()]"},
        {_RETURN: "return list(set(configs))"},
        {_RETURN: "return {config: k for k, config in enumerate(configs)}"},
    ),
         "Lists and dicts can be neither keys of a dict nor members of a set. Which of name, value and"
         " values is to be the key? And does anything here need a set?"),
    Edit("an array of dicts", {_RETURN: "return np.array(configs)"},
         "Your dicts come in an array. Arrays are for numbers: what holds dicts in an order, and is asked?"),
    Edit("takes the names out of space", {
        "for name, values in space.items():":
            "while space:\n        name = next(iter(space))\n        values = space.pop(name)"},
         "pop and popitem take a name out of space itself, so it is empty for whoever made it. What goes"
         " through a dict and leaves it as it is?"),
)  # fmt: skip


grid_of_choices = Exercise(
    id="grid",
    lesson="09",
    slide="Model Selection on the Dev Set",
    asks="grid(space) gives the list of all configurations, a dict each; the last name changes fastest.",
    functions=("grid",),
    signature=("space",),
    quantities=(
        Quantity("the combinations", None, WantedOther(_combinations_fault, read=_kind)),
        Quantity("the order", None, WantedOther(_order_fault, read=_kind)),
    ),
    parts=(
        Part("every combination, once", 1, ("the combinations",)),
        Part("the last name changes fastest", 1, ("the order",)),
    ),
    cases=_grid_cases,
    hints=(
        "With no name at all there is one configuration, the empty dict: [{}]. What becomes of this list"
        " when one name with two values is added? And of that list, when a second name is added?",
        "Each name makes a longer list of the list so far. For each configuration that is there, and for"
        " each value of the new name, there is one new dict: a copy of the configuration with one key"
        " more.",
        "Three loops: over space.items(), then over the configurations so far, then over the values. The"
        " innermost appends a new dict to a new list; after the two inner loops, that list takes the place"
        " of the old one.",
    ),
    twin="outfits, one name after the other, before the exercise",
    misconceptions=mistakes(GRID, GRID_MISTAKES),
)
