"""Pictures and tables of a record: plain functions, each from a state to a picture with its words."""

from .formula import caption, equations, formulas
from .graph import graph
from .picture import Group, Picture, Showable, Table, Text

__all__ = ["Group", "Picture", "Showable", "Table", "Text", "caption", "equations", "formulas", "graph"]
