"""What a command costs before it does anything: it imports what it needs, and nothing of the rest.

Processor time is compared with a floor of the same kind and size measured in the same run, for the machine may be slow or
busy, and a tenth of a second is too short to measure a second's work by: ``import typer`` costs 0.12 s where
``farthing --help`` may cost 0.3, and the libraries of a server 0.6 s where ``farthing serve`` may cost 3. What must not be
imported is the exact half of the test.
"""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys

import psutil
import pytest
import typer
from typer.testing import CliRunner

from farthing.cli import COMMANDS, Later, app
from farthing.kit.later import load
from tests.banks import at
from tests.conftest import Bank
from tests.waits import until_served

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
    "polars",
)
FLOOR = "import typer"
SERVERS_FLOOR = "import fastapi, uvicorn, psycopg, psycopg_pool, jinja2"


def spent(*arguments: str, times: int = 3) -> tuple[float, str]:
    """Processor seconds of a Python process, the least of so many, and what it printed."""
    seconds, printed = [], ""
    for _ in range(times):
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
    cost, printed = spent("-m", "farthing", "quote", "compare", "--amount", "1000", "--days", "90", "--json")
    assert '"products"' in printed
    assert cost < 9 * floor, f"quote {cost:.2f} s, floor {floor:.2f} s"


def until_ready(database_url: str) -> float:
    """Processor seconds that ``farthing serve`` has spent when it is ready, over a database that is there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = {**os.environ, **at(database_url), "FARTHING_PORT": str(port)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    serving = subprocess.Popen([sys.executable, "-m", "farthing", "serve"], env=surroundings, stdout=subprocess.DEVNULL)
    try:
        assert until_served(f"http://127.0.0.1:{port}/readyz", serving).status_code == 200
        spent = psutil.Process(serving.pid).cpu_times()
        return spent.user + spent.system
    finally:
        serving.terminate()
        serving.wait(60)


@pytest.mark.long
def test_a_server_is_ready_within_seconds(bank: Bank) -> None:
    floor, _ = spent("-c", SERVERS_FLOOR)
    cost = until_ready(bank.url)
    if cost >= 7 * floor:
        cost = until_ready(bank.url)  # byte code is written now; or something else had the processor's memory
    assert cost < 7 * floor, f"serve {cost:.2f} s, floor {floor:.2f} s"


ROUTES = """
from farthing.api.strict import DescribedRoute
from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.server import application
first, second = (application(Kernel(Database("postgresql://nobody@/nothing"))).router.routes for _ in range(2))
described = [each for each in first if isinstance(each, DescribedRoute)]
print(len(described) > 100, all(each in second for each in described), any(each._described for each in described))
"""


@pytest.mark.long
def test_routes_are_built_once_and_the_models_of_their_answers_when_they_are_described() -> None:
    done = subprocess.run([sys.executable, "-c", ROUTES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False"]


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


@pytest.mark.long
def test_a_bank_that_is_up_to_date_needs_no_migrations_and_no_pdf_library() -> None:
    assert not imported("import farthing.bank.opening") & {
        "alembic",
        "sqlalchemy",
        "pyhanko",
        "typst",
        "fastapi",
        "uvicorn",
        "polars",
    }


@pytest.mark.long
def test_a_server_does_without_what_only_training_and_batches_need() -> None:
    assert not imported("import farthing.server") & {"polars", "lightgbm", "sklearn"}


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
