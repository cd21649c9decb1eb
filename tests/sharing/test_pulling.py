"""A person brings her history from one bank to another: two banks, each on a database of its own, over HTTP on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.credit import store as history
from farthing.credit.grades import grade_of
from farthing.credit.model import GiveConsent, RequestDecision
from farthing.identity.rules import actor_of
from farthing.kernel import errands
from farthing.kernel.clock import wall_clock
from farthing.kit.actor import Actor, Proved
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.sharing import service as sharing
from farthing.sharing.model import StopSharing
from farthing.sharing.pulling import service as pulling
from farthing.sharing.pulling.model import AskPull, ComeBack, MakeClientKey, OwnPull, RegisterGiver, StopPull
from tests.banks import Shelf
from tests.conftest import DAY, Bank
from tests.hands import city
from tests.identity.people import Person, enrolled, resident_id
from tests.parties.vouching.partners import led
from tests.sharing.institutions import Visit, registered, visiting

pytestmark = pytest.mark.long
BACK = "http://localhost:8123/pulls/back"


@dataclass
class Two:
    """The bank that keeps her history, and the one that fetches it."""

    visit: Visit
    here: Bank
    giver_id: str
    person: Party
    who: Actor

    def asked(self) -> str:
        """Where she is sent."""
        command = AskPull(self.giver_id, DAY - timedelta(days=60), DAY + timedelta(days=20))
        return str(self.here.kernel.run(pulling.ask_pull, command, actor=self.who).address)

    def answered(self, address: str, act: str = "agree") -> dict[str, str]:
        """What she comes back with, once she decided there."""
        page = self.visit.browser.get(address)
        location = led(self.visit.decide(page, *(("wallet:CNY",) if act == "agree" else ()), act=act))
        return dict(parse_qsl(urlsplit(location).query))

    def back(self, said: dict[str, str], who: Actor | None = None) -> OwnPull:
        """She comes back."""
        named = {name: said.get(name, "") for name in ("state", "code", "iss", "error")}
        found: OwnPull = self.here.kernel.run(pulling.come_back, ComeBack(**named), actor=who or self.who)
        return found

    def swept(self) -> None:
        """Everything that waits is asked."""
        while errands.sweep(self.here.kernel, everything=True):
            pass

    def own(self) -> Any:
        return self.here.kernel.ask(pulling.own_pulls, actor=self.who)

    def imports(self) -> list[dict[str, Any]]:
        return self.here.kernel.read(lambda tx: history.imports(tx, self.person.id))


def signed_in(party: Party) -> Actor:
    """Herself, signed in by a password."""
    return replace(actor_of(f"customer:{party.id[6:]}", "customer", party.id), proved=Proved("password", wall_clock()))


@contextlib.contextmanager
def two(shelf: Shelf, person: Person | None = None) -> Iterator[Two]:
    with shelf.bank(DAY) as there, shelf.bank(DAY) as here, visiting(there) as visit:
        key = here.run(pulling.make_client_key, MakeClientKey()).keys[0]
        client_id = registered(there, Published(key), back=BACK)
        issuer = f"{visit.base}/open"
        made = agreed(here.kernel, pulling.register_giver, RegisterGiver("Elsewhere", "他行", issuer, client_id, BACK))
        done = enrolled(here, person or Person())
        assert done.party is not None
        for bank, party in ((there, visit.person), (here, done.party)):
            bank.run(parties.verify_identity, VerifyIdentity(party.id))
        city(here)
        yield Two(visit, here, made["id"], done.party, signed_in(done.party))


@dataclass
class Published:
    """A public key as a registration takes it."""

    public: dict[str, str]

    def as_dict(self, private: bool) -> dict[str, str]:
        assert not private
        return self.public


@pytest.fixture(scope="module")
def pair(shelf: Shelf) -> Iterator[Two]:
    with two(shelf) as found:
        yield found


def test_her_history_comes_and_counts_most(pair: Two) -> None:
    running = pair.back(pair.answered(pair.asked()))
    assert running.state == "running"
    pair.swept()
    own = pair.own()
    assert (own.pulls[0].holder, own.pulls[0].pulled_on) == ("same", DAY)
    assert [(each.rows, each.added, each.problem) for each in own.pages] == [(2, 2, "")]
    (kept,) = pair.imports()
    assert kept["vouched_by"] == "pulled:Elsewhere" and kept["provider"] == pair.giver_id
    assert grade_of(pair.imports(), ()) == "pulled"
    until = DAY + timedelta(days=20)
    pair.here.run(credit.give_consent, GiveConsent(pair.person.id, "loan_application", ("credit_bureau",), until))
    asked = RequestDecision(pair.person.id, "rainy-day-loan", Money(80_000, "CNY"), 6)
    grounds = pair.here.run(credit.request_decision, asked).grounds
    assert grounds is not None and grounds.grade == "pulled" and "fetched from the institution" in grounds.en
    pair.here.kernel.run(pulling.stop_pull, StopPull(running.id), actor=pair.who)
    pair.swept()
    assert pair.own().pulls[0].ended_why == "person"
    there = pair.visit.bank.kernel.ask(sharing.own, actor=signed_in(pair.visit.person))
    assert there.consents[0].ended_why == "institution", "the token was given back"


def test_an_answer_is_taken_from_who_was_asked_by_who_asked_and_once(pair: Two) -> None:
    said = pair.answered(pair.asked())
    for wrong in (
        {"iss": "https://evil.example/open"}, {"iss": f"{said['iss']}/"}, {"iss": ""}, {"state": said["state"] + "0"},
        {"state": ""},
    ):  # fmt: skip
        with pytest.raises(Refusal) as no:
            pair.back({**said, **wrong})
        assert no.value.code == ("sharing.pull_mixed_up" if "iss" in wrong else "sharing.pull_not_asked")
    other = enrolled(pair.here, Person(name="赵六", phone="13800000666", number=resident_id(order_code="004"))).party
    assert other is not None
    with pytest.raises(Refusal, match="answers nothing"):
        pair.back(said, signed_in(other))
    running = pair.back(said)
    assert running.state == "running"
    with pytest.raises(Refusal, match="answers nothing"):
        pair.back(said)
    with pytest.raises(Refusal, match="fetched from there already"):
        pair.asked()
    # She says stop there: the next pull finds out, and keeps nothing more.
    there, hers = pair.visit.bank.kernel, signed_in(pair.visit.person)
    consent = there.ask(sharing.own, actor=hers).consents[0]
    there.run(sharing.stop, StopSharing(consent.id), actor=hers)
    before = len(pair.own().pages)
    pair.swept()
    own = pair.own()
    assert (own.pulls[0].state, own.pulls[0].ended_why) == ("ended", "there")
    assert [each.problem for each in own.pages[: len(own.pages) - before]] == ["ended"]


def test_who_says_no_there_and_a_code_without_its_verifier_give_nothing(pair: Two) -> None:
    refused = pair.back(pair.answered(pair.asked(), "refuse"))
    assert (refused.state, refused.ended_why) == ("ended", "declined")
    said = pair.answered(pair.asked())
    program = pair.visit.institution
    stolen = program.post(
        program.says["token_endpoint"], grant_type="authorization_code", code=said["code"], redirect_uri=BACK,
        code_verifier="v" * 43,
    )  # fmt: skip
    assert stolen.json()["error"] == "invalid_grant", "another institution's code without the verifier"
    assert pair.back(said).state == "running", "and it did no harm"
    pair.here.kernel.run(pulling.stop_pull, StopPull(pair.own().pulls[0].id), actor=pair.who)
    pair.swept()


def test_nothing_of_a_token_or_a_key_stands_in_the_database(pair: Two) -> None:
    pair.back(pair.answered(pair.asked()))

    def opened(tx: Any) -> list[str]:
        row = tx.one("SELECT refresh, bound_key FROM pull_consent WHERE state = 'running'", {})
        vault = tx.ports.peer("vault")
        return [vault.unseal(bytes(row["refresh"])).decode()]

    def found(text: str) -> list[str]:
        with psycopg.connect(pair.here.url) as line:
            listed = line.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            ).fetchall()
            look = SQL("SELECT 1 FROM {} t WHERE strpos(t::text, %s) > 0 LIMIT 1")
            asked = {name: look.format(Identifier(name)) for (name,) in listed}
            return [name for name, each in asked.items() if line.execute(each, (text,)).fetchone()]

    (token,) = pair.here.kernel.read(opened)
    assert token.startswith("refresh_")
    secret = token.rpartition("_")[2]
    assert found(secret) == [] and set(found(secret.encode().hex())) <= {"pull_consent"}, "sealed by the vault alone"
    pair.here.kernel.run(pulling.stop_pull, StopPull(pair.own().pulls[0].id), actor=pair.who)
    pair.swept()
