"""Right answers to the exercises of lesson 09."""

import itertools

import numpy as np


def name_after_name(space):
    configs = [{}]
    for name, values in space.items():
        configs = [{**config, name: value} for config in configs for value in values]
    return configs


def by_itertools(space):
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]


def by_recursion(space):
    if not space:
        return [{}]
    (name, values), *rest = space.items()
    return [{name: value, **config} for value in values for config in by_recursion(dict(rest))]


def by_counting(space):
    sizes = [len(values) for values in space.values()]
    return [
        {name: space[name][place] for name, place in zip(space, places, strict=True)}
        for places in np.ndindex(*sizes)
    ]


def by_copies(space):
    configs = [{}]
    for name in space:
        longer = []
        for config in configs:
            for value in space[name]:
                new = config.copy()
                new[name] = value
                longer.append(new)
        configs = longer
    return configs


def in_a_tuple(space):
    return tuple(by_itertools(space))


def names_in_another_order_within_each(space):
    return [dict(reversed(config.items())) for config in by_itertools(space)]


def min_of_pairs(results):
    return min(results, key=lambda result: (-result["dev_accuracy"], result["dev_loss"]))["config"]


def max_of_pairs(results):
    return max(results, key=lambda result: (result["dev_accuracy"], -result["dev_loss"]))["config"]


def in_a_loop(results):
    best = results[0]
    for result in results[1:]:
        if result["dev_accuracy"] > best["dev_accuracy"] or (
            result["dev_accuracy"] == best["dev_accuracy"] and result["dev_loss"] < best["dev_loss"]
        ):
            best = result
    return best["config"]


def those_that_tie_first(results):
    top = max(result["dev_accuracy"] for result in results)
    tied = [result for result in results if result["dev_accuracy"] == top]
    return min(tied, key=lambda result: result["dev_loss"])["config"]


def sorted_twice(results):
    by_loss = sorted(results, key=lambda result: result["dev_loss"])
    by_accuracy = sorted(by_loss, key=lambda result: result["dev_accuracy"], reverse=True)
    return by_accuracy[0]["config"]


def by_lexsort(results):
    losses = np.array([result["dev_loss"] for result in results])
    accuracies = np.array([result["dev_accuracy"] for result in results])
    return results[np.lexsort((losses, -accuracies))[0]]["config"]


def a_copy_of_the_config(results):
    return dict(max_of_pairs(results))


RIGHT = {
    "grid": [
        name_after_name,
        by_itertools,
        by_recursion,
        by_counting,
        by_copies,
        in_a_tuple,
        names_in_another_order_within_each,
    ],
    "select_best": [
        min_of_pairs,
        max_of_pairs,
        in_a_loop,
        those_that_tie_first,
        sorted_twice,
        by_lexsort,
        a_copy_of_the_config,
    ],
}
