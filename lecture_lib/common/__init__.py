"""Floor 0, what several rooms need: walking a tree of arrays.

- `trees`: parameters of any structure
"""

from .trees import Tree, leaves, norm, tree_map, tree_names, tree_unzip

__all__ = ["Tree", "leaves", "norm", "tree_map", "tree_names", "tree_unzip"]
