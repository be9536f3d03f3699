"""Pictures and tables of a record: plain functions, each from a state to a picture with its words.

- `graph`, `formulas`, `caption`, `table`: views of a record, whole or after any of its steps
- `scrub`: caption, graph and formulas of one step, for an explorer to walk through
- `embedding`, `matrix_step`, `relu_units`, `softmax_bars`: the parts of the lecture's network, with numbers
- `outer_product`, `transposed_product`: where each entry of what goes back through a layer comes from
- `Picture`, `Table`, `Text`, `Group`: what they return; each shows itself and says in words what is seen
"""

from .bars import softmax_bars
from .chart import line_chart
from .embedding_picture import embedding
from .formula import caption
from .formula_picture import formulas
from .frames import scrub
from .graph_picture import graph
from .matrix import matrix_step
from .panels import Arrow, Line, Panel, Point, padded, side_by_side
from .picture import Group, Picture
from .products import outer_product, transposed_product
from .record_table import table
from .typeset import value_words
from .units import relu_units
