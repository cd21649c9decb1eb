"""What comes of an institution that answers wrongly, endlessly, of somebody else, late or twice: no harm, and a reason told."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import store as history
from farthing.identity import jose
from farthing.kernel import errands
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.sharing.pulling import rules, service
from farthing.sharing.pulling.model import Asker, OwnPulls, StopPull
from tests.conftest import DAY, Bank
from tests.errors.pulling_cases import ask, set_up
from tests.sharing.lines import ISSUER, Line, answering, holder, row

GOOD: dict[str, Any] = {
    "issuer": ISSUER, "authorization_endpoint": "https://other.example/authorize",
    "pushed_authorization_request_endpoint": "https://other.example/par", "token_endpoint": "https://other.example/token",
    "revocation_endpoint": "https://other.example/revoke", "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"], "dpop_signing_alg_values_supported": ["ES256"],
    "authorization_details_types_supported": ["farthing-accounts"], "authorization_response_iss_parameter_supported": True,
}  # fmt: skip


def running(bank: Bank, line: Line) -> Actor:
    giver_id, who = set_up(bank, line)
    answering(bank, bank.run(service.ask_pull, ask(giver_id, from_on=DAY - timedelta(days=60)), actor=who), who)
    return who


def swept(bank: Bank, who: Actor) -> OwnPulls:
    while errands.sweep(bank.kernel, everything=True):
        pass
    found: OwnPulls = bank.kernel.ask(service.own_pulls, actor=who)
    return found


def kept(bank: Bank, who: Actor) -> list[dict[str, Any]]:
    return bank.kernel.read(lambda tx: history.imports(tx, str(who.party_id)))


def test_a_discovery_document_is_of_this_issuer_letter_by_letter_and_at_its_own_origin() -> None:
    assert rules.discovery_of(ISSUER) == "https://other.example/.well-known/oauth-authorization-server/open"
    assert rules.endpoints_of(ISSUER, GOOD).reading == "https://other.example/v1/open"
    wrong: list[dict[str, Any]] = [
        {"issuer": ISSUER + "/"}, {"issuer": "https://Other.example/open"}, {"token_endpoint": "https://evil.example/token"},
        {"token_endpoint": "https://other.example.evil.example/token"}, {"authorization_endpoint": "http://other.example/a"},
        {"code_challenge_methods_supported": ["plain"]}, {"dpop_signing_alg_values_supported": "ES256"},
        {"authorization_response_iss_parameter_supported": "true"}, {"revocation_endpoint": None},
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(jose.Untrue):
            rules.endpoints_of(ISSUER, {**GOOD, **each})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["transactions", "next_cursor", "amount", "minor", "currency", "booked_at", "id", "accounts", "account", "kind"]
    ), inner, max_size=4)
), max_leaves=12))  # fmt: skip
def test_whatever_comes_is_a_page_in_order_or_untrue(said: Any) -> None:
    said = said if isinstance(said, dict) else {"transactions": [said], "accounts": [said]}
    for read in (rules.page_of, rules.accounts_of):
        with contextlib.suppress(jose.Untrue):
            read(said)


@given(st.integers(-(2**60), 2**60), st.datetimes(timezones=st.timezones()))
def test_a_row_is_kept_to_the_fen_and_in_the_time_of_bills(minor: int, at: Any) -> None:
    try:
        rows, _ = rules.page_of({"transactions": [row(1, minor, booked_at=at.isoformat())], "next_cursor": None})
    except jose.Untrue:
        assert minor == 0 or abs(minor) >= 2**53 or not 2 < at.year < 9998
        return
    (found,) = rules.transactions_of("giver_1", json.dumps(rows))
    assert found.amount.minor == abs(minor) and found.direction == ("in" if minor > 0 else "out")
    assert found.occurred_at == at.astimezone(rules.CHINA).replace(tzinfo=None)


@pytest.mark.long
def test_of_another_holder_it_counts_as_a_file_that_names_nobody(bank: Bank) -> None:
    before = row(3, booked_at="2026-04-10T23:59:59+08:00")  # she agreed from the day after on
    page = {"transactions": [row(1), row(2), before], "next_cursor": None}
    line = Line(accounts=holder("赵六", "110105199003070025"), transactions=page)
    who = running(bank, line)
    own = swept(bank, who)
    assert own.pulls[0].holder == "other" and [each.added for each in own.pages] == [2]
    (found,) = kept(bank, who)
    assert (found["vouched_by"], found["holder_check"]) == ("", "unverifiable")
    assert {query["account"] for kind, query in line.asked if kind == "transactions"} == {"a1"}, "yuan alone"


@pytest.mark.long
def test_pages_without_an_end_end(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PAGES", 7)

    def endless(query: dict[str, str]) -> dict[str, Any]:
        number = int(query.get("cursor", "0")) + 1
        return {"transactions": [row(number)], "next_cursor": str(number)}

    line = Line(accounts=holder("x", "y"), transactions=endless)
    who = running(bank, line)
    assert len(swept(bank, who).pages) == 7
    # And one that says the same again goes on nowhere.
    bank.run(service.stop_pull, StopPull(swept(bank, who).pulls[0].id), actor=who)
    line.answers["transactions"] = {"transactions": [row(99)], "next_cursor": "same"}
    asked = bank.run(
        service.ask_pull, ask(bank.kernel.ask(service.givers)[0].id, from_on=DAY - timedelta(days=60)), actor=who
    )
    answering(bank, asked, who)
    assert [each.added for each in swept(bank, who).pages[:2]] == [0, 1]


@pytest.mark.long
def test_a_broken_page_is_asked_for_again_and_then_left(bank: Bank) -> None:
    line = Line(accounts=holder("x", "y"), transactions={"transactions": [row(1, booked_at="yesterday")]})
    who = running(bank, line)
    for _ in range(rules.TRIED + 2):
        errands.sweep(bank.kernel, everything=True)
    own = swept(bank, who)
    assert [each.problem for each in own.pages] == ["untrue"] and own.pulls[0].state == "running"
    assert kept(bank, who) == [] and sum(kind == "transactions" for kind, _ in line.asked) == rules.TRIED


@pytest.mark.long
def test_each_day_what_is_new_is_asked_for_once_until_the_last_day(bank: Bank) -> None:
    line = Line(accounts=holder("x", "y"), transactions={"transactions": [row(1)], "next_cursor": None})
    giver_id, who = set_up(bank, line)
    answering(bank, bank.run(service.ask_pull, ask(giver_id, from_on=DAY - timedelta(days=60)), actor=who), who)
    assert [each.added for each in swept(bank, who).pages] == [1]
    close_day(bank.kernel)
    assert len(swept(bank, who).pages) == 1, "fetched today already"
    close_day(bank.kernel)
    close_day(bank.kernel)
    assert [each.added for each in swept(bank, who).pages] == [0, 0, 1]
    asked = [query["from"] for kind, query in line.asked if kind == "transactions"]
    assert asked == ["2026-04-11", "2026-06-08", "2026-06-09"]
    while bank.kernel.clock().business_date <= DAY + timedelta(days=10):
        close_day(bank.kernel)
        swept(bank, who)
    own = swept(bank, who)
    assert (own.pulls[0].ended_why, own.pulls[0].until) == ("expired", DAY + timedelta(days=9))
    assert line.asked[-1] == ("revoke", {"token": "refresh"})
    late = len(line.asked)
    close_day(bank.kernel)
    swept(bank, who)
    assert len(line.asked) == late


@pytest.mark.long
def test_what_comes_after_she_stopped_is_not_kept_and_a_token_that_comes_late_is_given_back(bank: Bank) -> None:
    line = Line(accounts=holder("x", "y"))
    who = running(bank, line)
    errands.sweep(bank.kernel, everything=True)

    def stops(query: dict[str, str]) -> dict[str, Any]:
        own = bank.kernel.ask(service.own_pulls, actor=who)
        bank.run(service.stop_pull, StopPull(own.pulls[0].id), actor=who)
        return {"transactions": [row(1)], "next_cursor": None}

    line.answers["transactions"] = stops
    own = swept(bank, who)
    assert own.pages == () and kept(bank, who) == [] and line.asked[-1][0] == "revoke"

    class Slow(Line):
        """While it answers, she stops."""

        def posted(self, asker: Asker, url: str, form: Any) -> dict[str, Any]:
            if form.get("code"):
                own = bank.kernel.ask(service.own_pulls, actor=who)
                bank.run(service.stop_pull, StopPull(own.pulls[0].id), actor=who)
            return super().posted(asker, url, form)

    slow = Slow(accounts=holder("x", "y"))
    bank.kernel.ports = bank.kernel.ports.with_peer("giver", "open", slow)
    asked = bank.run(service.ask_pull, ask(bank.kernel.ask(service.givers)[0].id), actor=who)
    assert answering(bank, asked, who).ended_why == "person"
    swept(bank, who)
    assert slow.asked[-1] == ("revoke", {"token": "refresh"})
