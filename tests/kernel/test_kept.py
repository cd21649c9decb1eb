"""What is personal or secret, wherever a command or a result is written: leaf, draft, stored answer, decision."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from farthing.db.tx import Tx
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide, decide
from farthing.kernel.kept import Form, answer_form, leaf_form
from farthing.kernel.operation import operation, personal, secret
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import Actor
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.words import Words
from tests.conftest import Bank

CLERK, CHIEF = Actor("clerk", frozenset({"*"})), Actor("chief", frozenset({"*"}))
NAME, COMBINATION = "周桂兰的保险箱", "31-17-42 the combination"


@dataclass(frozen=True, slots=True)
class OpenBox:
    """Open a safe deposit box for somebody."""

    holder: str = personal()


@dataclass(frozen=True, slots=True)
class Box:
    """A box, with what opens it."""

    number: int
    holder: str = personal()
    combination: str = secret()


@operation("vault.open", title=Words("vault.open", "试验"), permission="vault:open", whose=NOBODYS)
def open_box(tx: Tx, command: OpenBox) -> Box:
    """Open a box."""
    return Box(7, command.holder, COMBINATION)


@operation(
    "vault.open_by_two",
    title=Words("vault.open_by_two", "试验"),
    permission="vault:open",
    whose=NOBODYS,
    four_eyes=True,
)
def open_by_two(tx: Tx, command: OpenBox) -> Box:
    """Open a box where two agree."""
    return open_box(tx, command)


def written(bank: Bank, table: str) -> str:
    with bank.superuser() as connection:
        query = f"SELECT to_jsonb(t)::text FROM {table} AS t"
        lines = [row for (row,) in connection.execute(query)]  # type: ignore[arg-type]
        leaves = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf").fetchall()
    return "\n".join(lines if table != "evidence_leaf" else [body for (body,) in leaves])


def test_an_answer_is_kept_without_its_secret_and_a_repetition_is_told_so(bank: Bank) -> None:
    assert bank.run(open_box, OpenBox(NAME), key="k").combination == COMBINATION
    assert COMBINATION not in written(bank, "idempotency")
    with pytest.raises(Refusal) as caught:
        bank.run(open_box, OpenBox(NAME), key="k")
    assert caught.value.code == "idempotency.answer_not_kept"


def test_an_answer_about_somebody_is_marked(bank: Bank) -> None:
    bank.run(open_box, OpenBox(NAME), key="k")
    with bank.superuser() as connection:
        assert connection.execute("SELECT personal FROM idempotency").fetchall() == [(True,)]


def test_a_decided_operation_has_a_leaf_of_its_own_and_nothing_in_the_clear(bank: Bank) -> None:
    pending = bank.run(open_by_two, OpenBox(NAME), actor=CLERK)
    assert NAME not in written(bank, "approval"), "it waits, sealed"
    (waits,) = bank.kernel.ask(approvals.waiting, actor=CHIEF)
    assert NAME in str(waits), "and is to be read by the second person"
    decided = bank.run(decide, Decide(pending.approval_id, True), actor=CHIEF, key="d")
    assert COMBINATION in decided.result_json
    leaves = written(bank, "evidence_leaf")
    assert leaves.count('"kind":"vault.open_by_two"') == 2
    assert '"number":7' in leaves
    for table in ("evidence_leaf", "approval", "idempotency"):
        assert NAME not in written(bank, table), table
        assert COMBINATION not in written(bank, table), table
    assert bank.run(decide, Decide(pending.approval_id, True), actor=CHIEF, key="d").result_json == ""


def test_a_request_is_told_apart_by_a_digest_that_the_key_salts(bank: Bank) -> None:
    for key in ("one", "two"):
        bank.run(open_box, OpenBox(NAME), key=key)
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(DISTINCT request_digest) FROM idempotency").fetchone() == (2,)


def test_no_secret_waits_for_a_second_person() -> None:
    @dataclass(frozen=True, slots=True)
    class Whisper:
        word: str = secret()

    def whisper(tx: Tx, command: Whisper) -> Box:
        raise NotImplementedError

    whisper.__annotations__.update(command=Whisper, **{"return": Box, "tx": Tx})
    with pytest.raises(InvariantBroken, match="takes no secret"):
        operation(
            "vault.whisper",
            title=Words("vault.whisper", "试验"),
            permission="vault:open",
            whose=NOBODYS,
            four_eyes=True,
        )(whisper)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Boxes, declared as less than they are."""

    row: int
    front: object
    boxes: tuple[OpenBox, ...] = ()


@dataclass(frozen=True, slots=True)
class LockedBox(OpenBox):
    """A box with a secret that whoever declared the field did not know of."""

    combination: str = secret("")


@dataclass(frozen=True, slots=True)
class Lamp:
    """Nothing about anybody."""

    on: bool


def test_a_value_is_written_as_it_stands_only_where_no_part_is_personal_or_secret() -> None:
    lit = Form(Shelf(1, [Lamp(True), {"spare": Lamp(False)}]))
    assert lit.is_open
    assert leaf_form(lit) is lit.text is answer_form(lit)[0], "one text serves digest, leaf and answer"
    for hidden in (
        Shelf(1, Box(7, NAME, COMBINATION)),
        Shelf(1, [{"there": Box(7, NAME, COMBINATION)}]),
        Shelf(1, None, (LockedBox(NAME, COMBINATION),)),
    ):
        form = Form(hidden)
        assert not form.is_open
        assert COMBINATION not in str(leaf_form(form)) and COMBINATION not in str(answer_form(form))
        assert answer_form(form)[1], "it says something about somebody"
