"""Wrong answers to lesson 09's exercises, as three kinds of student would write them."""

import itertools

import lecture_lib as ll

# ruff: noqa: B007, F821, PERF102, PERF401, PERF403, RUF015, SIM114 (written as students write)

# ------------------------------------------------------------------ grid


def grid_by_zip(space):
    return [dict(zip(space, row, strict=True)) for row in zip(*space.values(), strict=False)]


def grid_of_tuples(space):
    return list(itertools.product(*space.values()))


def grid_of_an_iterator(space):
    return itertools.product(*space.values())


def grid_first_fastest(space):
    names = list(space)[::-1]
    rows = itertools.product(*[space[name] for name in names])
    return [dict(zip(names, row, strict=True)) for row in rows]


def grid_one_at_a_time(space):
    base = {name: values[0] for name, values in space.items()}
    configs = []
    for name in space:
        for value in space[name]:
            config = dict(base)
            config[name] = value
            configs.append(config)
    return configs


def grid_with_one_dict(space):
    names = list(space)
    config, configs = {}, []
    for row in itertools.product(*space.values()):
        for name, value in zip(names, row, strict=True):
            config[name] = value
        configs.append(config)
    return configs


def grid_of_the_slide(space):
    configs = []
    for depth in space["depth"]:
        for rate in space["learning_rate"]:
            configs.append({"depth": depth, "learning_rate": rate})
    return configs


def grid_of_two(space):
    first, second = space
    return [{first: a, second: b} for a in space[first] for b in space[second]]


def grid_returns_in_the_loop(space):
    configs = [{}]
    for name, values in space.items():
        configs = [{**config, name: value} for config in configs for value in values]
        return configs


def grid_of_single_values(space):
    configs = []
    for name in space:
        for value in space[name]:
            configs.append({name: value})
    return configs


def grid_with_dict_keyword(space):
    configs = [{}]
    for name, values in space.items():
        configs = [dict(config, name=value) for config in configs for value in values]
    return configs


def grid_without_a_star(space):
    return [dict(zip(space, row, strict=False)) for row in itertools.product(space.values())]


def grid_of_names(space):
    return [dict(zip(space, row, strict=True)) for row in itertools.product(*space)]


def grid_unpacks_keys(space):
    configs = [{}]
    for name, values in space:
        configs = [{**config, name: value} for config in configs for value in values]
    return configs


def grid_without_import(space):
    return [dict(zip(space, row, strict=True)) for row in product(*space.values())]


def grid_pops(space):
    configs = [{}]
    while space:
        name = list(space)[0]
        values = space.pop(name)
        configs = [{**config, name: value} for config in configs for value in values]
    return configs


def grid_adds_a_list(space):
    configs = []
    for name, values in space.items():
        configs.append([{name: value} for value in values])
    return configs


def grid_prints(space):
    for row in itertools.product(*space.values()):
        print(dict(zip(space, row, strict=True)))


def grid_of_the_library(space):
    return ll.grid(space)


def grid_without_the_last(space):
    return [dict(zip(space, row, strict=True)) for row in itertools.product(*space.values())][:-1]


# ------------------------------------------------------------------ select_best


def best_by_test(results):
    return max(results, key=lambda r: (r["test_accuracy"], -r["dev_loss"]))["config"]


def best_by_test_where_all_else_is_equal(results):
    return max(results, key=lambda r: (r["dev_accuracy"], -r["dev_loss"], r["test_accuracy"]))["config"]


def best_by_the_worst_test_where_all_else_is_equal(results):
    return min(results, key=lambda r: (-r["dev_accuracy"], r["dev_loss"], r["test_accuracy"]))["config"]


def best_by_the_smallest_gap_where_all_else_is_equal(results):
    gap = lambda r: abs(r["dev_accuracy"] - r["test_accuracy"])
    return min(results, key=lambda r: (-r["dev_accuracy"], r["dev_loss"], gap(r)))["config"]


def best_of_the_first_two(results):
    best = results[0]
    for result in results[1:]:
        if result["dev_accuracy"] > best["dev_accuracy"]:
            best = result
        elif result["dev_accuracy"] == best["dev_accuracy"] and result["dev_loss"] < best["dev_loss"]:
            best = result
        return best["config"]


def best_at_the_first_improvement(results):
    best = results[0]
    for result in results[1:]:
        if result["dev_accuracy"] > best["dev_accuracy"]:
            return result["config"]
    return best["config"]


def best_by_the_mean(results):
    return max(results, key=lambda r: (r["dev_accuracy"] + r["test_accuracy"]) / 2)["config"]


def best_by_min(results):
    return min(results, key=lambda r: r["dev_accuracy"])["config"]


def best_of_the_first(results):
    best = None
    for result in results:
        if best is None or result["dev_accuracy"] > best["dev_accuracy"]:
            best = result
    return best["config"]


def best_of_the_last(results):
    best = results[0]
    for result in results:
        if result["dev_accuracy"] >= best["dev_accuracy"]:
            best = result
    return best["config"]


def best_with_max_of_pairs(results):
    return max(results, key=lambda r: (r["dev_accuracy"], r["dev_loss"]))["config"]


def best_whole(results):
    return max(results, key=lambda r: (r["dev_accuracy"], -r["dev_loss"]))


def best_number(results):
    return max(r["dev_accuracy"] for r in results)


def best_by_loss(results):
    return sorted(results, key=lambda r: r["dev_loss"])[0]["config"]


