"""Right answers to the exercises of lesson 04."""

import graphlib
import sys
from collections import defaultdict, deque

import numpy as np

import lecture_lib as ll


def product_rule(d_out, a, b):
    d_a = d_out * b
    d_b = d_out * a
    return d_a, d_b


def product_in_numpy(d_out, a, b):
    return [np.multiply(b, d_out), np.multiply(d_out, a)]


def product_by_einsum(d_out, a, b):
    return np.einsum("...,...->...", d_out, b), np.einsum("...,...->...", a, d_out)


def product_by_moving(d_out, a, b):
    h = 1e-5
    return d_out * ((a + h) * b - (a - h) * b) / (2 * h), d_out * (a * (b + h) - a * (b - h)) / (2 * h)


def layer_by_outer(d_out, W, x):
    return np.outer(d_out, x), W.T @ d_out


def layer_by_axes(d_out, W, x):
    return d_out[:, None] * x[None, :], d_out @ W


def layer_in_loops(d_out, W, x):
    d_W, d_x = np.zeros(W.shape), np.zeros(x.shape)
    for i in range(len(d_out)):
        for j in range(len(x)):
            d_W[i, j] = d_out[i] * x[j]
            d_x[j] += d_out[i] * W[i, j]
    return d_W, d_x


def layer_by_columns(d_out, W, x):
    column, row = d_out.reshape(-1, 1), x.reshape(1, -1)
    return column @ row, (W.transpose() @ column).ravel()


def layer_by_einsum(d_out, W, x):
    return [np.einsum("i,j->ij", d_out, x), np.einsum("i,ij->j", d_out, W)]


def mask(d_out, z):
    return d_out * (z > 0)


def mask_by_where(d_out, z):
    return np.where(z > 0, d_out, 0)


def mask_in_a_copy(d_out, z):
    d_z = np.array(d_out)
    d_z[z <= 0] = 0
    return d_z


def mask_by_heaviside(d_out, z):
    return d_out * np.heaviside(z, 0.0)


def mask_entry_by_entry(d_out, z):
    d_z = np.zeros_like(d_out)
    for i in np.ndindex(z.shape):
        if z[i] > 0:
            d_z[i] = d_out[i]
    return d_z


def jacobian(d_out, p):
    return (np.diag(p) - np.outer(p, p)) @ d_out


def short_form(d_out, p):
    return p * (d_out - d_out @ p)


def row_by_row(d_out, p):
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J.T.dot(d_out)


def softmax_by_moving(d_out, p):
    z = np.log(p)

    def softmax(z):
        return np.exp(z) / np.exp(z).sum()

    moves = 1e-5 * np.eye(len(z))
    return np.array([d_out @ (softmax(z + move) - softmax(z - move)) / 2e-5 for move in moves])


def in_one_sum(d_out, p):
    return np.array(
        [sum(d_out[i] * p[i] * (float(i == j) - p[j]) for i in range(len(p))) for j in range(len(p))]
    )


