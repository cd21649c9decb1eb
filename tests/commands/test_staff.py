"""Staff and keys on the command line: a bank with a real clock needs two officers and no SQL; a simulated one needs nobody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.bank.founding import agreed
from farthing.bank.staff import first_officers
from farthing.cli import app
from farthing.identity import entrance
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes, KeepCodes
from farthing.identity.first import FirstOfficers, Officer
from farthing.identity.model import LogIn
from farthing.kit.errors import Refusal
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.model import Publish
from tests.banks import commanded
from tests.conftest import Bank
from tests.identity.test_codes import shown

LIN, CHEN = "the river runs east", "a lamp in the window"
ZHOU = "rain on a tin roof"
Run = Callable[..., str]


@pytest.fixture
def run(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process, with what is typed at it."""
    commanded(monkeypatch, bank.url)

    def command(*words: str, typed: tuple[str, ...] = ()) -> str:
        done = CliRunner().invoke(app, list(words), input="".join(f"{each}\n" for each in typed))
        if isinstance(done.exception, Refusal):
            raise done.exception
        assert done.exit_code == 0, f"{done.output} {done.exception!r}"
        return done.stdout

    return command


@pytest.fixture
def real(bank: Bank) -> Bank:
    """A bank with a real clock and its first two officers."""
    first_officers(
        bank.kernel, FirstOfficers(Officer("lin", "林岚", "S-01", LIN), Officer("chen", "陈默", "S-02", CHEN))
    )
    with bank.superuser() as owner:
        owner.execute("UPDATE bank_clock SET mode = 'real'")
    return bank


def code(run: Run, *words: str, typed: tuple[str, ...] = ()) -> str:
    with pytest.raises(Refusal) as caught:
        run(*words, typed=typed)
    return caught.value.code


def asked(run: Run, *words: str, typed: tuple[str, ...] = ()) -> Any:
    return json.loads(run(*words, "--json", typed=typed))


ADD = ("staff", "add", "zhou", "operator", "--name", "周全", "--number", "S-03")


def test_two_officers_make_an_operator_who_chooses_a_password(run: Run, real: Bank) -> None:
    assert code(run, *ADD) == "bank.officers_make_staff"
    assert code(run, *ADD, "--as", "lin", typed=("wrong",)) == "identity.wrong_login"
    waits = run(*ADD, "--as", "lin", typed=(LIN,))
    (draft,) = re.findall(r"appr_\w+", waits)
    assert draft in run("staff", "drafts", "--as", "chen", typed=(CHEN,))
    assert code(run, "staff", "agree", draft, "--as", "lin", typed=(LIN,)) == "approvals.same_person"
    looked = asked(run, "staff", "agree", draft, "--as", "chen", "--dry-run", typed=(CHEN,))
    assert looked["answer"]["state"] == "approved" and looked["answer"]["result_json"] == "", (
        "no password that nobody has"
    )
    tried = run("staff", "agree", draft, "--as", "chen", "--dry-run", typed=(CHEN,))
    assert "A dry run: nothing was kept." in tried and not set("{}[]") & set(tried)
    agree = ("staff", "agree", draft, "--as", "chen", "--seen")
    assert code(run, *agree, "0" * 64, typed=(CHEN,)) == "kernel.not_as_seen"
    told = run(*agree, looked["seen"], typed=(CHEN,))
    (once,) = re.findall(r"told this once: (\S+)", told)
    assert {"zhou", "lin", "chen"} == {each["login"] for each in asked(run, "staff", "list")}
    assert "must choose a password" in run("staff", "list")
    assert once not in run("staff", "list")
    run("staff", "password", "zhou", typed=(once, ZHOU, ZHOU))
    assert entrance.log_in(real.kernel, LogIn("zhou", ZHOU)).outcome == "ok"
    assert entrance.log_in(real.kernel, LogIn("zhou", once)).outcome == "wrong"
    assert "ended" in run("staff", "end", "zhou", "--as", "lin", typed=(LIN,))
    assert entrance.log_in(real.kernel, LogIn("zhou", ZHOU)).outcome == "wrong"
    assert [each["disabled_at"] is None for each in asked(run, "staff", "list") if each["login"] == "zhou"] == [False]
    assert code(run, "staff", "end", "nobody") == "identity.login_unknown"


