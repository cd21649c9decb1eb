"""Each recipe is run as it is printed: its SQL as the owner, its page beside ours, its tests on a bank of their own.

What a recipe declares is taken out again afterwards, so that no other test meets it.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import ChoiceLoader, DictLoader

from farthing.kernel import errands, names, question
from farthing.kernel import operation as operations
from farthing.kit.errors import CODES
from farthing.web.rendering import templates
from tests.conftest import Bank
from tests.docs.blocks import blocks, program
from tests.tidy.tree import ROOT

FOLDER = ROOT / "docs" / "guides" / "recipes"
ELSEWHERE = {"add-a-product": "tests/savings/deposits/test_new_product.py"}
"""A recipe whose test needs more than its own blocks."""
RECIPES = [recipe for recipe in sorted(FOLDER.glob("*.md")) if recipe.stem not in ELSEWHERE]
DECLARED = re.compile(r'\b(?:malformed|forbidden|not_found|conflict|declined)\(\s*"([\w.]+)"')
TEMPLATE = re.compile(r"\{# .*templates/([\w-]+\.html) #\}\n")


def taken_out(module: ModuleType) -> None:
    """Take out what a recipe declared, and nothing that it only imported."""
    for table in (operations._BY_FUNCTION, operations._ADAPTERS, question._BY_FUNCTION):
        for each in [each for each in table if getattr(each, "__module__", "") == module.__name__]:
            del table[each]
    for kept in (operations.OPERATIONS, question.QUESTIONS):
        for name in [name for name, each in kept.items() if each.function.__module__ == module.__name__]:
            del kept[name], names._TAKEN[name]
    for kind in [kind for kind, sender in errands.SENDERS.items() if sender.send.__module__ == module.__name__]:
        del errands.SENDERS[kind]
    for code in DECLARED.findall(program(blocks(Path(str(module.__file__))))):
        CODES.pop(code, None)
    sys.modules.pop(module.__name__, None)


@contextmanager
def cooked(recipe: Path, bank: Bank) -> Iterator[ModuleType]:
    """A recipe's blocks as what they are: tables in the bank, a page beside ours, one module of Python."""
    found = blocks(recipe)
    with bank.superuser() as owner:
        for block in found:
            if block.language == "sql":
                owner.execute(block.text)
    pages = {named[1]: block.text for block in found if (named := TEMPLATE.match(block.text))}
    loader = templates.env.loader
    if pages:
        assert loader is not None
        templates.env.loader = ChoiceLoader([DictLoader(pages), loader])
    module = ModuleType(f"recipes.{recipe.stem.replace('-', '_')}")
    module.__file__ = str(recipe)
    code = compile(program(found), str(recipe), "exec")  # annotations are postponed in it as they are in this file
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)
        yield module
    finally:
        taken_out(module)
        templates.env.loader = loader


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_a_recipe_works_as_printed(recipe: Path, bank: Bank, request: pytest.FixtureRequest) -> None:
    before = {*operations.OPERATIONS, *question.QUESTIONS}
    with cooked(recipe, bank) as module:
        tests = [each for name, each in vars(module).items() if name.startswith("test_") and inspect.isfunction(each)]
        assert tests, f"{recipe.name} shows no test"
        for test in tests:
            test(**{name: request.getfixturevalue(name) for name in inspect.signature(test).parameters})
    left = [*operations.OPERATIONS.values(), *question.QUESTIONS.values()]
    assert before <= {each.name for each in left}
    assert not [each for each in left if each.function.__module__.startswith("recipes.")]


def test_there_is_a_recipe_for_each_thing_that_is_added_often() -> None:
    added = {"add-a-page", "add-a-port", "add-a-question", "add-a-report", "add-an-operation"}
    assert added <= {recipe.stem for recipe in RECIPES}
    for recipe, test in ELSEWHERE.items():
        assert not (FOLDER / f"{recipe}.md").exists() or recipe in (ROOT / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_a_recipe_fits_on_a_page_and_a_half(recipe: Path) -> None:
    assert len(recipe.read_text(encoding="utf-8").splitlines()) <= 150, "a recipe is short: say less"
