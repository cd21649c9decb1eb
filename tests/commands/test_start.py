"""What a command costs before it does anything: it imports what it needs, and nothing of the rest.

Processor time is compared with a floor measured in the same run, for the machine may be slow or busy: ``import typer``
costs 0.12 s where ``farthing --help`` may cost 0.3. What must not be imported is the exact half of the test.
"""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from farthing.cli import COMMANDS, Later, app
from farthing.kit.later import load

HEAVY = (
    "fastapi",
    "starlette",
    "uvicorn",
    "pyhanko",
    "typst",
    "openpyxl",
    "phonenumbers",
    "alembic",
    "sqlalchemy",
    "numpy",
)
FLOOR = "import typer"


def spent(*arguments: str) -> tuple[float, str]:
    """Processor seconds of a Python process, the least of three, and what it printed."""
    seconds, printed = [], ""
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        printed = done.stdout
    return min(seconds), printed


def imported(code: str) -> set[str]:
    """The packages that a process has after running some code."""
    tell = f"{code}\nimport sys\nprint('|', *sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("|")[2].split())


def test_help_costs_little_more_than_the_parser_of_the_command_line() -> None:
    floor, _ = spent("-c", FLOOR)
    cost, printed = spent("-m", "farthing", "--help")
    assert "close-day" in printed
    assert cost < 2.5 * floor, f"help {cost:.2f} s, floor {floor:.2f} s"


def test_a_quote_needs_neither_server_nor_database() -> None:
    floor, _ = spent("-c", FLOOR)
    cost, printed = spent("-m", "farthing", "quote", "compare", "--amount", "1000", "--days", "90")
    assert '"products"' in printed
    assert cost < 9 * floor, f"quote {cost:.2f} s, floor {floor:.2f} s"


@pytest.mark.parametrize(
    ("code", "besides"),
    [
        ("import farthing", ()),
        ("import farthing.cli", ("pydantic", "psycopg", "farthing_commands")),
        ("import farthing.commands.quote", ()),
    ],
)
def test_nothing_heavy_comes_along(code: str, besides: tuple[str, ...]) -> None:
    assert not imported(code) & {*HEAVY, *besides}


def test_a_bank_that_is_up_to_date_needs_no_migrations_and_no_pdf_library() -> None:
    assert not imported("import farthing.town.opening") & {
        "alembic",
        "sqlalchemy",
        "pyhanko",
        "typst",
        "fastapi",
        "uvicorn",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    place, said = COMMANDS[name]
    own = " ".join((Later(name, place, said).command().help or "").split())
    assert own.startswith(said.split(":")[0].rstrip("."))


def test_each_command_prints_its_help() -> None:
    for name in COMMANDS:
        done = CliRunner().invoke(app, [name, "--help"])
        assert done.exit_code == 0, name
        assert f"{name} " in done.stdout
    assert isinstance(load("farthing.commands.nested:savings_app"), typer.Typer)
