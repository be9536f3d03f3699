"""What several tests of notebooks read in them."""

import ast


def calls(source, *functions):
    """Give the first argument of each call `ll.function("...")` in a cell's code."""
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {f"ll.{function}" for function in functions}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
