"""Own how a product and a board are shown to people: what may be agreed, and which rates that pays on a day. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.products.policy import Insurance, Least, SavingsPolicy, insurance_in, insured
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import behaviour, renewals_of
from farthing.savings.rules.telling import sum_of
from farthing.savings.shelf.model import BoardView, EditionView, NotAllowed, Offered, QuotedRate


def offered(terms: Terms, board: RateBoard, on: date, insurance: Insurance | None) -> Offered:
    """A product as it is offered on a day; terms that the board does not quote are left out."""
    pays = behaviour(terms)
    told, cover = pays.told(terms), insurance_in(insurance, terms.currency) if terms.insured else None
    rates = tuple(
        QuotedRate(None if term is None else str(term), annual) for term, annual in pays.rates(terms, board, on)
    )
    quoted = tuple(each.term for each in rates if each.term is not None)
    return Offered(
        product=terms.product,
        version=terms.version,
        name=terms.name,
        method=terms.method,
        currency=terms.currency,
        minimum=terms.minimum,
        rates=rates,
        terms=quoted if "term" in pays.takes else (),
        every=tuple(map(str, getattr(terms, "every", ()))) if "every" in pays.takes else (),
        notices=quoted if "notice" in pays.takes else (),
        renewals=renewals_of(terms),
        insured=insured(terms, insurance),
        insured_to=None if cover is None else cover.limit,
        insurance=badge_text(terms, insurance),
        what=told.what,
        ends=told.ends,
        leaving=told.leaving,
        demand_rate=board.edition(on).rates.get(("demand", None)),
    )


def badge_text(terms: Terms, insurance: Insurance | None) -> Words:
    """What deposit insurance says of a product, before anybody has paid in."""
    if not terms.insured:
        return Words("Not covered by deposit insurance.", "不受存款保险保障。")
    insurance = insurance_in(insurance, terms.currency)
    if insurance is None:
        return Words(
            "Unknown: the bank's policy names no deposit insurance in this currency.",
            "未知：本行政策未载明该币种的存款保险。",
        )
    return Words(
        f"Deposit insurance: principal and interest up to {insurance.limit} a person here ({insurance.article.en}).",
        f"存款保险：每人在本机构本息合计最高 {insurance.limit}（{insurance.article.zh}）。",
    )


def not_allowed(policy: SavingsPolicy) -> list[NotAllowed]:
    """What a policy refuses, as people read it: what was stopped, then what goes below its least sums."""
    stopped = [
        NotAllowed(each.field, each.value, each.name, each.reason, each.article, each.since_on) for each in policy.bans
    ]
    return stopped + [
        NotAllowed("minimum", str(each.minimum), each.name, _least(each), each.article, None) for each in policy.least
    ]


def _least(least: Least) -> Words:
    """What a kind of deposit may not go below, as a sentence."""
    opening, draw = sum_of(least.minimum), sum_of(least.minimum_draw) if least.minimum_draw else None
    return Words(
        f"It is opened with {opening.en} at least"
        + (f", and no less than {draw.en} is drawn at a time." if draw else "."),
        f"起存金额不低于 {opening.zh}" + (f"，单次支取不低于 {draw.zh}。" if draw else "。"),
    )


def board_view(board: RateBoard, on: date) -> BoardView:
    """A board as people read it, the newest edition first."""
    current = max((each.effective_on for each in board.editions if each.effective_on <= on), default=None)
    shown = []
    for edition in reversed(board.editions):
        families: dict[str, dict[str, Decimal]] = {"lump": {}, "instalment": {}, "call": {}}
        for (family, term), annual in sorted(
            edition.rates.items(), key=lambda item: (item[0][0], item[0][1] or Term())
        ):
            if term is not None:
                families[family][str(term)] = annual
        lasts = edition.until_on is None or on <= edition.until_on
        shown.append(
            EditionView(
                effective_on=edition.effective_on,
                until_on=edition.until_on,
                in_force=edition.effective_on == current and lasts,
                demand=edition.rates.get(("demand", None)),
                **families,
            )
        )
    return BoardView(board.name, on, tuple(shown))
