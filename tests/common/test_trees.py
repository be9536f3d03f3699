"""Parameters of any structure."""

from typing import NamedTuple

import pytest

from lecture_lib.common import leaves, tree_map, tree_names, tree_unzip


class Layer(NamedTuple):
    W: float
    b: float


TREE = {"layers": [Layer(1.0, 2.0), (3.0, [4.0])], "U": 5.0}


def test_a_structure_keeps_its_kinds_named_tuples_too():
    doubled = tree_map(lambda theta: 2 * theta, TREE)
    assert doubled == {"layers": [Layer(2.0, 4.0), (6.0, [8.0])], "U": 10.0}
    assert type(doubled["layers"][0]) is Layer
    sums, products = tree_unzip(lambda a, b: (a + b, a * b), TREE, doubled)
    assert leaves(sums) == [3.0, 6.0, 9.0, 12.0, 15.0]
    assert leaves(products) == [2.0, 8.0, 18.0, 32.0, 50.0]
    assert type(products["layers"][0]) is Layer


def test_a_name_is_the_innermost_key():
    assert leaves(tree_names(TREE)) == ["layers"] * 4 + ["U"]


@pytest.mark.parametrize(
    ("other", "said"), [({"U": 1.0}, "beside them stand U"), (1.0, "beside them stand float")]
)
def test_structures_that_differ_are_refused_with_what_differs(other, said):
    with pytest.raises(ValueError, match=f"the parameters are layers, U; {said}"):
        tree_map(max, TREE, other)