def with_a_stack(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


def looking_again(root):
    order, path = {}, [root]
    while path:
        waiting = [parent for parent in path[-1].parents if parent not in order]
        if waiting:
            path.append(waiting[0])
        else:
            order[path.pop()] = True
    return tuple(order)


def by_counting_children(root):
    """Kahn's algorithm from the root: a node comes when all that use it have come; then turned round."""
    uses, queue, met = defaultdict(int), deque([root]), {root}
    while queue:
        node = queue.popleft()
        for parent in node.parents:
            uses[parent] += 1
            if parent not in met:
                met.add(parent)
                queue.append(parent)
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node.parents:
            uses[parent] -= 1
            if uses[parent] == 0:
                ready.append(parent)
    order.reverse()
    return order


def in_the_standard_library(root):
    graph, stack = {}, [root]
    while stack:
        node = stack.pop()
        if node not in graph:
            graph[node] = node.parents
            stack.extend(node.parents)
    return list(graphlib.TopologicalSorter(graph).static_order())


def with_more_calls_allowed(root):
    sys.setrecursionlimit(100_000)
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(root)
    return order


def in_a_list_of_those_met(root):
    order, met, stack = [], [], [root]
    while stack:
        node = stack[-1]
        if node not in met:
            met.append(node)
            stack.extend(node.parents)
        else:
            stack.pop()
            if node not in order:
                order.append(node)
    return order


def dozen_lines(root):
    gradients = {root: 1.0}
    for node in reversed(with_a_stack(root)):
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            gradients[parent] = gradients.get(parent, 0.0) + d_parent
    return gradients


def zeros_first(root):
    order = looking_again(root)
    gradients = {node: np.zeros_like(node.value) for node in order}
    gradients[root] = np.ones_like(root.value)
    for node in order[::-1]:
        handed = node.vjp(gradients[node])
        for k in range(len(node.parents)):
            gradients[node.parents[k]] = gradients[node.parents[k]] + handed[k]
    return gradients


def in_place_of_its_own(root):
    gradients = {root: np.array(1.0)}
    for node in by_counting_children(root)[::-1]:
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            if parent in gradients:
                gradients[parent] += d_parent
            else:
                gradients[parent] = np.array(d_parent, dtype=float)
    return gradients


def contributions_in_lists(root):
    arrived = defaultdict(list)
    arrived[root].append(np.float64(1.0))
    gradients = {}
    for node in reversed(in_the_standard_library(root)):
        gradients[node] = sum(arrived[node])
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            arrived[parent].append(d_parent)
    return gradients


def by_counting_uses(root):
    uses = defaultdict(int)
    for node in with_a_stack(root):
        for parent in node.parents:
            uses[parent] += 1
    gradients, ready = defaultdict(float), [root]
    gradients[root] = 1.0
    while ready:
        node = ready.pop()
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            gradients[parent] = gradients[parent] + d_parent
            uses[parent] -= 1
            if not uses[parent]:
                ready.append(parent)
    return gradients


def check_by_formula(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def check_in_a_loop(f, gradient, theta):
    a, worst, h = gradient(theta.copy()), 0.0, 1e-4
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = h
        n = (f(theta + step) - f(theta - step)) / (2 * h)
        worst = max(worst, abs(a[i] - n) / max(1, abs(a[i]), abs(n)))
    return worst


def check_in_a_list(f, gradient, theta):
    pairs = zip(np.ravel(gradient(theta)), np.ravel(ll.numeric_gradient(f, theta)), strict=True)
    return max(abs(a - n) / max(1.0, abs(a), abs(n)) for a, n in pairs)


def check_without_axes(f, gradient, theta):
    a, n = np.asarray(gradient(theta)), ll.numeric_gradient(f, theta, h=1e-6)
    scale = np.stack([np.ones_like(n), abs(a), abs(n)]).max(axis=0)
    return np.array((abs(a - n) / scale).max())


def in_the_librarys_order(root):
    paid = dict.fromkeys(ll.topological_order(root), 0)
    paid[root] = 1
    for node in reversed(ll.topological_order(root)):
        for parent, d_parent in zip(node.parents, node.vjp(paid[node]), strict=True):
            paid[parent] = paid[parent] + d_parent
    return paid


RIGHT = {
    "mul_vjp": [product_rule, product_in_numpy, product_by_einsum, product_by_moving],
    "matvec_vjp": [layer_by_outer, layer_by_axes, layer_in_loops, layer_by_columns, layer_by_einsum],
    "relu_vjp": [mask, mask_by_where, mask_in_a_copy, mask_by_heaviside, mask_entry_by_entry],
    "softmax_vjp": [jacobian, short_form, row_by_row, softmax_by_moving, in_one_sum],
    "topological_order": [
        with_a_stack,
        looking_again,
        by_counting_children,
        in_the_standard_library,
        with_more_calls_allowed,
        in_a_list_of_those_met,
    ],
    "backward": [
        dozen_lines,
        zeros_first,
        in_place_of_its_own,
        contributions_in_lists,
        by_counting_uses,
        in_the_librarys_order,
    ],
    "gradient_check": [check_by_formula, check_in_a_loop, check_in_a_list, check_without_axes],
}
