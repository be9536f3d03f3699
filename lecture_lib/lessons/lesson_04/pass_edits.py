"""The mistakes of a backward pass that are edits of the right one."""

from __future__ import annotations

from lecture_lib.exercises import Edit

from .right_passes import SEED, SHARES, USE, WALK
from .wrong_passes import ADD, END, WITH_ZEROS

PASS_EDITS = (
    Edit(
        "counts paths",
        {SHARES: "[(parent, gradients[node]) for parent in node.parents]"},
        "You count paths, as the worked example does: each node hands on what it has. On the way"
        " back a node's rule makes of it what each parent gets. Where is the rule used?",
    ),
    Edit(
        "the first of the rule's results for each parent",
        {SHARES: "[(parent, node.vjp(gradients[node])[0]) for parent in node.parents]"},
        "Each parent gets the first of what the rule gives. A rule gives one for each"
        " parent, in the"
        " same order: how are two lists walked through together?",
    ),
    Edit(
        "the last parent left out",
        {SHARES: f"[*{SHARES}][:-1]"},
        "The last parent of each node gets nothing from it. range(n) ends at n − 1 by itself, and a slice"
        " that ends at −1 lacks the last: how many parents are there, and how many do you go through?",
    ),
    Edit(
        "the last of the rule's results for each parent",
        {SHARES: "[(parent, node.vjp(gradients[node])[-1]) for parent in node.parents]"},
        "Each parent gets the last of what the rule gives. A rule gives one for each"
        " parent, in the"
        " same order: how are two lists walked through together?",
    ),
    Edit(
        "the whole tuple for each parent",
        (
            {SHARES: "[(parent, node.vjp(gradients[node])) for parent in node.parents]"},
            {
                SHARES: "[(parent, node.vjp(gradients[node])) for parent in node.parents]",
                "gradients.get(parent, 0.0)": "gradients.get(parent, 0)",
            },
        ),
        "A rule gives a tuple, one for each parent. You add the whole tuple: how are the"
        " parents and"
        " what belongs to each walked through together?",
    ),
    Edit(
        "the parent's rule",
        (
            {SHARES: "[(parent, d) for parent in node.parents for d in parent.vjp(gradients[node])]"},
            {
                SHARES: "[(parent, d) for parent in node.parents for d in parent.vjp(gradients[node])]",
                SEED: "{**dict.fromkeys(topological_order(root), 0.0), root: 1.0}",
            },
        ),
        "You use the parent's rule. Which node was computed from the parent, and so knows what to"
        " hand back to it?",
    ),
    Edit(
        "the value for what arrived",
        {USE: "node.vjp(node.value)"},
        "You feed a node's rule with its value. What must have come back to the node before it hands on?",
    ),
    Edit(
        "the node's gradient for the parent's",
        {"gradients.get(parent, 0.0) + d_parent": "gradients.get(node, 0.0) + d_parent"},
        "You add to the node's own gradient. To what belongs the share of a parent?",
    ),
    Edit(
        "multiplied by the node's gradient once more",
        {END: "+ gradients[node] * d_parent\n    return gradients"},
        "You multiply by the node's gradient after its rule was fed with it. How often"
        " does a link of"
        " the chain count?",
    ),
    Edit(
        "1 in every node at the start",
        {SEED: "dict.fromkeys(topological_order(root), 1.0)"},
        "Every node has 1 before anything has come back to it. With what must a sum begin, and for which"
        " node alone is 1 right?",
    ),
    Edit(
        "multiplied after the rule",
        {USE: "node.vjp(1.0)", END: "+ gradients[node] * d_parent\n    return gradients"},
        "You use the rule with 1 and multiply afterwards. That is right for single"
        " numbers; a rule"
        " for arrays mixes entries. With what must it be fed?",
    ),
    Edit(
        "one share for an operand used twice",
        {SHARES: f"dict({SHARES}).items()"},
        "Where an operand is used twice, as in x * x, only one of its two shares arrives: a dict has one"
        " place for each node, and a set too. What keeps both?",
    ),
    Edit(
        "return inside the loop",
        (
            {END: "+ d_parent\n        return gradients"},
            {WALK: "[root]", SHARES: f"dict({SHARES}).items()"},
        ),
        "Only the root has handed on when your function returns. Who hands on after it, and does"
        " return stand inside the loop?",
    ),
    Edit(
        "taken away instead of added",
        (
            {END: "- d_parent\n    return gradients"},
            {ADD: "gradients[parent] = gradients[parent] - d_parent if parent in gradients else d_parent"},
        ),
        "You take away what arrives. What is done with the shares of all paths?",
    ),
    Edit(
        "a seed of -1",
        {SEED: "{root: -1.0}"},
        "Your root has the gradient −1. What is the slope of a thing with respect to itself?",
    ),
    Edit(
        "the larger one kept",
        (
            {ADD: "gradients[parent] = max(gradients.get(parent, 0.0), d_parent)"},
            {ADD: "gradients[parent] = np.maximum(gradients.get(parent, 0.0), d_parent)"},
            {ADD: "gradients[parent] = np.maximum(gradients.get(parent, d_parent), d_parent)"},
        ),
        "You keep the larger of two contributions. What is done with the shares of all paths?",
    ),
    Edit(
        "averages",
        {ADD: "gradients[parent] = (gradients[parent] + d_parent) / 2 if parent in gradients else d_parent"},
        "Where two paths meet you take the middle. When a node moves, the loss moves by"
        " both paths:"
        " what is done with the two?",
    ),
    Edit(
        "arrays added up to one number",
        {END: "+ np.sum(d_parent)\n    return gradients"},
        "What arrives is added up to one number. Which shape has a node's value, and so its gradient?",
    ),
    Edit(
        "overwrites",
        {ADD: "gradients[parent] = d_parent"},
        "Where two paths meet, the second contribution takes the place of the first. What should"
        " happen to the two?",
    ),
    Edit(
        "no seed of 1",
        (
            {SEED: "{}"},
            {SEED: "{root: 0.0}"},
            {SEED: "{}", **WITH_ZEROS},
        ),
        "Nothing sets out from the root, so nothing arrives anywhere. How fast does the loss"
        " change"
        " with itself?",
    ),
    Edit(
        "a seed with an axis",
        ({SEED: "{root: np.ones(1)}"}, {SEED: "{root: np.array([[1.0]])}"}),
        "Your way back begins with an array that has an axis. The root's value is one number, of shape ():"
        " which shape has its gradient?",
    ),
    Edit(
        "nothing to add to",
        {"gradients.get(parent, 0.0) + d_parent": "gradients[parent] + d_parent"},
        "You read the gradient of a node before your dict has one for it. Which line puts it there, and with"
        " which number does a sum begin?",
    ),
    Edit(
        "the loss for the seed",
        {SEED: "{root: root.value}"},
        "Your way back begins with the root's value. It begins with ∂ℓ/∂ℓ: what is the slope of a"
        " thing with respect to itself?",
    ),
    Edit(
        "visits in forward order",
        (
            {WALK: "topological_order(root)"},
            {WALK: "topological_order(root)", **WITH_ZEROS},
            {
                WALK: "topological_order(root)[::1]",
                SEED: "{node: 0.0 for node in topological_order(root)}\n    gradients[root] = 1.0",
            },
            {
                WALK: "topological_order(root)[::1]",
                SEED: "{node: np.zeros_like(node.value) for node in topological_order(root)}\n"
                "    gradients[root] = np.ones_like(root.value)",
            },
            {WALK: "topological_order(root)", USE: "node.vjp(gradients.setdefault(node, 0.0))"},
        ),
        "You visit the inputs first, when nothing has come back to them yet. Which node has its"
        " gradient at the start?",
    ),
    Edit(
        "a second path dropped",
        (
            {ADD: "gradients.setdefault(parent, d_parent)"},
            {ADD: "gradients[parent] = gradients.get(parent, d_parent)"},
        ),
        "What arrives first is kept and the rest is dropped. That a node has been reached once"
        " does"
        " not make the other paths to it go away: what is done with what they bring?",
    ),
    Edit(
        "set to 0 after the visit",
        (
            {
                END: "+ d_parent\n        if node.parents:\n            gradients[node] ="
                " 0.0\n    return gradients"
            },
            {
                END: "+ d_parent\n        if node.parents:\n            gradients[node] = 0.0"
                " * node.value\n    return gradients"
            },
        ),
        "Gradients are set back to 0 when they have been handed on. They are the result: who"
        " asks for"
        " them afterwards?",
    ),
    Edit(
        "inner nodes left out",
        (
            {USE: "node.vjp(gradients.pop(node) if node.parents else gradients[node])"},
            {"return gradients": "return {node: d for node, d in gradients.items() if not node.parents}"},
            {USE: "node.vjp(gradients.pop(node))"},
        ),
        "Some nodes have no gradient in your dict. Every node is asked for, those in the"
        " middle and"
        " the root too: where do they get lost? And are the keys of your dict the nodes themselves?",
    ),
    Edit(
        "the root's gradient alone",
        ({"return gradients": "return gradients[root]"}, {"return gradients": "return 1.0"}),
        "You return one number, the root's own gradient, which is always 1. The gradients of all nodes are"
        " asked: where are they kept on the way?",
    ),
    Edit(
        "0 but for the root",
        (
            {
                SEED: "dict.fromkeys(topological_order(root), 0.0)",
                "return gradients": "gradients[root] = 1.0\n    return gradients",
            },
            {
                END: "+ d_parent\n        if node is not root:\n            gradients[node] ="
                " 0.0 * node.value\n    return gradients"
            },
        ),
        "The root has its 1 in the end, and all other gradients are 0. Does that 1 come after the way back,"
        " or is something set to 0 when it has been handed on?",
    ),
    Edit(
        "root left out",
        {"return gradients": "del gradients[root]\n    return gradients"},
        "All are there but the root itself. Its gradient is known best of all: what is it?",
    ),
    Edit(
        "+= into a shared array",
        (
            {
                ADD: "if parent in gradients:\n                gradients[parent] +="
                " d_parent\n            else:\n                gradients[parent] = d_parent"
            },
            {
                ADD: "if parent not in gradients:\n                gradients[parent] ="
                " d_parent\n            else:\n                gradients[parent] += d_parent"
            },
        ),
        "A rule may hand the very same array to two parents, and += writes into it: what does a + b make that"
        " a += b does not?",
    ),
    Edit(
        "what arrived is left out",
        ({USE: "node.vjp(1.0)"}, {USE: "node.vjp(np.ones_like(node.value))"}),
        "Each rule is used as if the loss came right after it. The chain is a product: with"
        " what must"
        " a node's rule be fed?",
    ),
    Edit(
        "multiplies instead of adding",
        {ADD: "gradients[parent] = gradients.get(parent, 1.0) * d_parent"},
        "Where two paths meet you multiply. Along a path multiply, over paths …?",
    ),
    Edit(
        "the first parent only",
        {SHARES: "list(zip(node.parents, node.vjp(gradients[node])))[:1]"},
        "Only the first parent of each node gets something. Which parents did a product have?",
    ),
    Edit(
        "parents the other way round",
        {"zip(node.parents, ": "zip(node.parents[::-1], "},
        "Each parent gets what belongs to the other. In which order does a rule hand back?",
    ),
)
