"""The right answer of the exercise `grid`, and the mistakes that are known, each an edit of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lecture_lib.exercises import Edit, Mixture, RightAnswer

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
        {_RETURN: "first = next(iter(space))\n"
                  "    return [{name: space[name][k] for name in space} for k in range(len(space[first]))]"},
    ),
         "You take the first value of each name together, then the second of each, and so on. Which pairs"
         " never meet that way? How many models does the slide train for two ranges of two values?"),
    Edit("begins with nothing", {"configs = [{}]": "configs = []"},
         "Your list is empty at the end. If it begins empty, there is nothing to add the first name to."
         " With what does the worked example begin?"),
    Edit("tuples, not dicts", (
        {_RETURN: "return [tuple(config.values()) for config in configs]"},
        {_RETURN: "return [list(config.values()) for config in configs]"},
        {_RETURN: "return [tuple(config.items()) for config in configs]"},
        {_RETURN: "return [list(config.items()) for config in configs]"},
        {_RETURN: "return np.array([list(config.values()) for config in configs])"},
        {_RETURN: "return [tuple({name: config[name]} for name in config) for config in configs]"},
    ),
         "The entries of what you return are not dicts. How would someone who trains the model ask for"
         " config[\"depth\"]? What has to stand beside each value?"),
    Edit("first name fastest", dict(zip(_LOOPS, reversed(_LOOPS), strict=True)),
         "All combinations are there. From one to the next, the first name changes in yours. Which name"
         " should change at every step, and which should wait? Of two loops, one inside the other, which"
         " turns faster?"),
    Edit("another order", (
        {_RETURN: "return configs[::-1]"},
        {_RETURN: "return sorted(configs, key=str)"},
        {_RETURN: "return sorted(configs, key=lambda config: [str(value) for value in config.values()])"},
        {_LOOPS[1]: "for value in sorted(values)"},
        {_LOOPS[1]: "for value in values[::-1]"},
    ),
         "All combinations are there, but something was sorted, or turned round. In which order do the values"
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
    Edit("one name in each dict", ({_ENTRY: "{name: value}"},
                                   {"configs = longer": "pass", _RETURN: "return longer"}),
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
         " What collects all of them?", alone=True),
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
    Edit("a value of each name missing", (
        {_LOOPS[1]: "for value in values[:-1]"},
        {_LOOPS[1]: "for value in values[1:]"},
    ),
         "The first or the last value of each name never comes in. Where does your range or slice begin and"
         " end?"),
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
         "You counted the configurations. Can you return the configurations themselves?"),
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
    Edit("items for values", (
        {_RETURN: "return [dict(row) for row in its.product(*space.items())]"},
        {_RETURN: "return [dict(zip(space, row)) for row in its.product(*space.items())]"},
        {_RETURN: "return list(its.product(*space.items()))"},
    ),
         "items hands out pairs: a name with its whole list. What is to be combined are the lists alone:"
         " which function of a dict hands these out?"),
    Edit("the names for the values", (
        {_RETURN: "return [dict(zip(space, row)) for row in its.product(space)]"},
        {_RETURN: "return [{name: name} for name in space]"},
    ),
         "Names stand where values were meant: going through a dict hands out its names. What hands out the"
         " lists of values, and how many of them are to be combined?"),
    Edit("items left out", {"space.items()": "space"},
         "Going through a dict hands out its keys alone, and here each was to be taken apart into a name"
         " and its values. What hands out both together?"),
    Edit("append to a dict", {"longer = []": "longer = {}"},
         "append belongs to lists, and you called it on a dict. Which of your names should hold the list"
         " of all configurations, and which one configuration?"),
    Edit("extend for append", {"longer.append": "longer.extend"},
         "extend and += add the entries of what they are given one by one, and those of a dict are its names."
         " What adds one dict, whole?"),
    Edit("what update gives back", {_ENTRY: "config.copy().update({name: value})"},
         "update writes into the dict before the dot, and gives back None. What is it that you append?"),
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
         "pop, popitem and del take a name out of space itself, so it is empty for whoever made it. What goes"
         " through a dict and leaves it as it is?"),
)  # fmt: skip


def _rows_by_zip(space: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*space.values(), strict=False))


def _rows_first_fastest(space: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    return [row[::-1] for row in itertools.product(*list(space.values())[::-1])]


def grid_mixtures() -> Iterator[Mixture]:
    """Yield what two mistakes give together of which neither alone is seen in the result."""
    yield Mixture(("zip for product", "tuples, not dicts"), _rows_by_zip)
    yield Mixture(("tuples, not dicts", "first name fastest"), _rows_first_fastest)
