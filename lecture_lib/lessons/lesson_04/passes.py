"""The backward pass of lesson 04, as an exercise."""

from __future__ import annotations

from lecture_lib.exercises import Exercise, Misconception, Part, Quantity, WantedOther, one_at_a_time

from .orders import on_a_graph, recursive
from .pass_edits import PASS_EDITS
from .replaying import first_wrong_picture
from .right_passes import (
    ARRAYS,
    BACKWARD,
    BIG,
    PATH,
    SHARED,
    backward_cases,
    of_this_graph,
    wrong_gradients,
)
from .wrong_passes import (
    anew_for_each_use,
    by_recursion,
    dropping,
    each_visit_of,
    grad_on_nodes,
    keeping,
    level_after_level,
    librarys_pass,
    once_met,
    over_every_path,
    reaching_once,
    while_visiting,
)

backward_pass = Exercise(
    id="backward",
    lesson="04",
    slide="Back-propagation",
    functions=("backward",),
    signature=("root",),
    quantities=(Quantity("gradients", None, WantedOther(on_a_graph(wrong_gradients), read=of_this_graph)),),
    parts=(
        Part(PATH, 1, ("gradients",)),
        Part(SHARED, 2, ("gradients",)),
        Part(ARRAYS, 1, ("gradients",)),
        Part(BIG, 1, ("gradients",), last=True),
    ),
    cases=backward_cases,
    hints=(
        "It is the algorithm that you put in order in lesson 03. You need a dict from node to gradient, with"
        " the seed in it, and the nodes in an order in which everything has arrived before a node is"
        " visited.",
        "topological_order gives parents before children. On the way back each node must come before its"
        " parents: which of Python's functions walks a list from its end?",
        "At each node, node.vjp(its gradient) gives one number or array for each of node.parents, in the same"
        " order: zip walks through both. What arrives is added to what has arrived before; dict.get takes a"
        " second argument, for a node to which nothing has come yet.",
    ),
    twin="path_counts, the same walk that counts paths, just before the exercise",
    picture=first_wrong_picture,
    may_use=("topological_order", "node.vjp"),
    misconceptions=(
        *one_at_a_time(
            BACKWARD,
            PASS_EDITS,
        ),
        Misconception(
            "counts a shared node's gradient twice",
            "A node that two others use is visited twice, and hands on each time. How often should a node"
            " hand on"
            " what it has, and when?",
            (
                while_visiting("stack"),
                while_visiting("queue"),
                each_visit_of(recursive(seen_once=False)),
                each_visit_of(recursive(seen_once=False, right_first=True)),
            ),
        ),
        Misconception(
            "keeps state between two calls",
            "A second call finds what the first one left. Where is the dict made: inside the function,"
            " anew at"
            " each call?",
            (keeping(1.0), keeping(None), keeping(0.0)),
        ),
        Misconception(
            "rules used while visiting",
            "A rule is used as soon as something arrives, and once more with the new sum when the rest"
            " comes (so"
            " 128 came out where 46 is right). When has all arrived that ever will?",
            (while_visiting("calls"),),
        ),
        Misconception(
            "breadth first",
            "You go level by level from the root. A node that is near by one path and far by another is then"
            " visited before all has arrived: in which order is that impossible?",
            (level_after_level(twice=True), level_after_level(twice=False)),
        ),
        Misconception(
            "what comes to a visited node dropped",
            "A node that was met before gets nothing more: what another path brings to it later is dropped."
            " What should happen to that?",
            (
                dropping("stack"),
                dropping("queue"),
                dropping("calls"),
                reaching_once,
            ),
        ),
        Misconception(
            "handed on before all has arrived",
            "A node hands on once, and too early: by another path more arrives later. In which order has"
            " everything arrived before a node's turn comes?",
            (once_met("calls"), once_met("stack"), once_met("stack, turned")),
        ),
        Misconception(
            "recursion",
            "It is right, until a graph is deep: Python allows only about a thousand calls within calls."
            " Which function calls itself? It may be your topological_order.",
            (by_recursion,),
        ),
        Misconception(
            "every path by itself",
            "It is right, but it walks along each path alone, and in a graph of 31 nodes there can be a"
            " thousand"
            " million paths. If a node waited until all has arrived, how often would it hand on?",
            (over_every_path,),
        ),
        Misconception(
            "the library's own pass",
            "This is the library's backward: it is right, and it is what is to be written here. What does"
            " it do at"
            " each node?",
            (librarys_pass,),
        ),
        Misconception(
            "once for each path",
            "It is right on small graphs. Rules are used once for each path, and not once for each node: 2,"
            " 4, 8, … times where nodes are shared again and again. When is a node's gradient complete, and"
            " where could it be kept then?",
            (anew_for_each_use,),
        ),
        Misconception(
            "writes to a node",
            "A node cannot be written to here: gradients live in the dict that you return, with nodes as"
            " its keys."
            " Where else would a second call find the first one's sums?",
            (grad_on_nodes,),
        ),
    ),
)
