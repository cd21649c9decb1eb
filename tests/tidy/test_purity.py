"""In books and business a file is pure unless the last word of its name is store, service or client (design, section 2)."""

from __future__ import annotations

import ast

import pytest

from tests.tidy.tree import SHELLS, SOURCE, File, files, last_word, nothing

NOT_IN_PURE_FILES = (
    "psycopg", "farthing.db", "random", "secrets", "time", "socket", "ssl", "asyncio", "subprocess",
    "urllib.request", "http.client", "smtplib", "httpx", "aiohttp", "requests", "os.environ",
    "farthing.kernel.run", "farthing.kernel.jobs", "farthing.kernel.settings", "farthing.kernel.store",
)  # fmt: skip
NETWORK = (
    "urllib.request", "urllib.error", "urllib.robotparser", "http.client", "http.server", "socket", "socketserver", "ssl",
    "smtplib", "ftplib", "poplib", "imaplib", "xmlrpc", "httpx", "httpcore", "aiohttp", "requests", "urllib3",
)  # fmt: skip
REACHED_BY = {
    "credit/bills/readers_service.py": "hands uploads to a process of its own by a pair of sockets and calls nobody",
    "credit/bills/ready_service.py": "is that process",
    "evidence/signer/client.py": "asks the log's signer over a socket on this machine",
    "evidence/signer/serving.py": "is that process, and calls nobody",
    "kit/answering.py": "a small process listens and calls nobody: a witness, a tagger, a shelf, the sandbox's bank and lender",
    "kit/client.py": "the one HTTP call, which the ports' clients make",
    "server.py": "binds the bank's own port and calls nobody",
}
CALLS = "farthing.kit.client"
READS_TOML = "kit/tables.py"
CLOCK_CALLS = {"now", "today", "utcnow"}


def _within(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def impurities(file: File) -> list[str]:
    """What a pure file may not have: imports of the shell, the clock, chance, or a transaction."""
    problems = [
        file.at(node, f"imports {name}")
        for node, name in file.imports()
        if _within(name, NOT_IN_PURE_FILES) or (name.startswith("farthing.") and last_word(name) in SHELLS)
    ]
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            problems.append(file.at(node, f"asks the clock: {ast.unparse(node.func)}()"))
        if isinstance(node, ast.Name) and node.id == "Tx":
            problems.append(file.at(node, "knows Tx"))
    return problems


def test_pure_files_are_pure() -> None:
    nothing([problem for file in files() if file.pure for problem in impurities(file)])


def toml_problems(file: File) -> list[str]:
    """Where a file reads TOML by itself."""
    if file.name == READS_TOML:
        return []
    return [file.at(node, f"imports {name}") for node, name in file.imports() if _within(name, ("tomllib",))]


def test_one_file_reads_toml() -> None:
    nothing([problem for file in files() for problem in toml_problems(file)])
    assert toml_problems(File(SOURCE / "ledger" / "guards.py", "", ast.parse("import tomllib")))


def network_problems(file: File) -> list[str]:
    """Where a file reaches the network by itself, or asks a peer though it is not named client."""
    if file.name in REACHED_BY:
        return []
    asks = () if last_word(file.path.stem) == "client" else (CALLS,)
    return [file.at(node, f"imports {name}") for node, name in file.imports() if _within(name, (*NETWORK, *asks))]


def test_the_network_is_reached_by_one_file_and_asked_for_only_by_clients() -> None:
    nothing([problem for file in files() for problem in network_problems(file)])


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("signing/client.py", "from urllib.request import urlopen", True),
        ("signing/client.py", "import http.client", True),
        ("signing/client.py", "import socket", True),
        ("signing/client.py", "import httpx", True),
        ("signing/client.py", "from farthing.kit.client import post", False),
        ("signing/service.py", "from farthing.kit.client import post", True),
        ("signing/service.py", "from farthing.kit import client", True),
        ("signing/service.py", "from urllib.parse import urlsplit", False),
        ("kit/client.py", "import socket", False),
    ],
)
def test_a_way_to_the_network_is_seen(name: str, text: str, found: bool) -> None:
    assert bool(network_problems(File(SOURCE / name, text, ast.parse(text)))) is found


def test_stores_are_private_to_their_package() -> None:
    nothing([
        file.at(node, f"imports {name}")
        for file in files()
        for node, name in file.imports()
        if name.startswith("farthing.") and last_word(name) == "store" and name.split(".")[1] != file.package
    ])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["import random", "from farthing.ledger import service", "x = date.today()", "def f(tx: Tx): ..."],
)
def test_an_impurity_is_seen(text: str) -> None:
    file = File(files()[0].path, text, ast.parse(text))
    assert impurities(file)
