"""The exercise `minibatches`: one epoch, cut into batches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import cast

import numpy as np

from lecture_lib.exercises import (
    AnyArray,
    Case,
    Edit,
    Exercise,
    Part,
    Plain,
    Quantity,
    Recipe,
    RightAnswer,
    WantedOther,
    mistakes,
    short,
)

EVEN, SHORT = "n is a multiple of batch_size", "a short last batch"


def _batches_fault(value: Plain, expected: list[AnyArray]) -> str | None:
    wanted = f"{short([batch.tolist() for batch in expected], 90)} was expected"
    if type(value) not in (list, tuple):
        return f"the answer is {short(value, 60)}; a list of index arrays was expected"
    given = cast("list[Plain]", value)
    for number, batch in enumerate(given):
        if type(batch) is not np.ndarray or batch.ndim != 1 or batch.dtype.kind not in "iu":
            return (
                f"batch {number} is {short(batch, 60)}; an array of whole numbers with one axis was expected"
            )
    arrays = cast("list[AnyArray]", given)
    said = short([batch.tolist() for batch in arrays], 90)
    if [batch.size for batch in arrays] != [batch.size for batch in expected]:
        sizes = [batch.size for batch in arrays]
        return f"the batches have the sizes {sizes}; {[batch.size for batch in expected]} was expected"
    if any((mine != right).any() for mine, right in zip(arrays, expected, strict=True)):
        return f"the batches are {said}; {wanted}, the order of rng.permutation(n)"
    return None


def _with_kinds(value: Plain) -> Plain:
    """Return the answer, and what of it is an array: all of it, and each batch."""
    batches = value if isinstance(value, (list, tuple)) else ()
    return [value, str([isinstance(one, np.ndarray) for one in (value, *batches)])]


def _minibatches_cases(rng: np.random.Generator, student: str) -> Iterator[Case]:
    sizes = ((4, 2), (6, 3), (6, 2), (5, 2), (7, 3), (3, 5), (8, 1), (9, 4), (20, 6), (24, 6), (13, 4))
    for n, batch_size in sizes:
        seed = int(rng.integers(1, 1000))
        order, of_batch = np.random.default_rng(seed).permutation(n), np.arange(n) // batch_size
        yield Case(
            {
                "n": n,
                "batch_size": batch_size,
                "rng": Recipe("generator_of_seed", (seed,), f"np.random.default_rng({seed})"),
            },
            {"batches": [order[of_batch == number] for number in range(int(of_batch[-1]) + 1)]},
            f"n = {n}, batch_size = {batch_size}, rng = np.random.default_rng({seed})",
            (SHORT if n % batch_size else EVEN,),
        )


MINIBATCHES = RightAnswer(
    "minibatches",
    """
    def minibatches(n, batch_size, rng):
        order = rng.permutation(n)
        batches = []
        for start in range(0, n, batch_size):
            batch = order[start : start + batch_size]
            batches.append(batch)
        return batches
    """,
    {"random": random},
)
_ORDER, _LOOP, _CUT = "rng.permutation(n)", "range(0, n, batch_size)", "order[start : start + batch_size]"
_APPEND, _RETURN = "batches.append(batch)", "return batches"
MISTAKES = (
    Edit("drops the last", ({_LOOP: "range(0, n - batch_size + 1, batch_size)"},
                            {_LOOP: "range(0, n // batch_size * batch_size, batch_size)"}),
         "The examples that do not fill a whole batch are missing from your epoch. Which batch may be"
         " short?"),
    Edit("the rest in another batch", (
        {_RETURN: "if len(batches) > 1 and len(batches[-1]) < batch_size:\n        batches[-2:] ="
         " [np.concatenate(batches[-2:])]\n    return batches"},
    ),
         "What does not fill a batch is added to the batch before it, which is then too large. What is to be"
         " done with it?"),
    Edit("the short batch first", {
        "for start in range(0, n, batch_size):": "rest = n % batch_size\n    if rest:\n"
        "        batches.append(order[:rest])\n    for start in range(rest, n, batch_size):"},
         "Your short batch comes first. Where is it to stand?"),
    Edit("the short batch filled up", (
        {_CUT: 'np.take(order, range(start, start + batch_size), mode="wrap")'},
        {_CUT: 'np.take(order, range(start, start + batch_size), mode="clip")'},
        {_CUT: "order[min(start, n - batch_size) : start + batch_size]"},
    ),
         "Your last batch is filled up with indices that other batches have as well. How often should an"
         " example come in an epoch, and what may the last batch be?"),
    Edit("the last batch always missing", {_LOOP: "range(0, n - batch_size, batch_size)"},
         "Your last batch is missing, whole or short. At which start does your loop end?"),
    Edit("samples with replacement", (
        {_ORDER: "rng.integers(0, n, n)"}, {_ORDER: "rng.integers(n, size=n)"},
        {_ORDER: "rng.choice(n, n)"}, {_ORDER: "rng.choice(n, size=n, replace=True)"},
        {_CUT: "rng.choice(n, batch_size)"}, {_CUT: "rng.integers(0, n, batch_size)"},
        {_ORDER: "n", _CUT: "rng.choice(n, batch_size)"},
        {_ORDER: "n", _CUT: "rng.integers(0, n, batch_size)"},
    ),
         "Your indices are drawn anew each time, so that one example may come twice in an epoch and another"
         " not at all. What gives each index exactly once?"),
    Edit("all indices in another order", (
        {_ORDER: "rng.choice(n, n, replace=False)"}, {_ORDER: "np.argsort(rng.random(n))"},
    ),
         "Each index comes once, as it should. The order is another one than that of rng.permutation(n)."
         " Which call makes yours?"),
    Edit("each batch drawn from all", (
        {_CUT: "rng.choice(n, min(batch_size, n), replace=False)"},
        {_ORDER: "n", _CUT: "rng.choice(n, min(batch_size, n), replace=False)"},
    ),
         "Within a batch no index comes twice, but two batches of one epoch may share some. How often should"
         " an example come in an epoch?"),
    Edit("no shuffle", ({_ORDER: "np.arange(n)"},),
         "Your batches come in the order of the data, the same in each epoch. What is rng there for?"),
    Edit("shuffles by Python's random", (
        {_ORDER: "np.array(random.sample(range(n), n))"},
        {_ORDER: "np.arange(n)\n    random.shuffle(order)"},
    ),
         "Your order comes from Python's own random, not from the generator that was handed in. Who gives the"
         " same rng twice then gets two different epochs. Whose permutation is asked?"),
    Edit("shuffles by global state", ({_ORDER: "np.random.permutation(n)"},
                                      {_ORDER: "np.random.choice(n, n, replace=False)"}),
         "Your order comes from NumPy's global random numbers, not from the generator that was handed in. Who"
         " gives the same rng twice then gets two different epochs. Whose permutation is asked?"),
    Edit("a generator of one's own", ({_ORDER: "np.random.default_rng(0).permutation(n)"},
                                      {_ORDER: "np.random.default_rng(42).permutation(n)"},
                                      {_ORDER: "np.random.default_rng(1).permutation(n)"}),
         "You make a generator with a seed of your own, so each epoch has the same order. Which generator was"
         " handed in?"),
    Edit("a new shuffle for each batch", (
        {_CUT: "rng.permutation(n)[start : start + batch_size]"},
        {_ORDER: "n", _CUT: "rng.permutation(n)[start : start + batch_size]"},
        {_CUT: "rng.permutation(n)[:batch_size]"},
        {_ORDER: "n", _CUT: "rng.permutation(n)[:batch_size]"},
    ),
         "You shuffle anew for each batch, so one example may be in two of them. How many permutations has an"
         " epoch?"),
    Edit("shuffles twice", {_ORDER: "rng.permutation(rng.permutation(n))"},
         "Your order has been shuffled twice. How often is rng asked for one epoch?"),
    Edit("sorts each batch", {_CUT: "np.sort(order[start : start + batch_size])"},
         "Within each batch your indices are sorted. Is anything asked to be sorted?"),
    Edit("shuffles the batches alone", ({_ORDER: "np.arange(n)", _RETURN: "return [batches[i] for i in"
                                         " rng.permutation(len(batches))]"},),
         "Your batches come in a random order, but the examples in each stay neighbours in the data. What"
         " is to"
         " be shuffled: the batches, or the examples?"),
    Edit("shuffles within each batch", {_ORDER: "np.arange(n)",
                                        _CUT: "rng.permutation(order[start : start + batch_size])"},
         "Each of your batches is shuffled by itself, so it always holds the same examples, neighbours in the"
         " data. What is to be shuffled before anything is cut?"),
    Edit("shuffles each batch once more", {_CUT: "rng.permutation(order[start : start + batch_size])"},
         "Your order is shuffled, and then each batch once more. How often is rng asked for one epoch?"),
    Edit("copies of one example", ({_CUT: "np.full(min(batch_size, n - start), order[start])"},
                                   {_CUT: "np.full(batch_size, order[start])"}),
         "Each of your batches holds one index again and again. Which entries of the order belong to it?"),
    Edit("always the first batch", {_CUT: "order[:batch_size]"},
         "All your batches are the first one. Where does the second one begin?", whole=True),
    Edit("the wrong list is emptied", {_RETURN: "batches = []\n    return batches"},
         "Your list of batches is empty in the end. Which list is set to [], and where?"),
    Edit("the batch emptied after it was kept",
         {_CUT: "np.array([], dtype=int) if n % batch_size == 0 else order[n - n % batch_size :]"},
         "All your batches are one and the same list: to put a list into another one makes no copy of it, so"
         " what empties it empties them all. Where does a new list begin?"),
    Edit("batches pile up", {_CUT: "order[: start + batch_size]"},
         "Each of your batches holds all those before it. Where does a batch begin?"),
    Edit("all that is left", {_CUT: "order[start:]"},
         "Each of your batches goes on to the end of the data. Where does a batch end?"),
    Edit("overlapping batches", ({_LOOP: "range(n)"}, {_LOOP: "range(n // batch_size)"},
                                 {_LOOP: "range(-(-n // batch_size))"}),
         "Your batches overlap: each begins one index after the one before. How far is it from one start"
         " to the"
         " next?"),
    Edit("as many batches as batch_size", {"for start in range(0, n, batch_size):\n        batch = order"
                                           "[start : start + batch_size]":
                                           "for batch in np.array_split(order, batch_size):\n        pass"},
         "You cut the epoch into batch_size pieces. Is batch_size the number of batches, or of examples in"
         " one?"),
    Edit("equal pieces", {"for start in range(0, n, batch_size):\n        batch = order"
                          "[start : start + batch_size]":
                          "for batch in np.array_split(order, -(-n // batch_size)):\n        pass"},
         "Your pieces are as equal as they can be, so several fall short of batch_size. Which batch alone may"
         " be short?"),
    Edit("a piece for each whole batch", {
        "for start in range(0, n, batch_size):\n        batch = order[start : start + batch_size]":
        "for batch in np.array_split(order, n // batch_size):\n        pass"
    },
         "You cut the epoch into n // batch_size pieces, so what does not fill a batch is put into others."
         " What should be done with it?"),
    Edit("a slice that ends at batch_size", {_CUT: "order[start:batch_size]"},
         "Your first batch is there, and those after it are empty: every slice ends at batch_size. Where"
         " does the second batch end?"),
    Edit("an empty batch at the end", ({_LOOP: "range(0, n + 1, batch_size)"},
                                       {_LOOP: "range(0, n // batch_size * batch_size + 1, batch_size)"}),
         "Where n is a multiple of batch_size, your last batch is empty. How many batches are there then?"),
    Edit("every k-th index", {"for start in range(0, n, batch_size):\n        batch = order"
                              "[start : start + batch_size]":
                              "for start in range(-(-n // batch_size)):\n"
                              "        batch = order[start :: -(-n // batch_size)]"},
         "Each of your batches takes entries from all over the order, at equal distances. Which entries stand"
         " next to each other in the first batch?"),
    Edit("every batch_size-th index", (
        {_LOOP: "range(batch_size)", _CUT: "order[start::batch_size]"}, {_CUT: "order[start::batch_size]"}),
         "Each of your batches takes every batch_size-th entry of the order, as a slice with two colons does."
         " Which entries stand next to each other in the first batch?"),
    Edit("the number of batches for their size",
         {_LOOP: "range(0, n, n // batch_size)", _CUT: "order[start : start + n // batch_size]"},
         "Your batches hold n // batch_size indices each. That is how many whole batches there are: how many"
         " examples belong into one?"),
    Edit("an index too few", {_CUT: "order[start : start + batch_size - 1]"},
         "Each of your batches lacks its last index. Is the end of a slice in it?"),
    Edit("an index too many", {_CUT: "order[start : start + batch_size + 1]"},
         "Each of your batches takes one index more, which the next one has as well. Is the end of a slice in"
         " it?"),
    Edit("begins at place 1", {_LOOP: "range(1, n, batch_size)"},
         "Place 0 of the order is in no batch of yours. At which place does the first batch begin?"),
    Edit("one index of the data missing", {_ORDER: "rng.permutation(n - 1)"},
         "The index n − 1 is in no batch of yours. Which numbers does rng.permutation(4) give?"),
    Edit("batches from the end", {_RETURN: "return batches[::-1]"},
         "The order of your batches is turned round. Which comes first?"),
    Edit("counted from 1", {_ORDER: "rng.permutation(n) + 1"},
         "Your indices go from 1 to n. Which is the first index of an array?"),
    Edit("the first batch missing", {_LOOP: "range(batch_size, n, batch_size)"},
         "Your first batch is missing. At which place of the order does it begin?"),
    Edit("only one batch", ({_APPEND: "return [batch]"}, {_RETURN: "return [batch]"}),
         "Your list has one batch alone. Where does the return stand, and what does it hand back?",
         whole=True),
    Edit("not grouped into batches", ({_RETURN: "return order"}, {_RETURN: "return np.concatenate(batches)"},
                                      {_APPEND: "return batch"}, {_RETURN: "return batch"},
                                      {_APPEND: "batches.extend(batch)"},
                                      {_CUT: "order[start]"}),
         "What you return holds single indices. A list with an array for each batch was asked: what holds the"
         " indices of one batch together?"),
    Edit("one array with two axes", {_RETURN: "return order.reshape(-1, batch_size)"},
         "You return one array with two axes. That goes only where every batch is whole: how could a short"
         " last batch stand beside the others?"),
    Edit("lists in place of arrays", {_APPEND: "batches.append(list(batch))"},
         "Your batches are lists. Data are taken by an array of indices: what is a slice of the permutation"
         " before it is made a list?"),
)  # fmt: skip

minibatches_exercise = Exercise(
    id="minibatches",
    lesson="08",
    slide="Recap: Mini-batch/Stochastic Gradient Descent",
    functions=("minibatches",),
    signature=("n", "batch_size", "rng"),
    quantities=(Quantity("batches", None, WantedOther(_batches_fault, read=_with_kinds)),),
    parts=(Part(EVEN, 1, ("batches",)), Part(SHORT, 2, ("batches",))),
    cases=_minibatches_cases,
    hints=(
        "Five examples in batches of two make batches of 2, 2 and 1. How often does each index come in all"
        " of them together? How often is the generator asked?",
        "The first batch is a slice of the shuffled indices that begins at 0. Where do the second and the"
        " third"
        " begin? range can count in steps other than 1.",
        "In this order: ask rng once for the shuffled indices; go through the starts with a range whose"
        " step is"
        " the batch's size; put the slice from each start into a list. A slice that reaches beyond the end is"
        " cut by Python.",
    ),
    twin="pages, a text cut into pages, before the exercise",
    misconceptions=mistakes(MINIBATCHES, MISTAKES),
)
