"""Nobody outside is asked while a transaction is open: who takes ``Tx`` holds no client and calls no peer."""

from __future__ import annotations

import ast

import pytest

from tests.tidy.tree import File, Function, files, nothing

AT_HOME = {
    "vault": "wraps keys in this process",
    "ca": "the built-in authority is made over kept keys",
    "sealer": "seals to a public key in this process",
    "keyring": "a file of this machine, read and written in this process",
}
"""Peers that a transaction may use: they are in this process, and nobody is asked."""
KNOWN_BY_ITS_CHAIN = {
    "signing/service.py:timestamper",
    "signing/service.py:responder",
    "assurance/publishing_service.py:settled_key",
    "assurance/publishing_service.py:promised",
}
"""Reads which time-stamping authority or responder there is, to know its certificates, or a verifier key that a setting or a
file names; who asks them has no transaction open."""


def takes_tx(function: Function) -> bool:
    """Whether a function is handed a transaction."""
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(isinstance(item.annotation, ast.Name) and item.annotation.id == "Tx" for item in given)


def peers_asked(file: File) -> list[str]:
    """Where a function that takes ``Tx`` takes a peer out of the table."""
    return [
        file.at(call, f"{function.name} takes Tx and a peer: {ast.unparse(call)}")
        for function in file.functions()
        if takes_tx(function) and f"{file.name}:{function.name}" not in KNOWN_BY_ITS_CHAIN
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "peer"
        if not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value in AT_HOME)
    ]


def test_who_takes_a_transaction_asks_no_peer() -> None:
    nothing([problem for file in files() if file.package != "kernel" for problem in peers_asked(file)])


def test_clients_are_imported_only_where_the_table_is_built() -> None:
    nothing([
        file.at(node, f"imports {name} and has a function that takes Tx")
        for file in files()
        if any(takes_tx(function) for function in file.functions())
        for node, name in file.imports()
        if name.startswith("farthing.") and "client" in name.split(".")
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(tx: Tx): tx.ports.peer('rail').move(1)", True),
        ("def f(tx: Tx, k: Kernel): k.ports.peer(kind)", True),
        ("def f(tx: Tx): tx.ports.peer('vault').wrap(1)", False),
        ("def f(desk: Desk): desk.ports.peer('rail').move(1)", False),
    ],
)
def test_a_peer_that_is_asked_is_seen(text: str, found: bool) -> None:
    assert bool(peers_asked(File(files()[0].path, text, ast.parse(text)))) is found
