"""Refusals to people of partner lenders, and of saying of which partner a login is."""

from __future__ import annotations

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.funding.model import RegisterPartner
from farthing.funding.papers import service as papers
from farthing.identity.rules import actor_of
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.funding.lenders import two_lenders
from tests.identity.people import staff


def _lender(bank: Bank) -> str:
    """A login of nobody's yet, in a bank with two partners."""
    for code in ("harvest", "spring"):
        agreed(bank.kernel, funding.register_partner, RegisterPartner(code, f"{code} bank", "http://partner.example"))
    return staff(bank, "hua", lenders.LENDER)


@reproduces("funding.no_partner")
def no_partner(bank: Bank) -> None:
    actor = actor_of(_lender(bank), lenders.LENDER, None)
    bank.kernel.ask(lenders.own_portfolio, actor=actor)


@reproduces("funding.unknown_partner")
def unknown_partner(bank: Bank) -> None:
    agreed(bank.kernel, lenders.bind_login, BindLogin(_lender(bank), "winter"))


@reproduces("funding.not_a_lender")
def not_a_lender(bank: Bank) -> None:
    actor = _lender(bank)
    for partner in ("harvest", "spring"):
        agreed(bank.kernel, lenders.bind_login, BindLogin(actor, partner))


@reproduces("funding.unknown_request")
def unknown_request(bank: Bank) -> None:
    actor = _lender(bank)
    agreed(bank.kernel, lenders.bind_login, BindLogin(actor, "harvest"))
    bank.kernel.ask(lenders.own_requests, "inq_nothing", actor=actor_of(actor, lenders.LENDER, None))


@reproduces("funding.no_part")
def no_part(bank: Bank) -> None:
    actor = _lender(bank)
    agreed(bank.kernel, lenders.bind_login, BindLogin(actor, "harvest"))
    bank.kernel.ask(papers.own_certificate, "loan_nothing", actor=actor_of(actor, lenders.LENDER, None))


@reproduces("funding.contract_not_taken")
def contract_not_taken(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    house.bank.kernel.ask(papers.own_contract, loan.id, actor=actor_of("lender:hua", lenders.LENDER, None))
