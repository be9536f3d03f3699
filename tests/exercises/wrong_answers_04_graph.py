"""Wrong answers to the order, the pass and the check of lesson 04, as students would write them."""
# ruff: noqa: B006, B905, PERF401, PERF402 (this is how students write)

import numpy as np

import lecture_lib as ll
from tests.exercises.wrong_answers_04 import parents_first


def largest_error(f, gradient, theta):
    """Return the right error, of the student's own making."""
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def order_as_in_the_worked_example(root):
    found, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.parents)
    return found


def order_sorted_name(root):
    return sorted(order_as_in_the_worked_example(root), key=lambda n: n.name)


def order_sorted(root):
    return sorted(order_as_in_the_worked_example(root))


def _found_from(root):
    found, to_look_at = {root}, [root]
    while to_look_at:
        new = set(to_look_at.pop().parents) - found
        found |= new
        to_look_at += new
    return found


def order_by_printed_number(root):
    return sorted(_found_from(root), key=lambda node: int(str(node).split()[-1]))


def order_parent(root):
    return parents_first(root.parent)


def order_parents_call(root):
    order = []
    for p in root.parents():
        order.append(p)
    return order


def order_rec_shared(root, order=[]):
    for p in root.parents:
        order_rec_shared(p, order)
    if root not in order:
        order.append(root)
    return order