def best_of_dicts(results):
    return max(results)["config"]


def best_by_a_dict(results):
    accuracies = {}
    for result in results:
        accuracies[result["config"]] = result["dev_accuracy"]
    return max(accuracies, key=accuracies.get)


def best_sorts_in_place(results):
    results.sort(key=lambda r: (-r["dev_accuracy"], r["dev_loss"]))
    return results[0]["config"]


def best_by_attribute(results):
    return max(results, key=lambda r: r.dev_accuracy)["config"]


def best_by_another_name(results):
    return max(results, key=lambda r: r["accuracy"])["config"]


def best_never_updated(results):
    best_accuracy = 0
    for result in results:
        if result["dev_accuracy"] > best_accuracy:
            config = result["config"]
    return config


def best_if_both(results):
    best = results[0]
    for result in results:
        if result["dev_accuracy"] >= best["dev_accuracy"] and result["dev_loss"] < best["dev_loss"]:
            best = result
    return best["config"]


def best_by_either(results):
    best = results[0]
    for result in results:
        if result["dev_accuracy"] > best["dev_accuracy"]:
            best = result
        elif result["dev_loss"] < best["dev_loss"]:
            best = result
    return best["config"]


def best_rounded(results):
    return min(results, key=lambda r: (-round(r["dev_accuracy"], 2), r["dev_loss"]))["config"]


def best_difference(results):
    return max(results, key=lambda r: r["dev_accuracy"] - r["dev_loss"])["config"]


def best_of_the_library(results):
    return ll.select_best(results)


def best_returns_in_the_loop(results):
    for result in results:
        if result["dev_accuracy"] > 0.5:
            return result["config"]


WRONG = {
    "grid": [
        (grid_by_zip, 0, "Which pairs never meet", "zip for product"),
        (grid_of_tuples, 0, "are not dicts", "tuples, not dicts"),
        (grid_of_an_iterator, 0, "only once", "an iterator"),
        (grid_first_fastest, 1, "Which name should change at every step", "first name fastest"),
        (grid_one_at_a_time, 0, "Which model is never trained", "one factor at a time"),
        (grid_with_one_dict, 0, "written into again and again", "the same dict each time"),
        (grid_of_the_slide, 0, "this space has others", "the names of one example"),
        (grid_of_two, 0, "What if there is a third name", "two names only"),
        (grid_returns_in_the_loop, 0, "stand inside a loop", "returns too early"),
        (grid_of_single_values, 0, "has one name in it", "a dict for each value"),
        (grid_with_dict_keyword, 0, 'the word "name"', "the word name"),
        (grid_without_a_star, 0, "one for each name", "the whole range"),
        (grid_of_names, 0, "made of letters", "the letters of the names"),
        (grid_unpacks_keys, 0, "its keys alone", "items left out"),
        (grid_without_import, 0, "Python does not know the name", "product without import"),
        (grid_pops, 0, "empty for whoever made it", "takes the names out of space"),
        (grid_adds_a_list, 0, "lists within your list", "lists in a list"),
        (grid_prints, 0, "Does it end with return?", None),
        (grid_of_the_library, 0, "ll.grid", "the library's own answer"),
        (grid_without_the_last, 0, "One combination is missing", "the first one missing"),
    ],
    "select_best": [
        (best_by_test, 0, "You chose by the test accuracy", "picks by test"),
        (best_by_test_where_all_else_is_equal, 1, "equal on dev you choose by the test", "test for ties"),
        (best_by_the_worst_test_where_all_else_is_equal, 1, "test set take part", "test for ties"),
        (best_by_the_smallest_gap_where_all_else_is_equal, 1, "the first or the last of these", None),
        (best_of_the_first_two, 0, "a return ends the loop, too", "returns within the loop"),
        (best_at_the_first_improvement, 0, "a return ends the loop, too", "returns within the loop"),
        (best_by_the_mean, 0, "beside that of dev", "dev and test averaged"),
        (best_by_min, 0, "lowest dev accuracy", "smallest accuracy"),
        (best_of_the_first, 1, "the order in the list decides", "ignores ties"),
        (best_of_the_last, 1, "the order in the list decides", "ignores ties"),
        (best_with_max_of_pairs, 1, "Should the loss be large", "larger loss wins ties"),
        (best_whole, 0, "the config in it was expected", "returns the whole result"),
        (best_number, 0, "A number came", "returns a number"),
        (best_by_loss, 0, "whatever the accuracy is", "loss alone"),
        (best_of_dicts, 0, "comes to compare two dicts", "dicts compared"),
        (best_by_a_dict, 0, "cannot be a key", "a config as a key"),
        (best_sorts_in_place, 0, "changes the order of the very list", "changes what was handed in"),
        (best_by_attribute, 0, "After which name does your dot stand", "a dot for a key"),
        (best_by_another_name, 0, "no entry of that name", "no name like this"),
        (best_never_updated, 0, "the last config every time", "always the last"),
        (best_if_both, 1, "only if its loss is smaller as well", "both must be better"),
        (best_by_either, 0, "a smaller loss is enough", "one of both is enough"),
        (best_rounded, 1, "rounded before you compared", "rounded accuracy"),
        (best_difference, 0, "one number of accuracy and loss", "accuracy and loss in one number"),
        (best_of_the_library, 0, "ll.select_best", "the library's own answer"),
        (best_returns_in_the_loop, 0, "the first config every time", "always the first"),
    ],
}
