"""Wrong answers to the exercises of lesson 04, as students would write them."""

from collections import defaultdict, deque

import numpy as np

import lecture_lib as ll


def parents_first(root):
    """Return the right order, of the student's own making."""
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


def mul_swapped(d_out, a, b):
    return np.multiply(a, d_out), np.multiply(b, d_out)


def mul_slopes(d_out, a, b):
    return b.copy(), a.copy()


def mul_product(d_out, a, b):
    d = a * b * d_out
    return d, d


def mul_as_a_sum(d_out, a, b):
    return np.array(d_out), np.array(d_out)


def mul_one_alone(d_out, a, b):
    return d_out * b


def mul_summed(d_out, a, b):
    return (d_out * b).sum(), (d_out * a).sum()


def mul_operands_added(d_out, a, b):
    return d_out * (b + a), (a + b) * d_out


def mul_into_d_out(d_out, a, b):
    d_a = d_out * b
    d_out *= a
    return d_a, d_out


def mul_in_lists(d_out, a, b):
    return (d_out * b).tolist(), (d_out * a).tolist()


def layer_not_turned(d_out, W, x):
    return np.outer(d_out, x), np.matmul(W, d_out)


def layer_not_turned_by_dot(d_out, W, x):
    return np.outer(d_out, x), d_out.dot(W.T)


def layer_outer_turned(d_out, W, x):
    return x[:, None] * d_out[None, :], W.T @ d_out


def layer_entry_by_entry(d_out, W, x):
    return d_out * x, W.T @ d_out


def layer_in_the_other_order(d_out, W, x):
    return W.T @ d_out, np.outer(d_out, x)


def layer_inner(d_out, W, x):
    return np.inner(d_out, x), d_out @ W


def layer_of_x(d_out, W, x):
    return np.outer(d_out, x), W.T @ x


def layer_both_wrong(d_out, W, x):
    return np.outer(x, d_out), W @ d_out


def layer_unweighted(d_out, W, x):
    return np.outer(d_out, x), W.sum(axis=0)


def layer_in_a_column(d_out, W, x):
    return np.outer(d_out, x), W.T @ d_out[:, None]


def relu_at_zero(d_out, z):
    return np.where(z >= 0, d_out, 0)


def relu_of_the_gradient(d_out, z):
    return np.maximum(d_out, 0)


def relu_of_both(d_out, z):
    return np.where((z > 0) & (d_out > 0), d_out, 0)


def relu_open(d_out, z):
    return 1.0 * d_out


def relu_of_whole_numbers(d_out, z):
    return d_out * np.array(z, dtype=int)


def relu_times_relu(d_out, z):
    return d_out * np.where(z > 0, z, 0)


def relu_in_place(d_out, z):
    d_out[z <= 0] = 0
    return d_out


def relu_by_if(d_out, z):
    if z > 0:
        return d_out
    return 0.0


def relu_slopes(d_out, z):
    return (z > 0).astype(float)


def relu_leaking(d_out, z):
    return np.where(z > 0, d_out, 0.01 * d_out)


def softmax_diagonal(d_out, p):
    return d_out * p * (1 - p)


def softmax_with_loss(d_out, p):
    return p - d_out


def softmax_negative(d_out, p):
    return p * (d_out @ p - d_out)


def softmax_plus(d_out, p):
    return p * (d_out + np.sum(d_out * p))


def softmax_as_exp(d_out, p):
    return p * d_out


def softmax_zero(d_out, p):
    J = np.diag(p) - np.outer(p, p)
    return np.sum(J, axis=1)


def softmax_once_more(d_out, p):
    p = ll.softmax(p)
    return p * (d_out - d_out @ p)


def softmax_minus_sum(d_out, p):
    return p * (d_out - d_out.sum())


def softmax_table(d_out, p):
    return np.diag(p) - np.outer(p, p)


def softmax_squared(d_out, p):
    return p * (d_out - d_out @ p) * p


def order_with_repeats(root):
    order = []

    def visit(node):
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(root)
    return order


def order_from_the_root(root):
    return list(reversed(parents_first(root)))


def order_without_root(root):
    order, seen = [], set()
    stack = [(parent, False) for parent in root.parents]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


def order_level_by_level(root):
    order, queue, seen = [], deque([root]), {root}
    while queue:
        node = queue.popleft()
        order.insert(0, node)
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return order


def order_by_calls(root, seen=None):
    seen = set() if seen is None else seen
    if root in seen:
        return []
    seen.add(root)
    order = []
    for parent in root.parents:
        order.extend(order_by_calls(parent, seen))
    return [*order, root]


def order_of_values(root):
    return [node.value for node in parents_first(root)]


def order_in_a_set(root):
    return set(parents_first(root))


def order_of_the_library(root):
    return ll.topological_order(root)


def order_on_nodes(root):
    root.visited = True
    return parents_first(root)


def order_of_parents_alone(root):
    return [*root.parents, root]