def order_with_true_pushed_below(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            for p in node.parents:
                stack.append((p, False))
            stack.append((node, True))
    return order


def order_seen_at_push(root):
    order, seen, stack = [], {root}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        else:
            stack.append((node, True))
            for p in node.parents:
                if p not in seen:
                    seen.add(p)
                    stack.append((p, False))
    return order


def order_no_seen_check_end(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            if node not in order:
                order.append(node)
        else:
            stack.append((node, True))
            for p in node.parents:
                stack.append((p, False))
    return order


def order_preorder_once(root):
    order, seen, stack = [], set(), [root]
    while stack:
        n = stack.pop()
        if n not in seen:
            seen.add(n)
            order.append(n)
            stack.extend(reversed(n.parents))
    return order[::-1]


def back_counts_paths(root):
    paths = dict.fromkeys(parents_first(root), 0)
    paths[root] = 1
    for node in reversed(parents_first(root)):
        for parent in node.parents:
            paths[parent] = paths[parent] + paths[node]
    return paths


def back_adds_the_tuple(root):
    g = dict.fromkeys(parents_first(root), 0)
    g[root] = 1
    for node in reversed(parents_first(root)):
        for parent in node.parents:
            g[parent] = g[parent] + node.vjp(g[node])
    return g


def back_by_the_first_share(root):
    g = dict.fromkeys(parents_first(root), 0)
    g[root] = 1
    for node in reversed(parents_first(root)):
        for parent in node.parents:
            g[parent] = g[parent] + node.vjp(g[node])[0]
    return g


def back_parent_vjp(root):
    g = dict.fromkeys(parents_first(root), 0.0)
    g[root] = 1.0
    for node in reversed(parents_first(root)):
        for parent in node.parents:
            for d in parent.vjp(g[node]):
                g[parent] = g[parent] + d
    return g


def back_names(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent.name] = g.get(parent.name, 0.0) + d
    return g


def back_value(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(node.value)):
            g[parent] = g.get(parent, 0.0) + d
    return g


def back_get_node(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(node, 0.0) + d
    return g


def back_mult_chain(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(1.0)):
            g[parent] = g.get(parent, 0.0) + g[node] * d
    return g


def back_mult_twice(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) + g[node] * d
    return g


def back_return_in(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) + d
        return g


def back_visited(root):
    g, visited = {root: 1.0}, set()

    def visit(n):
        if n in visited:
            return
        visited.add(n)
        for p, d in zip(n.parents, n.vjp(g[n])):
            g[p] = g.get(p, 0) + d
            visit(p)

    visit(root)
    return g


def back_stack(root):
    g, stack, seen = {root: 1.0}, [root], set()
    while stack:
        n = stack.pop()
        if n in seen:
            continue
        seen.add(n)
        for p, d in zip(n.parents, n.vjp(g[n])):
            g[p] = g.get(p, 0) + d
            stack.append(p)
    return g


def back_sumd(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) + np.sum(d)
    return g


def back_max(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = max(g.get(parent, 0.0), d)
    return g


def back_mean(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = (g[parent] + d) / 2 if parent in g else d
    return g


def back_minus(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) - d
    return g


def back_with_a_negative_seed(root):
    g = {root: -1.0}
    for node in reversed(parents_first(root)):
        for parent, d in zip(node.parents, node.vjp(g[node])):
            g[parent] = g.get(parent, 0.0) + d
    return g


def back_by_the_last_share(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        d = node.vjp(g[node])
        for parent in node.parents:
            g[parent] = g.get(parent, 0.0) + d[-1]
    return g


def back_tuple(root):
    g = {root: 1.0}
    for node in reversed(parents_first(root)):
        g[node.parents] = node.vjp(g[node])
    return g


def compare_as_in_the_worked_example(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    size = max(1, abs(a), abs(n))
    return abs(a - n) / size


def compare_npmax3(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.abs(a), np.abs(n)))


def compare_maxwhole(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n)) / max(1, np.max(np.abs(a)), np.max(np.abs(n)))


def compare_first(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    for x, y in zip(a.ravel(), n.ravel()):
        return abs(x - y) / max(1, abs(x), abs(y))


def compare_last(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    for x, y in zip(a.ravel(), n.ravel()):
        e = abs(x - y) / max(1, abs(x), abs(y))
    return e


def compare_max_a_only(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.abs(a)))


def compare_max_n_only(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.abs(n)))


def compare_minimum(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.minimum(1, np.minimum(np.abs(a), np.abs(n))))


def compare_div_a(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.abs(a))


def compare_div_n(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.abs(n))


def compare_ratio(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(a / n)


def compare_absdiff_of_abs(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(np.abs(a) - np.abs(n)) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_square(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max((a - n) ** 2 / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_plus(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a + n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_f_theta(f, gradient, theta):
    a, n = gradient(theta), f(theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_grad_f(f, gradient, theta):
    a, n = gradient(f, theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_with_the_gradient_of_the_gradient(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(gradient, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_round(f, gradient, theta):
    return round(float(largest_error(f, gradient, theta)), 2)


def compare_argmax(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.argmax(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_precedence(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))))


WRONG = {
    "topological_order": [
        (
            order_as_in_the_worked_example,
            0,
            "is a set, as in the worked",
            "all nodes in no order",
        ),
        (order_sorted_name, 0, "a node here has .value, .parents and", None),
        (order_sorted, 0, "Python cannot say which of these two", None),
        (order_by_printed_number, 1, "comes after node", None),
        (order_parent, 0, "a node here has .value, .parents and", None),
        (order_parents_call, 0, "parents is a tuple, not a function", None),
        (order_rec_shared, 0, "a node of an earlier call", None),
        (order_with_true_pushed_below, 1, "A node is put into the list", "put down on the way in"),
        (order_seen_at_push, 1, "A node counts as met as soon", "counted as met when it is put on the stack"),
        (order_no_seen_check_end, 2, "A node that is used twice is", "exponential"),
        (order_preorder_once, 1, "A node is put into the list", "put down on the way in"),
    ],
    "backward": [
        (back_counts_paths, 1, "You count paths, as the worked example", "counts paths"),
        (back_adds_the_tuple, 0, "A rule gives a tuple, one for", "the whole tuple for each parent"),
        (
            back_by_the_first_share,
            1,
            "Each parent gets the first of what",
            "the first of the rule's results for each parent",
        ),
        (back_parent_vjp, 0, "You use the parent's rule", "the parent's rule"),
        (back_names, 0, "a node here has .value, .parents and", None),
        (back_value, 0, "You feed a node's rule with its", "the value for what arrived"),
        (back_get_node, 0, "You add to the node's own gradient", "the node's gradient for the parent's"),
        (back_mult_chain, 4, "You use the rule with 1 and", "multiplied after the rule"),
        (
            back_mult_twice,
            0,
            "You multiply by the node's gradient after",
            "multiplied by the node's gradient once more",
        ),
        (back_return_in, 0, "Only the root has handed on when", "return inside the loop"),
        (back_visited, 1, "A node hands on once, and too", "handed on before all has arrived"),
        (back_stack, 2, "A node hands on once, and too", "handed on before all has arrived"),
        (back_sumd, 4, "What arrives is added up to one", "arrays added up to one number"),
        (back_max, 0, "You keep the larger of two contributions", "the larger one kept"),
        (back_mean, 1, "Where two paths meet you take the", "averages"),
        (back_minus, 0, "You take away what arrives", "taken away instead of added"),
        (back_with_a_negative_seed, 0, "Your root has the gradient −1", "a seed of -1"),
        (
            back_by_the_last_share,
            1,
            "Each parent gets the last of what",
            "the last of the rule's results for each parent",
        ),
        (back_tuple, 0, "The dict has no key node 1", "nothing to add to"),
    ],
    "gradient_check": [
        (
            compare_as_in_the_worked_example,
            0,
            "The worked example's line is for two numbers",
            "the worked example's numbers for arrays",
        ),
        (compare_npmax3, 0, "Of |a| and |n| only one counts", "only one of the two below"),
        (compare_maxwhole, 1, "The largest difference is divided by the", "as a whole"),
        (compare_first, 0, "You give the error of one entry,", "one entry alone"),
        (compare_last, 0, "You give the error of one entry,", "one entry alone"),
        (compare_max_a_only, 1, "Of |a| and |n| only one counts", "only one of the two below"),
        (compare_max_n_only, 1, "Of |a| and |n| only one counts", "only one of the two below"),
        (compare_minimum, 0, "The smallest of the three stands below", "minimum for maximum"),
        (compare_div_a, 0, "There is no 1 below the line", "no 1 in the denominator"),
        (compare_div_n, 0, "There is no 1 below the line", "no 1 in the denominator"),
        (compare_ratio, 0, "You divide one gradient by the other", "one over the other"),
        (compare_absdiff_of_abs, 0, "You compare |a| and |n|", "the sizes compared"),
        (compare_square, 0, "The difference is squared", "the difference squared"),
        (compare_plus, 0, "You add a and n", "a sum above"),
        (compare_f_theta, 0, "f(theta) is the loss itself", "the loss for the numeric gradient"),
        (compare_grad_f, 0, "gradient, which this function was handed, takes", None),
        (compare_with_the_gradient_of_the_gradient, 0, "f gave an array of shape (2,);", None),
        (compare_round, 0, "The result is right to 2 decimals,", None),
        (compare_argmax, 0, "0.3 was expected", "where the largest is"),
        (compare_precedence, 1, "Only n is divided", "brackets left out"),
    ],
}
