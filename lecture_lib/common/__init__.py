"""Floor 0, what several rooms need: walking a tree of arrays, writing a number, a table, displaying a thing.

- `trees`: parameters of any structure
- `writing`: a number to a stated precision, an array on one line
- `tables`: rows of text beneath a head, as HTML and as aligned lines
- `showing`: what has HTML for a notebook and words for everybody
- `code`: the names that a function reads from outside
- `faces`: what a package offers, by its face
"""

from .code import globals_read
from .showing import Displayable, Shown, Text
from .tables import Html, Table, Tabled, TableStyle, aligned
from .trees import Tree, leaves, norm, tree_map, tree_names, tree_unzip
from .writing import bracketed, counted, listed, lowered, number, raised