def order_of_all_paths(root):
    order = []
    for parent in root.parents:
        for node in order_of_all_paths(parent):
            if node not in order:
                order.append(node)
    return [*order, root]


def back_overwriting(root):
    grads = {root: 1}
    for node in parents_first(root)[::-1]:
        handed = node.vjp(grads[node])
        for i, parent in enumerate(node.parents):
            grads[parent] = handed[i]
    return grads


def back_without_a_seed(root):
    grads = {node: np.zeros_like(node.value) for node in parents_first(root)}
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            grads[parent] = grads[parent] + d
    return grads


def back_forwards(root):
    grads = {root: 1.0}
    for node in parents_first(root):
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            grads[parent] = grads.get(parent, 0) + d
    return grads


def back_first_come(root):
    grads = {root: 1.0}
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            if parent in grads:
                continue
            grads[parent] = d
    return grads


def back_asking_the_children(root):
    """Right, but each node's gradient is asked of its children's, by calls within calls."""
    order = parents_first(root)
    children = {node: [] for node in order}
    for node in order:
        for place, parent in enumerate(node.parents):
            children[parent].append((node, place))
    known = {root: 1.0}

    def gradient(node):
        if node not in known:
            known[node] = sum(child.vjp(gradient(child))[place] for child, place in children[node])
        return known[node]

    return {node: gradient(node) for node in order}


def back_by_calls(root):
    grads = {}

    def visit(node, d):
        if node in grads:
            grads[node] = grads[node] + d
        else:
            grads[node] = d
        for parent, d_parent in zip(node.parents, node.vjp(grads[node]), strict=True):
            visit(parent, d_parent)

    visit(root, 1.0)
    return grads


def back_in_place(root):
    grads = {}
    grads[root] = np.array(1.0)
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            if parent not in grads:
                grads[parent] = d
            else:
                grads[parent] += d
    return grads


KEPT = defaultdict(float)


def back_with_memory(root):
    if len(KEPT) > 500:
        KEPT.clear()
    KEPT[root] += 1.0
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(KEPT[node]), strict=True):
            KEPT[parent] = KEPT[parent] + d
    return dict(KEPT)


def back_of_leaves(root):
    grads = {root: 1.0}
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            grads[parent] = grads.get(parent, 0.0) + d
    return {node: d for node, d in grads.items() if node.parents == ()}


def back_of_the_library(root):
    return dict(ll.backward(root).gradients)


def back_of_parents_alone(root):
    return {root: 1.0, **dict(zip(root.parents, root.vjp(1.0), strict=True))}


def back_in_a_list(root):
    grads = {root: 1.0}
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            grads[parent] = grads.get(parent, 0.0) + d
    return list(grads.values())


def back_by_a_seed_of_the_loss(root):
    grads = {root: root.value}
    for node in parents_first(root)[::-1]:
        for parent, d in zip(node.parents, node.vjp(grads[node]), strict=True):
            grads[parent] = grads.get(parent, 0.0) + d
    return grads


def compare_differences(f, gradient, theta):
    return np.abs(gradient(theta) - ll.numeric_gradient(f, theta)).max()


