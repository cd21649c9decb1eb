"""Pages run operations only by ``web.ground.run``, which notes what was done for the page of a later refusal, and show
them first only by ``web.ground.once_more``, which confirms what was shown."""

from __future__ import annotations

import ast

from tests.tidy.tree import files, nothing

BY_THE_KERNEL = {"run", "execute", "run_batch", "execute_batch", "preview", "look"}


def test_pages_run_operations_only_by_the_one_function_that_notes_them() -> None:
    nothing([
        file.at(node, f"{ast.unparse(node)}: run it by web.ground.run, show it by once_more")
        for file in files()
        if file.name.startswith("web/") and file.name != "web/ground.py"
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and node.attr in BY_THE_KERNEL
    ] + [
        file.at(node, f"{ast.unparse(node)}: ask by web.ground.run")
        for file in files()
        if file.name.startswith("web/")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "funding.arrange"
    ])  # fmt: skip
