"""What a partner lender has in hand of a loan: its part to the minor unit, and the contract once somebody takes it, logged."""

from __future__ import annotations

from typing import LiteralString

import pytest

from farthing.funding.lenders import service as lenders
from farthing.funding.papers import service as papers
from farthing.funding.papers.model import Certificate, TakeContract
from farthing.identity.rules import actor_of
from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import Repay
from tests.funding.lenders import two_lenders
from tests.funding.test_partners import HARVEST
from tests.lending.house import House

HUA, CHUN, WU = (actor_of(f"lender:{name}", "lender", None) for name in ("hua", "chun", "wu"))
LEAVES: LiteralString = "SELECT convert_from(body, 'UTF8') AS body FROM evidence_leaf WHERE kind = %(kind)s"
PROGRAM = actor_of("partner:harvest", "partner", None)


def certificate(house: House, loan_id: str) -> Certificate:
    """What hua has in hand of a loan."""
    found: Certificate = house.bank.kernel.ask(papers.own_certificate, loan_id, actor=HUA)
    return found


@pytest.mark.long
def test_a_certificate_says_what_the_portfolio_says_and_names_nobody(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    mine = next(each.share for each in loan.holders if each.name == "partner:harvest")
    (part,) = house.bank.kernel.ask(papers.own_parts, actor=HUA).parts
    assert (part.loan_id, part.lent, part.since, part.state) == (loan.id, mine, loan.disbursed_on, "active")
    assert house.bank.kernel.ask(papers.own_parts, loan.id, actor=HUA).parts == ()
    for number in (0, 1):
        house.wait(loan.instalments[number].due_on)
        due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
        house.bank.run(lending.repay, Repay(loan.id, due))
        house.bank.drain()
        held, (share,) = certificate(house, loan.id), house.bank.kernel.ask(lenders.own_portfolio, actor=HUA).shares
        assert (held.lent, held.outstanding) == (share.lent, share.outstanding) == (mine, mine - held.repaid)
        assert (held.interest, held.charges, held.late) == (share.interest, share.charges, share.arrears)
        settled = held.schedule[: number + 1]
        assert sum(each.principal.minor for each in settled) == held.repaid.minor
        assert sum(each.interest.minor for each in settled) == held.interest.minor
        assert [each.settled for each in held.schedule] == [at <= number for at in range(len(held.schedule))]
    assert sum(each.principal.minor for each in held.schedule) == mine.minor
    assert (
        held.part * held.principal.minor == mine.minor
        and held.partner == Words(HARVEST.name_en, HARVEST.name)
        and held.reference == "REF-1"
    )
    told = canonical(plain([held, part])).decode()
    assert not [each for each in (house.party.id, house.party.name, house.party.phone) if each in told]


def test_the_contract_is_handed_to_who_took_it_and_the_log_and_the_borrower_know(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    ask, borrower = house.bank.kernel.ask, actor_of("customer:b", "customer", house.party.id)
    with pytest.raises(Refusal) as refused:
        ask(papers.own_contract, loan.id, actor=HUA)
    assert refused.value.code == "funding.contract_not_taken" and ask(papers.taken, loan.id, actor=borrower) == ()
    taken = house.bank.run(papers.take_contract, TakeContract(loan.id), actor=HUA)
    assert house.bank.run(papers.take_contract, TakeContract(loan.id), actor=HUA) == taken
    pdf = ask(papers.own_contract, loan.id, actor=HUA)
    assert pdf == house.bank.read(lambda tx: contracts.document(tx, loan.id))
    assert certificate(house, loan.id).digest == taken.digest and certificate(house, loan.id).taken == (taken,)
    assert ask(papers.taken, loan.id, actor=borrower) == ((Words(HARVEST.name_en, HARVEST.name), house.today),)
    leaves = house.bank.read(lambda tx: tx.rows(LEAVES, {"kind": "funding.take_contract"}))
    assert [HUA.id in str(each["body"]) and loan.id in str(each["body"]) for each in leaves][:1] == [True]


def test_nobody_else_is_handed_anything(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    house.bank.run(papers.take_contract, TakeContract(loan.id), actor=HUA)
    ask = house.bank.kernel.ask
    assert ask(papers.own_parts, actor=CHUN).parts == ()
    for actor, code in ((CHUN, "funding.no_part"), (WU, "funding.no_partner"), (PROGRAM, "funding.no_partner")):
        with pytest.raises(Refusal) as refused:
            ask(papers.own_certificate, loan.id, actor=actor)
        assert refused.value.code == code
    for actor in (CHUN, WU, PROGRAM, actor_of("operator:x", "operator", None), actor_of("c", "customer", "party_x")):
        for told in (
            lambda who: ask(papers.own_contract, loan.id, actor=who),
            lambda who: house.bank.run(papers.take_contract, TakeContract(loan.id), actor=who),
        ):
            with pytest.raises(Refusal):
                told(actor)
    with pytest.raises(Refusal):
        ask(papers.taken, loan.id, actor=actor_of("c", "customer", "party_x"))
    with pytest.raises(Refusal):
        ask(papers.own_parts, loan.id, actor=CHUN)
