"""Run the covers of programmes: what is put into them and given back, what they pay at the close of a day, and how they
stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding import store as funding
from farthing.funding.cover import rules, store
from farthing.funding.cover.model import CoverClaim, CoverMoved, LossCover, PayCover, ReturnCover, Why
from farthing.funding.joint import store as joint
from farthing.funding.joint.model import Part
from farthing.funding.lenders import service as lenders
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import CoverTerms, Programme
from farthing.funding.shares import in_force
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, STAFF
from farthing.kit.inputs import Cursor, PageSize
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec
from farthing.ledger.overview import service as overview
from farthing.lending import books_service as books
from farthing.lending.roll import service as roll
from farthing.payments import service as payments
from farthing.payments.model import Direction, Instruction

PAGE = 500


@dataclass(frozen=True, slots=True)
class _Given:
    """Covers of one programme by one giver: the version in force, and the terms of each version by its name."""

    programme: Programme
    ended: bool
    in_force: CoverTerms
    terms: dict[str, CoverTerms]


@operation(
    "funding.pay_cover", title=Words("Put money into a cover", "缴存违约损失补偿资金"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def pay_cover(tx: Tx, command: PayCover) -> CoverMoved:
    """Put money into the cover of a programme: it is drawn by rail from its giver's account and counts once it is here, or is
    ours, where this bank gives the cover. Two persons must want it.

    Refuses ``money.*``, ``funding.unknown_programme``, ``funding.no_cover``, ``funding.cover_asked`` and ``ledger.*`` where we
    have not enough beside what is our customers'.
    """
    amount = Money.zero(tx.home) + positive(command.amount)
    programme, terms = _covered(tx, command.programme)
    _open(tx, programme, terms, amount.currency)
    if terms.giver:
        return _by_rail(tx, programme, terms, amount, "in")
    ledger.post_all(tx, [rules.set_aside(programme.code, amount, tx.new_id("cover"), tx.business_date, tx.home)])
    return CoverMoved(programme.code, amount, False)


@operation(
    "funding.return_cover", title=Words("Give money of a cover back", "退还违约损失补偿资金"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def return_cover(tx: Tx, command: ReturnCover) -> CoverMoved:
    """Give back to a cover's giver what it need not answer for: what is in it beyond what it may still pay, or what its partner
    is owed, whichever is less. Two persons must want it.

    Refuses ``money.*``, ``funding.unknown_programme``, ``funding.no_cover``, ``funding.cover_bound``, ``funding.cover_asked``.
    """
    amount = positive(command.amount)
    given = _of(tx, command)
    programme, terms, now = given.programme, given.in_force, _told(tx, given)
    owed = sum(owed for _, owed in store.lent(tx, tx.home, list(given.terms)).values())
    owed += sum(
        each.claimed.minor for each in _claims(tx, given, tx.business_date) if each.why == "given_up"
    )  # at the close
    needed = min(now.left, Money(owed, now.left.currency))
    if now.balance - amount < needed:
        raise rules.COVER_BOUND(
            programme=programme.code, amount=str(amount), needed=str(needed), balance=str(now.balance)
        )
    if terms.giver:
        return _by_rail(tx, programme, terms, amount, "out")
    ledger.post_all(tx, [rules.set_aside(programme.code, -amount, tx.new_id("cover"), tx.business_date, tx.home)])
    return CoverMoved(programme.code, amount, False)


def _by_rail(tx: Tx, programme: Programme, terms: CoverTerms, amount: Money, way: Direction) -> CoverMoved:
    giver = next(each for each in funding.partners(tx) if each.code == terms.giver)
    told = Instruction(tx.new_id("cover"), way, amount, giver.account, giver.name, tx.business_date)
    if not payments.settle_by_rail(tx, told, rules.escrow(programme.code, terms.giver, amount.currency, tx.home)):
        raise rules.COVER_ASKED(programme=programme.code)
    return CoverMoved(programme.code, amount, True)


def _covered(tx: Tx, code: str) -> tuple[Programme, CoverTerms]:
    found = programmes.found(tx, code).programme
    if found.cover is None:
        raise rules.NO_COVER(programme=code)
    return found, found.cover


def _of(tx: Tx, command: ReturnCover) -> _Given:
    """The cover that is meant: by the giver that is named, or of the version in force, or ours."""
    there = {giver: each for (code, giver), each in _all(tx).items() if code == command.programme}
    cover = programmes.found(tx, command.programme).programme.cover
    giver = command.giver or (cover.giver if cover else "")
    if giver not in there:
        raise rules.NO_COVER(programme=command.programme)
    return there[giver]


def _open(tx: Tx, programme: Programme, terms: CoverTerms, currency: str) -> None:
    specs = [AccountSpec(rules.escrow(programme.code, terms.giver, currency, tx.home), currency, floor=0)]
    if not terms.giver:
        specs += [AccountSpec(rules.own(programme.code, "", currency, tx.home), currency, floor=0)]
        specs += [AccountSpec(in_currency(path, currency, tx.home), currency) for path in (rules.LOST, rules.WON)]
    ledger.open_accounts(tx, specs)


def _all(tx: Tx) -> dict[tuple[str, str], _Given]:
    """Every cover that there is or was, by programme and giver."""
    found: dict[tuple[str, str], _Given] = {}
    for each in programmes.every_version(tx):
        cover = each.programme.cover
        if cover is not None:
            key = each.programme.code, cover.giver
            before = found[key].terms if key in found else {}
            version = f"{each.programme.code}@{each.programme.version}"
            found[key] = _Given(each.programme, each.ended, cover, {**before, version: cover})
    return found


@operation(
    "funding.claim_cover", title=Words("Covers paid partners", "违约损失补偿付款"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def claim_cover(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for covers: partners are paid what is left of their parts of loans that are as late as agreed, or were given
    up; all claims on one cover the same part where it has less. Once a loan."""
    given = _all(tx)
    claims = [each for some in given.values() for each in _claims(tx, some, command.on)]
    for (code, giver), cover in given.items():
        its = [each for each in claims if (each.programme, each.giver) == (code, giver)]
        if its:
            _pay(tx, cover, its)
    return Stepped(len(claims))