def test_an_officer_with_an_app_is_asked_for_its_code(run: Run, real: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the policy wants a second factor of staff, as the shipped ones do, and the days of grace are over."""
    monkeypatch.setenv("FARTHING_POLICY", "cn")
    agreed(real.kernel, loan_shelf.publish, Publish(products.POLICY, products.shipped("cn")[0].source))
    with real.superuser() as owner:
        owner.execute("UPDATE login SET created_at = created_at - interval '31 days'")
    drafts = ("staff", "drafts", "--as", "lin")
    assert code(run, *drafts, typed=(LIN,)) == "kernel.second_factor_needed"
    weak = entrance.who_is(real.kernel, str(entrance.log_in(real.kernel, LogIn("lin", LIN)).token)).actor
    begun = real.run(codes.begin_codes, BeginCodes(), actor=weak)
    kept = real.run(codes.keep_codes, KeepCodes(shown(begun)), actor=weak)
    assert code(run, *drafts, typed=(LIN, "000000")) == "identity.app_code_wrong"
    run(*drafts, typed=(LIN, shown(begun, 1)))
    run("staff", "password", "lin", typed=(LIN, kept.recovery[0], ZHOU, ZHOU))
    run(*drafts, typed=(ZHOU, kept.recovery[1]))


def test_what_is_turned_down_makes_nothing(run: Run, real: Bank) -> None:
    (draft,) = re.findall(r"appr_\w+", run(*ADD, "--as", "lin", typed=(LIN,)))
    assert "rejected" in run("staff", "agree", draft, "--as", "chen", "--no", "--note", "not hired", typed=(CHEN,))
    assert "zhou" not in run("staff", "list")


def test_a_key_takes_two_is_shown_once_and_has_days_to_live(run: Run, real: Bank) -> None:
    making = ("keys", "make", "payroll", "program:payroll", "operator", "--days", "30")
    assert code(run, *making) == "bank.officers_make_staff"
    (draft,) = re.findall(r"appr_\w+", run(*making, "--as", "lin", typed=(LIN,)))
    told = run("staff", "agree", draft, "--as", "chen", typed=(CHEN,))
    ((key, token),) = re.findall(r"(key_\w+): a key until .*, told this once: (\S+)", told)
    assert entrance.who_is(real.kernel, token).actor.id == "program:payroll"
    (listed,) = asked(run, "keys", "list")
    assert (listed["id"], listed["days_left"]) == (key, 29)
    assert token not in run("keys", "list")
    run("keys", "end", key)
    assert code(run, "keys", "end", key) == "identity.key_unknown"
    assert "ended" in run("keys", "list")
    with pytest.raises(Refusal):
        entrance.who_is(real.kernel, token)


def test_a_simulated_bank_makes_both_by_itself(run: Run) -> None:
    assert "told this once" in run(*ADD)
    made = asked(run, "keys", "make", "tests", "program:tests", "auditor")
    assert made["token"].startswith("fkey_") or made["token"]
    assert asked(run, "staff", "list", "--limit", "1")[0]["login"] == "zhou"
    people = asked(run, "staff", "list")
    assert asked(run, "staff", "list", "--after", people[-1]["person_id"]) == []


def test_roles_are_told_with_what_they_may(run: Run) -> None:
    told = asked(run, "staff", "roles")
    assert set(told) == {"teller", "operator", "risk", "auditor", "regulator", "lender", "security"}
    assert "identity:manage" in told["security"]
    assert "makes and ends logins" in run("staff", "roles")


@pytest.mark.long
def test_a_draft_of_anything_is_known_to_whoever_agrees_on_the_command_line() -> None:
    """A process that runs ``farthing staff`` alone, beside one that has every door."""
    tell = "from farthing.kernel.operation import OPERATIONS; print(*sorted(OPERATIONS))"
    alone, all_doors = (
        subprocess.run(
            [sys.executable, "-c", f"import {modules}; {tell}"], capture_output=True, text=True, check=True
        ).stdout.split()
        for modules in ("farthing.commands.staff", "farthing.commands.staff, farthing.server, farthing.api.routes")
    )
    assert alone == all_doors and len(alone) > 150
