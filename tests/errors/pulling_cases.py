"""Refusals around history that is brought from another institution."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.identity import jose
from farthing.kit.actor import Actor
from farthing.sharing.pulling import rules, service
from farthing.sharing.pulling.model import Asker, AskPull, ComeBack, Endpoints, RegisterGiver, StopPull
from tests.conftest import DAY, Bank
from tests.errors.gallery import reproduces
from tests.errors.sharing_cases import _herself
from tests.sharing.lines import Line, answering

HERE = RegisterGiver("Elsewhere", "他行", "https://other.example/open", "rp_1", "https://bank.example/pulls/back")


def set_up(bank: Bank, line: Any = None) -> tuple[str, Actor]:
    """An institution that two of the staff set up, whatever it answers; and somebody."""
    if line is not None:
        bank.kernel.ports = bank.kernel.ports.with_peer("giver", "open", line)
    made: dict[str, Any] = agreed(bank.kernel, service.register_giver, HERE)
    return str(made["id"]), _herself(bank)


def ask(giver_id: str, **changes: Any) -> AskPull:
    return AskPull(**{"giver_id": giver_id, "from_on": DAY, "until": DAY + timedelta(days=9), **changes})


@reproduces("sharing.giver_bad")
def an_institution_without_tls(bank: Bank) -> None:
    rules.check_giver(RegisterGiver("One", "一", "http://other.example/open", "rp_1", HERE.back), simulated=True)


@reproduces("sharing.too_many_givers")
def more_institutions_than_anybody_looks_after(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO pull_giver (id, name, name_zh, issuer, client_id, back, made_at)"
            " SELECT 'giver_' || n, 'a', 'a', 'a', 'a', 'a', now() FROM generate_series(1, 200) n"
        )
    bank.run(service.register_giver, HERE)


@reproduces("sharing.giver_unknown")
def an_institution_that_nobody_set_up(bank: Bank) -> None:
    bank.run(service.ask_pull, ask("giver_1"), actor=_herself(bank))


@reproduces("sharing.pull_range")
def asking_for_more_than_it_takes(bank: Bank) -> None:
    giver_id, who = set_up(bank)
    bank.run(service.ask_pull, ask(giver_id, until=DAY + timedelta(days=31)), actor=who)


@reproduces("sharing.pull_runs")
def asking_for_what_runs(bank: Bank) -> None:
    giver_id, who = set_up(bank, Line())
    asked = bank.run(service.ask_pull, ask(giver_id), actor=who)
    answering(bank, asked, who)
    bank.run(service.ask_pull, ask(giver_id), actor=who)


@reproduces("sharing.pull_too_often")
def asking_all_day(bank: Bank) -> None:
    giver_id, who = set_up(bank, Line())
    for _ in range(rules.ASKED + 1):
        bank.run(service.ask_pull, ask(giver_id), actor=who)


@reproduces("sharing.giver_silent")
def an_institution_that_does_not_answer(bank: Bank) -> None:
    class Silent(Line):
        def endpoints(self, issuer: str) -> Endpoints:
            raise ConnectionError("nothing listens there")

    giver_id, who = set_up(bank, Silent())
    bank.run(service.ask_pull, ask(giver_id), actor=who)


@reproduces("sharing.giver_refused")
def an_institution_that_knows_us_not(bank: Bank) -> None:
    class Strange(Line):
        def posted(self, asker: Asker, url: str, form: Any) -> dict[str, Any]:
            raise rules.SaidNo(401, "invalid_client")

    giver_id, who = set_up(bank, Strange())
    bank.run(service.ask_pull, ask(giver_id), actor=who)


@reproduces("sharing.pull_not_asked")
def an_answer_to_nothing(bank: Bank) -> None:
    bank.run(service.come_back, ComeBack("state_1_x", "code", HERE.issuer), actor=_herself(bank))


@reproduces("sharing.pull_mixed_up")
def an_answer_of_another_institution(bank: Bank) -> None:
    giver_id, who = set_up(bank, Line())
    asked = bank.run(service.ask_pull, ask(giver_id), actor=who)
    answering(bank, asked, who, iss="https://evil.example/open")


@reproduces("sharing.pull_unknown")
def stopping_what_is_not_ones_own(bank: Bank) -> None:
    bank.run(service.stop_pull, StopPull("pull_1"), actor=_herself(bank))


@reproduces("sharing.pull_ended")
def stopping_it_twice(bank: Bank) -> None:
    giver_id, who = set_up(bank, Line())
    asked = bank.run(service.ask_pull, ask(giver_id), actor=who)
    for _ in range(2):
        bank.run(service.stop_pull, StopPull(asked.pull_id), actor=who)


@reproduces("sharing.pull_untrue")
def an_answer_that_cannot_be_used(bank: Bank) -> None:
    try:
        rules.page_of({"transactions": "none"})
    except jose.Untrue as untrue:
        raise rules.UNTRUE(name="Elsewhere", problem=str(untrue)) from None