def _claims(tx: Tx, given: _Given, on: date) -> list[CoverClaim]:
    """What is claimed of a cover at the close of a day, not paid yet."""
    wanted: dict[tuple[str, str], Why] = dict.fromkeys(store.given_up(tx, list(given.terms)), "given_up")
    for days in {each.days for each in given.terms.values()}:
        versions, after = [name for name, each in given.terms.items() if each.days == days], ""
        while ids := roll.late(tx, on - timedelta(days), after, PAGE):
            wanted |= dict.fromkeys(store.of_late(tx, ids, versions), "past_due")
            after = ids[-1]
    ids = sorted({loan_id for loan_id, _ in wanted})
    notes, parts = notes_store.of_loans(tx, ids), joint.of_loans(tx, ids)
    flows = {loan.id: some for loan, some in books.with_flows(tx, ids)}
    found = []
    for (loan_id, partner), why in sorted(wanted.items()):
        part = next(each for each in parts[loan_id] if each.partner == partner)
        held = in_force(notes[loan_id], date.max)
        at = next(at for at, note in enumerate(held) if note.holder == f"partner:{partner}")
        last = flows[loan_id][-1].number
        claimed = rules.claimed(part.share.minor, at, held, flows[loan_id], last)
        if claimed:
            found.append(_unpaid(part, given, why, claimed, last, on))
    return found


def _unpaid(part: Part, given: _Given, why: Why, claimed: int, after: int, on: date) -> CoverClaim:
    terms = given.terms[f"{part.programme}@{part.version}"]
    currency = part.share.currency
    return CoverClaim(
        part.loan_id, part.partner, part.programme, terms.giver, why, Money(claimed, currency), Money(0, currency), after, on
    )  # fmt: skip


def _pay(tx: Tx, given: _Given, claims: Sequence[CoverClaim]) -> None:
    terms = given.in_force
    _open(tx, given.programme, terms, claims[0].claimed.currency)
    now = _told(tx, given)
    paid = rules.pays([each.claimed.minor for each in claims], now.left.minor, now.balance)
    done = [replace(each, paid=Money(minor, tx.home)) for each, minor in zip(claims, paid, strict=True)]
    books.post_all(tx, [(each.loan_id, [rules.payment(each, tx.home)]) for each in done if each.paid])
    for each in done:
        store.keep(tx, each)


@question("funding.covers", permission="reports:read", whose=STAFF)
def covers(tx: Tx) -> list[LossCover]:
    """Every cover, by programme: what it answers for, what is in it, what was claimed and paid, and what came back."""
    return [_told(tx, each) for each in _all(tx).values()]


@question("funding.own_covers", permission="funding:read", whose=ONESELF)
def own_covers(tx: Tx) -> list[LossCover]:
    """The covers of the partner's programmes; refuses ``funding.no_partner``."""
    partner = lenders.partner_of(tx)
    return [_told(tx, each) for each in _all(tx).values() if each.programme.partner == partner]


@question("funding.cover_claims", permission="reports:read", whose=STAFF)
def cover_claims(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[CoverClaim]:
    """Claims on covers by the ids of their loans; continue with ``after`` the last one's."""
    return store.claims(tx, after, limit)


@question("funding.own_cover_claims", permission="funding:read", whose=ONESELF)
def own_cover_claims(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[CoverClaim]:
    """The partner's claims; continue with ``after`` the last one's loan. Refuses ``funding.no_partner``."""
    return store.claims(tx, after, limit, lenders.partner_of(tx))


def _told(tx: Tx, given: _Given) -> LossCover:
    programme, currency = given.programme, tx.home
    terms = given.in_force
    lent = store.lent(tx, currency, list(given.terms))
    most = rules.most([(given.terms[version], minor) for version, (minor, _) in lent.items()])
    sums = store.sums(tx, currency).get((programme.code, terms.giver))
    moved = moved_on(tx, programme.code, terms.giver)
    still = rules.left(most, moved.paid, moved.back, refills=terms.refills)

    def money(minor: int) -> Money:
        return Money(minor, currency)

    return LossCover(
        programme.code, programme.partner, terms.giver, terms.licence, terms.part, terms.days, terms.refills, given.ended,
        money(sum(minor for minor, _ in lent.values())), money(most), money(moved.balance), money(moved.paid_in),
        money(moved.returned), sums["claims"] if sums else 0, money(sums["claimed"] if sums else 0), money(moved.paid),
        money(moved.back), money(still), rules.level(most, still),
        lenders.name_of(tx, terms.giver) if terms.giver else None,
    )  # fmt: skip


def moved_on(tx: Tx, programme: str, giver: str) -> rules.Moved:
    """What moved a cover since it began, from the books."""
    path = rules.escrow(programme, giver, tx.home, tx.home)
    return rules.moved(overview.moved(tx, path, rules.BEGAN, tx.business_date))
