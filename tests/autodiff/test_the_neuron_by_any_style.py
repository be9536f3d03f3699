"""The same formula written in several ways has the same gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll

numbers = st.floats(-3, 3).map(lambda x: round(x, 3))
STYLES = {
    "operators": lambda x, w, b, y: (y - (w * x + b)) ** 2,
    "functions": lambda x, w, b, y: ll.square(ll.subtract(y, ll.add(ll.multiply(w, x), b))),
    "e times e": lambda x, w, b, y: (y - w * x - b) * (y - w * x - b),
    "expanded": lambda x, w, b, y: y**2 - 2 * y * (w * x + b) + (w * x + b) ** 2,
    "vectors": lambda x, w, b, y: (y - (ll.reshape(w, shape=(1,)) @ ll.reshape(x, shape=(1,)) + b)) ** 2,
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
@given(x=numbers, w=numbers, b=numbers, y=numbers)
def test_the_slides_derivatives_hold_in_every_style(style, x, w, b, y):
    nodes = ll.data(x, "x"), ll.parameter(w, "w"), ll.parameter(b, "b"), ll.data(y, "y")
    record = ll.backward(style(*nodes))
    np.testing.assert_allclose(record[nodes[1]], -2 * (y - w * x - b) * x, atol=1e-9)
    np.testing.assert_allclose(record[nodes[2]], -2 * (y - w * x - b), atol=1e-9)
