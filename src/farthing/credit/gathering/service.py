"""Gather everything that a decision rests on, under the consents that cover it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.credit import exposure, grades, pricing, rules, store
from farthing.credit.bureau.model import BureauReport
from farthing.credit.catalogue.repaid_here import DRAWN, Paid
from farthing.credit.features import Feature, Flow
from farthing.credit.gathering import rules as gathered
from farthing.credit.gathering.books_service import Books, ReadReceipts, ReadWallet
from farthing.credit.model import BureauAnswered, Carried, Consent, Dispute, Inputs, RequestDecision
from farthing.credit.models.model import Model
from farthing.credit.movements import Classified, classify
from farthing.credit.owing import service as owing
from farthing.credit.owing.model import Commitment
from farthing.credit.receipts import Receipts
from farthing.credit.wallet import Wallet
from farthing.db.tx import Tx
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.products.model import LoanTerms


def consented(tx: Tx, party: Party, card: Model, books: Books) -> Consent:
    """The consent to inquire, where there is one to the history too, and something to decide on: bills, or what her shops
    took here. Refuses ``credit.consent_*``, ``credit.no_history``."""
    given = store.consents(tx, party.id)
    brought = bool(store.imports(tx, party.id))
    took = None if brought else _receipts(tx, party, card, given, books.receipts)
    if not brought and took is None and _wallet(tx, party, card, given, books.wallet, tx.home) is not None:
        return rules.check_consent(given, "credit_bureau", party.id, tx.business_date, rules.PURPOSE)
    if took is None:
        rules.check_consent(given, "payment_history", party.id, tx.business_date, rules.PURPOSE)
    found = rules.check_consent(given, "credit_bureau", party.id, tx.business_date, rules.PURPOSE)
    if not brought and took is None:
        raise rules.NO_HISTORY(party=party.name)
    return found


def exposure_consent(tx: Tx, party: Party) -> Consent | None:
    """The consent in force by which the exchange may be asked about a person; none where she gave none, or is no person."""
    if party.kind != "person":
        return None
    given = store.consents(tx, party.id)
    return next((each for each in given if "exposure" in gathered.kinds_allowed([each], tx.business_date)), None)


def _receipts(
    tx: Tx, party: Party, card: Model, given: list[Consent], receipts_of: ReadReceipts | None
) -> Receipts | None:
    """What the party's shops took here, where a shop is judged, she allows it today, and anything was taken."""
    if receipts_of is None or card.subject != "shop":
        return None
    if "shop_receipts" not in gathered.kinds_allowed(given, tx.business_date):
        return None
    return receipts_of(tx, party.id)


def _wallet(
    tx: Tx, party: Party, card: Model, given: list[Consent], wallet_of: ReadWallet | None, currency: str
) -> Wallet | None:
    """What a person's own wallet took in and paid, where a person is judged, she allows it today, and anything moved."""
    if wallet_of is None or card.subject != "person" or party.kind != "person":
        return None
    if "wallet_here" not in gathered.kinds_allowed(given, tx.business_date):
        return None
    return wallet_of(tx, party.id, currency)


def _doubted(disputed: list[Dispute], *states: str) -> set[str]:
    return {item.datum for item in disputed if item.state in states}


def _paid(tx: Tx, here: list[Commitment], books: Books, currency: str) -> Sequence[Paid] | None:
    """The instalments of loans here in a currency, where whoever asks can read them."""
    lent = [each.id for each in here if each.state in DRAWN and each.agreed.currency == currency]
    return None if books.instalments is None else books.instalments(tx, lent)


def gather(
    tx: Tx, party: Party, terms: LoanTerms, command: RequestDecision, card: Model, answered: BureauAnswered,
    replaces: str | None, books: Books,
) -> Inputs:  # fmt: skip
    """Everything a decision rests on; refuses ``credit.no_history``."""
    imports, given = store.imports(tx, party.id), store.consents(tx, party.id)
    kinds = gathered.kinds_allowed(given, tx.business_date)
    took = _receipts(tx, party, card, given, books.receipts)
    took = took if took is not None and took.currency == command.amount.currency else None
    wallet = _wallet(tx, party, card, given, books.wallet, command.amount.currency)
    if not imports and took is None and wallet is None:
        raise rules.NO_HISTORY(party=party.name)
    sources = gathered.sources(imports, took, tx.business_date, wallet)
    by_books = sources.alone or sources.wallet_alone
    here = owing.of_party(tx, party.id)
    paid = _paid(tx, here, books, command.amount.currency)
    grade = "books" if by_books else grades.grade_of(imports, here)
    policy, disputed = products.policy_in_force(tx), store.disputes(tx, party.id)
    doubted, corrected = _doubted(disputed, "open", "corrected"), _doubted(disputed, "corrected")
    own_rows = wallet.between(sources.since, sources.until) if wallet is not None else ()
    history = [*([] if by_books else store.transactions(tx, party.id)), *own_rows]

    def counted(without: set[str]) -> tuple[Classified, Flow, tuple[Feature, ...]]:
        classified = classify(history, holder=party.name, disputed=without)
        flow = sources.flow(classified.movements, command.amount.currency)
        return classified, flow, gathered.figures(card.subject, flow, not sources.alone)

    classified, _, features = counted(doubted)
    income, left_over = gathered.level(card.subject, features)
    if doubted != corrected:
        # An open dispute cannot count against the customer's score, and cannot raise what can be afforded either.
        cautious = gathered.level(card.subject, counted(corrected)[2])
        income, left_over = min(income, cautious[0]), min(left_over, cautious[1])
    bureau = _undisputed(answered.report, doubted, corrected)
    return Inputs(
        party_kind=party.kind, product=terms.product, product_version=terms.version, amount=command.amount,
        instalments=command.instalments, annual=terms.rate.annual, least=terms.principal.min, most=terms.principal.max,
        decided_on=tx.business_date, history_until=sources.last(imports),
        holder_check="matched" if by_books else imports[-1]["holder_check"],
        features=gathered.allowed((*features, *gathered.of_file(bureau, here, tx.business_date, income, paid)), kinds),
        monthly_income=income, monthly_left_over=left_over,
        bureau=bureau,
        set_aside={str(reason): count for reason, count in classified.aside.items()},
        outside_period=not by_books and any(gathered.strays(row) for row in imports),
        here=owing.here(tx, party.id, [each for each in here if each.id != replaces]),
        grade=grade,
        evidence_most=policy.evidence_most(grade),
        carries=tuple(Carried(each, policy.evidence_most(each)) for each in grades.RANK),
        costs=pricing.costs_of(policy, terms.use),
        fewest=terms.instalments.min,
        longest=terms.instalments.max,
        rhythm=rules.rhythm(terms),
        rows=terms.schedule.rows or None,
        replaces=replaces,
        receipts=sources.counted,
        wallet=sources.wallet_counted,
        exposure=exposure.fair(answered.exposure, [(item.datum, item.state) for item in disputed]),
    )  # fmt: skip


def _undisputed(report: BureauReport, doubted: set[str], corrected: set[str]) -> BureauReport:
    """A bureau's report without what was found wrong, and without lateness of what is disputed."""
    lines = tuple(
        gathered.disputed_line(line) if line.lender in doubted else line
        for line in report.tradelines
        if line.lender not in corrected
    )
    return replace(report, tradelines=lines)
