"""Chains of 20,000 nodes must work: calls within calls are judged as on such a chain, slow answers fairly."""

import sys

import pytest

from lecture_lib.lessons import check
from tests.exercises.wrong_answers_04 import back_asking_the_children


def order_by_recursion(most_calls):
    def topological_order(root):
        sys.setrecursionlimit(max(most_calls, sys.getrecursionlimit()))
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(root)
        return order

    return topological_order


def backward_by(order):
    def backward(root):
        gradients = {root: 1.0}
        for node in reversed(order(root)):
            for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
                gradients[parent] = gradients.get(parent, 0.0) + d_parent
        return gradients

    return backward


def backward_by_asking_the_children(most_calls):
    def backward(root):
        sys.setrecursionlimit(max(most_calls, sys.getrecursionlimit()))
        return back_asking_the_children(root)

    return backward


def order_with_lists(root):
    order, seen, stack = [], [], [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.append(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order


@pytest.mark.parametrize("most_calls", [0, 6_000, 10_000, 15_000, 19_000])
def test_too_few_calls_for_20_000_nodes_are_recognised(most_calls):
    order = order_by_recursion(most_calls)
    for verdict in (check("topological_order", order), check("backward", backward_by(order))):
        assert (verdict.state, verdict.misconception) == ("error", "recursion"), verdict.message
        assert verdict.points == verdict.out_of - 1


@pytest.mark.parametrize("most_calls", [0, 3_000, 19_000])
def test_too_few_calls_from_the_leaf_to_the_root_of_20_000_nodes_are_recognised(most_calls):
    verdict = check("backward", backward_by_asking_the_children(most_calls))
    assert (verdict.state, verdict.misconception) == ("error", "recursion"), verdict.message


def test_calls_enough_from_the_leaf_to_the_root_of_20_000_nodes_pass():
    assert check("backward", backward_by_asking_the_children(1_000_000)).state == "passed"


@pytest.mark.parametrize("most_calls", [25_000, 1_000_000])
def test_calls_enough_for_20_000_nodes_pass(most_calls):
    order = order_by_recursion(most_calls)
    assert check("topological_order", order).state == "passed"
    assert check("backward", backward_by(order)).state == "passed"


def test_a_right_answer_that_searches_a_list_passes():
    assert check("topological_order", order_with_lists).state == "passed"
    assert check("backward", backward_by(order_with_lists)).state == "passed"