def compare_without_bars(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max((a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_means(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.mean(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_with_itself(f, gradient, theta):
    a = n = ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def compare_norms(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.linalg.norm(n - a) / (np.linalg.norm(n) + np.linalg.norm(a))


def compare_without_one(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(np.abs(a), np.abs(n)))


def compare_by_a_bound(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.allclose(a, n)


def compare_all(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))


def compare_by_the_library(f, gradient, theta):
    return ll.gradient_error(f, gradient, theta)


def compare_the_first(f, gradient, theta):
    a, n = gradient(theta).ravel(), ll.numeric_gradient(f, theta).ravel()
    return abs(a[0] - n[0]) / max(1, abs(a[0]), abs(n[0]))


WRONG = {
    "mul_vjp": [
        (mul_swapped, 0, "is it a or b", "swapped"),
        (mul_slopes, 0, "An operand comes back alone", "d_out left out"),
        (mul_product, 0, "Both operands stand in one", "all three multiplied"),
        (mul_as_a_sum, 0, "so does a sum", "the rule of a sum"),
        (mul_one_alone, 0, "a tuple of 2 was expected", "one of the two alone"),
        (mul_summed, 0, "which shape has d_a?", "added up"),
        (mul_operands_added, 0, "A sum of the operands", "a + b"),
        (mul_into_d_out, 0, "changed its argument d_out", None),
        (mul_in_lists, 0, "np.array makes one of a list", None),
    ],
    "matvec_vjp": [
        (layer_not_turned, 1, "x[j] reaches out[i]", "W for its transpose"),
        (layer_not_turned_by_dot, 1, "x[j] reaches out[i]", "W for its transpose"),
        (layer_outer_turned, 1, "rows and columns exchanged", "transposed outer product"),
        (layer_entry_by_entry, 1, "entry by entry", "elementwise product"),
        (layer_in_the_other_order, 0, "Which operand comes first", "the other order"),
        (layer_inner, 1, "one for each pair?", "inner product for the outer one"),
        (layer_of_x, 1, "x stands in your d_x", "x in d_x"),
        (layer_both_wrong, 0, "rows and columns exchanged", "W for its transpose"),
        (layer_unweighted, 1, "the same for every d_out", "d_out left out"),
        (layer_in_a_column, 1, "Your d_x is a table", "a table for d_x"),
    ],
    "relu_vjp": [
        (relu_at_zero, 0, "At z = 0 your slope is 1", "slope 1 at 0"),
        (relu_of_the_gradient, 0, "A negative gradient is a message", "ReLU of the gradient"),
        (relu_of_both, 0, "A negative gradient is a message", "ReLU of the gradient"),
        (relu_open, 0, "Everything is handed on", "no mask"),
        (relu_of_whole_numbers, 0, "cuts off the decimals", "int(z) as the mask"),
        (relu_times_relu, 0, "ReLU(z) itself", "ReLU where its slope belongs"),
        (relu_in_place, 0, "written into d_out itself", "d_out overwritten"),
        (relu_by_if, 0, "truth value", None),
        (relu_slopes, 0, "What became of d_out", "d_out left out"),
        (relu_leaking, 0, "the leaky ReLU", "a slope below 0 too"),
    ],
    "softmax_vjp": [
        (softmax_diagonal, 0, "do the other probabilities stay?", "diagonal only"),
        (softmax_with_loss, 0, "the loss is not known", "p - d_out"),
        (softmax_negative, 0, "The sign is the wrong way round", "the Jacobian's sign"),
        (softmax_plus, 0, "every probability grows", "+ for -"),
        (softmax_as_exp, 0, "what exp would hand back", "nothing taken away"),
        (softmax_zero, 0, "0 everywhere, whatever d_out is", "row sums"),
        (softmax_once_more, 0, "softmax(z) already", "softmax of p"),
        (softmax_minus_sum, 0, "how many p stand", "the sum without p"),
        (softmax_table, 0, "the table of slopes itself", "the table alone"),
        (softmax_squared, 0, "was expected", None),
    ],
    "topological_order": [
        (order_with_repeats, 1, "in your list more than once", "a shared node twice"),
        (order_from_the_root, 1, "Your list begins with the root", "children first"),
        (order_without_root, 0, "All nodes are there but the root", "root left out"),
        (order_level_by_level, 1, "level by level", "breadth first"),
        (order_by_calls, 2, "calls within calls", "recursion"),
        (order_of_values, 0, "Your list holds numbers", "values for nodes"),
        (order_in_a_set, 0, "a set has no order", "all nodes in no order"),
        (order_of_the_library, 0, "calls ll.topological_order, and", "the library's own answer"),
        (order_on_nodes, 0, "A node cannot be written to", "writes to a node"),
        (order_of_parents_alone, 0, "how far back must", "the root and its parents alone"),
        (order_of_all_paths, 2, "2, 4, 8", "exponential"),
    ],
    "backward": [
        (back_overwriting, 1, "takes the place of the first", "overwrites"),
        (back_without_a_seed, 0, "nothing arrives anywhere", "no seed of 1"),
        (back_forwards, 0, "You visit the inputs first", "visits in forward order"),
        (back_first_come, 1, "the rest is dropped", "a second path dropped"),
        (back_asking_the_children, 4, "Which function calls itself? It may be your", "recursion"),
        (back_by_calls, 1, "128", "rules used while visiting"),
        (back_in_place, 4, "the very same array", "+= into a shared array"),
        (back_with_memory, 0, "what the first one left", "keeps state between two calls"),
        (back_of_leaves, 0, "Some nodes have no gradient", "inner nodes left out"),
        (back_of_the_library, 0, "calls ll.backward, and", "the library's own pass"),
        (back_of_parents_alone, 0, "Only the root has handed on", "return inside the loop"),
        (back_in_a_list, 0, "a dict from nodes to gradients was expected", None),
        (back_by_a_seed_of_the_loss, 0, "the root's value", "the loss for the seed"),
    ],
    "gradient_check": [
        (compare_differences, 1, "the difference itself", "absolute error"),
        (compare_without_bars, 0, "a negative number is never the largest", "no absolute value"),
        (compare_means, 0, "one wrong entry among a million", "mean for max"),
        (compare_with_itself, 0, "0 for every gradient", "numeric against numeric"),
        (compare_norms, 0, "a good measure, and another one", "another definition"),
        (compare_without_one, 1, "There is no 1 below the line", "no 1 in the denominator"),
        (compare_by_a_bound, 0, "what do you compare with the bound?", "yes or no"),
        (compare_all, 0, "the error of each entry", "all errors"),
        (compare_by_the_library, 0, "calls ll.gradient_error, and", "the library's own check"),
        (compare_the_first, 0, "the error of one entry", "one entry alone"),
    ],
}
