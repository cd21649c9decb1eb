"""Run sweeps and group purchases: rules that move small change at the close of a day, pledges that become deposits.

Sweeps run before anything else of a day's close, so that what they move earns from that day. Never moves more than the
wallet has free.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel import calendar
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.undone import undone
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money, positive
from farthing.kit.tables import shown
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance
from farthing.ledger.pledges import Pledge
from farthing.payments.wallets import OWN_PAYMENTS, wallet_path
from farthing.products import reading
from farthing.products.rates import parse_term
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.entries import DEPOSIT
from farthing.savings.deposits.inflow_service import Inflow, all_paid_in
from farthing.savings.deposits.model import NOT_YOURS, OpenDeposit, PayIn, check_reader
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import Subscribe
from farthing.savings.rules import behaviour
from farthing.savings.rules.accounts import deposit_path
from farthing.savings.rules.common import CLOSED, DOINGS_ZH, NOT_OFFERED, WRONG_CURRENCY
from farthing.savings.shelf import service as catalogue
from farthing.savings.sweeps import store
from farthing.savings.sweeps.model import (
    GROUP_UNTIL,
    SWEEP_CURRENCY,
    SWEEP_ENDED,
    SWEEP_TARGET,
    UNKNOWN_GROUP,
    UNKNOWN_PLEDGE,
    UNKNOWN_SWEEP_ID,
    EndSweep,
    Group,
    JoinGroup,
    LeaveGroup,
    PledgeView,
    SetSweep,
    StartGroup,
    SweepRule,
    hold_of,
)
from farthing.savings.sweeps.rules import GROUP_DECIDED, Sweep, SweepFacts, swept

LOG = logging.getLogger("farthing.savings")

FUND = "fund:"
"""How a rule names a fund as the place that small change goes to."""


@operation(
    "savings.set_sweep", title=Words("Set a sweep", "设置零钱归集"), permission="savings:deposit", whose=of("party_id")
)
def set_sweep(tx: Tx, command: SetSweep) -> SweepRule:
    """Make a rule that sweeps small change from the wallet, from now on.

    Refuses ``savings.unknown_sweep``, ``.sweep_day``, ``money.not_positive`` (a step of zero), ``.sweep_target``,
    ``.sweep_currency``, ``.not_yours``, ``.fund_unknown`` and ``ledger.unknown_account`` where there is no wallet.
    """
    rule = replace(_ruled(tx, command), id=tx.new_id("sweep"))
    store.insert_sweep(tx, rule)
    return rule


def _ruled(tx: Tx, command: SetSweep) -> SweepRule:
    """The rule that a command makes, without an id."""
    if not tx.actor.acts_for(command.party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    currency = command.amount.currency
    sweep = Sweep(command.rule, command.amount, command.day)
    swept(sweep, SweepFacts(tx.business_date, Money.zero(currency)))
    _check_target(tx, command.party_id, command.into, currency)
    wallet = ledger.balance(tx, wallet_path(command.party_id, currency, tx.home))
    seen = wallet.version if sweep.rule == "round_up" else 0  # what is above the line already is swept too
    return SweepRule("", command.party_id, sweep, command.into, seen, Money.zero(currency), None)


def _check_target(tx: Tx, party_id: str, into: str, currency: str) -> None:
    if into.startswith(FUND):
        fund = funds.fund(tx, into.removeprefix(FUND))
        if fund.currency != currency:
            raise SWEEP_CURRENCY(wanted=currency, kept=fund.currency)
        return
    account, terms, _ = deposits.load(tx, into)
    if account.party_id != party_id or not behaviour(terms).small_change or account.deposit.closed_on is not None:
        raise SWEEP_TARGET(target=into)
    if terms.currency != currency:
        raise SWEEP_CURRENCY(wanted=currency, kept=terms.currency)


@operation(
    "savings.end_sweep", title=Words("End a sweep", "停止零钱归集"),
    permission="savings:deposit", whose=of("sweep_id", store.sweep_owner),
)  # fmt: skip
def end_sweep(tx: Tx, command: EndSweep) -> SweepRule:
    """End a rule; refuses ``savings.unknown_sweep_rule``, ``savings.sweep_ended``."""
    rule = _own_rule(tx, command.sweep_id)
    if not store.end_sweep(tx, rule.id, tx.business_date):
        raise SWEEP_ENDED(ended_on=rule.ended_on)
    ended = store.find_sweep(tx, rule.id)
    assert ended is not None
    return ended


def _own_rule(tx: Tx, sweep_id: str) -> SweepRule:
    rule = store.find_sweep(tx, sweep_id) if sweep_id.isprintable() else None
    if rule is None:
        raise UNKNOWN_SWEEP_ID(sweep_id=sweep_id)
    if not tx.actor.acts_for(rule.party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    return rule


@question("savings.sweeps", permission="savings:read", whose=of("party_id"))
def sweeps(tx: Tx, party_id: Id) -> list[SweepRule]:
    """A party's rules, ended ones too, each with what it moved so far."""
    check_reader(tx.actor, party_id)
    return store.sweeps(tx, party_id)


@operation("savings.sweep_all", title=Words("Sweeps", "零钱归集"), permission="kernel:close_day", whose=STAFF)
def sweep_all(tx: Tx, command: CloseStep) -> Stepped:
    """Sweep by every rule whose wallet moved since it looked last, and by those whose day it is; a piece of them."""
    rules = store.in_force(tx, command.on, command.after, PIECE)
    wallets = ledger.balances_of(tx, [_wallet(tx, rule) for rule in rules])
    due = [rule for rule in rules if _is_due(rule, wallets.get(_wallet(tx, rule)))]
    paid = _payments(tx, [(rule, wallets[_wallet(tx, rule)]) for rule in due if rule.sweep.rule == "round_up"])
    free, done = wallets, list[tuple[str, int, Money]]()
    while due:
        first, due = _one_a_wallet(tx, due)
        asked = [
            (rule, _asked(rule, free[_wallet(tx, rule)].available(), paid.get(rule.id, [None]), command.on))
            for rule in first
        ]
        # A payment may have come before the sweep's own entry: as far as the wallet was read the rule has looked.
        done += [(rule.id, wallets[_wallet(tx, rule)].version, moved) for rule, moved in _moved(tx, asked, command.on)]
        free = ledger.balances_of(tx, sorted({_wallet(tx, rule) for rule in due}))
    if done:
        store.swept(tx, done)
    return Stepped(sum(bool(moved) for _, _, moved in done), rules[-1].id if len(rules) == PIECE else None)


def _one_a_wallet(tx: Tx, due: Sequence[SweepRule]) -> tuple[list[SweepRule], list[SweepRule]]:
    """The first rule of every wallet, and the others, which sweep what that one leaves."""
    first: dict[str, SweepRule] = {}
    for rule in due:
        first.setdefault(_wallet(tx, rule), rule)
    ids = {rule.id for rule in first.values()}
    return list(first.values()), [rule for rule in due if rule.id not in ids]


def _is_due(rule: SweepRule, wallet: Balance | None) -> bool:
    return wallet is not None and (wallet.version > rule.seen or rule.sweep.rule == "leftover")


def _wallet(tx: Tx, rule: SweepRule) -> str:
    return wallet_path(rule.party_id, rule.sweep.amount.currency, tx.home)


def _asked(rule: SweepRule, free: Money, payments: Sequence[Money | None], on: date) -> Money:
    """What one rule asks for now."""
    moved = Money.zero(free.currency)
    for payment in payments:
        moved += swept(rule.sweep, SweepFacts(on, free - moved, payment))
    return moved


def _moved(tx: Tx, asked: Sequence[tuple[SweepRule, Money]], on: date) -> list[tuple[SweepRule, Money]]:
    """Move what rules of different wallets ask for; answers which did, and those that asked for nothing.

    Into deposits all at once; where one of them is refused, each alone.
    """
    inflows = [Inflow(rule.into, moved) for rule, moved in asked if moved and not rule.into.startswith(FUND)]
    together = len(inflows) > 1 and all_paid_in(tx, inflows)
    return [
        (rule, moved)
        for rule, moved in asked
        if not moved or (together and not rule.into.startswith(FUND)) or _alone(tx, rule, moved, on)
    ]


def _alone(tx: Tx, rule: SweepRule, amount: Money, on: date) -> bool:
    """Move what one rule asks for; false where the books refused, so that it is tried again. A deposit that no longer
    takes it (closed meanwhile) ends the rule."""
    try:
        with tx.part():
            _move(tx, rule, amount)
    except Refusal as refusal:
        if refusal.code == CLOSED.name:
            store.end_sweep(tx, rule.id, on)
        LOG.warning("sweep %s moved nothing: %s", rule.id, refusal)
        return False
    return True


def _move(tx: Tx, rule: SweepRule, amount: Money) -> None:
    """Into the deposit, or as an order for the fund: one entry on the wallet either way."""
    if rule.into.startswith(FUND):
        pool.subscribe(tx, Subscribe(rule.into.removeprefix(FUND), rule.party_id, amount))
    else:
        deposits.pay_in(tx, PayIn(rule.into, amount))


def _payments(tx: Tx, looking: Sequence[tuple[SweepRule, Balance]]) -> dict[str, list[Money]]:
    """The payments out of wallets by rule, from where it looked last until its wallet was read, oldest first."""
    spans = [(wallet.path, rule.seen, wallet.version) for rule, wallet in looking]
    return {
        rule.id: [Money(-minor, wallet.currency) for kind, minor in moved if kind in OWN_PAYMENTS and minor < 0]
        for (rule, wallet), moved in zip(looking, ledger.movements_between(tx, spans), strict=True)
    }


@operation(
    "savings.start_group", title=Words("Start a group", "发起团购"),
    permission="savings:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def start_group(tx: Tx, command: StartGroup) -> Group:
    """Offer a term together; two persons must want it.

    Refuses ``savings.group_until``, ``.rate_not_quoted``, ``.term_not_offered``,
    ``.not_offered`` (a product without lump-sum terms), ``.wrong_currency``, ``.no_rate_board``, ``.not_a_deposit``,
    ``money.not_positive``."""
    group = replace(_offered(tx, command), id=tx.new_id("group"))
    store.insert_group(tx, group)
    return group


def _offered(tx: Tx, command: StartGroup) -> Group:
    """The group that a command offers, without an id."""
    if command.until_on <= tx.business_date:
        raise GROUP_UNTIL(until_on=command.until_on.isoformat(), today=tx.business_date.isoformat())
    positive(command.minimum_book)
    _, terms = catalogue.terms(tx, command.product)
    for name in (command.name.en, command.name.zh):
        if not name.isprintable():
            raise reading.savings("group", {}).unfit("name", shown(name), "plain characters", "可打印的文字")
    grouped = behaviour(terms).grouped
    if grouped is None:
        raise NOT_OFFERED(product=terms.product, do="group", do_zh=DOINGS_ZH["group"])
    if command.minimum_book.currency != terms.currency:
        raise WRONG_CURRENCY(currency=terms.currency, amount=str(command.minimum_book))
    term = grouped.term(terms, parse_term(command.term))
    grouped.annual(catalogue.board(tx, command.board), term, tx.business_date)
    return Group(
        id="",
        name=command.name,
        product=terms.product,
        term=str(term),
        board=command.board,
        minimum_book=command.minimum_book,
        gathered=Money.zero(command.minimum_book.currency),
        until_on=command.until_on,
        state="waiting",
        decided_on=None,
    )


@question("savings.group", permission=PUBLIC, whose=NOBODYS)
def group(tx: Tx, group_id: Id) -> Group:
    """A group as it stands; refuses ``savings.unknown_group``."""
    found = store.find_group(tx, group_id) if group_id.isprintable() else None
    if found is None:
        raise UNKNOWN_GROUP(group_id=group_id)
    return found


@question("savings.groups", permission=PUBLIC, whose=NOBODYS)
def groups(tx: Tx, limit: PageSize = 50) -> list[Group]:
    """Groups, the newest first."""
    return store.groups(tx, limit)


@operation(
    "savings.join_group", title=Words("Join a group", "参加团购"), permission="savings:open", whose=of("party_id")
)
def join_group(tx: Tx, command: JoinGroup) -> PledgeView:
    """Pledge an amount: a hold from the wallet to the deposit that it becomes when the group opens.

    Refuses ``savings.not_yours``, ``.unknown_group``, ``.group_decided``, what opening the deposit would refuse now,
    and ``ledger.insufficient_funds``.
    """
    if not tx.actor.acts_for(command.party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    found = store.gather(tx, command.group_id, positive(command.amount))
    if found is None:
        raise GROUP_DECIDED(state=group(tx, command.group_id).state)
    undone(tx, lambda: deposits.open_at(tx, _opening(found, command.party_id, command.amount), found.board))
    _, terms = catalogue.terms(tx, found.product)
    tail = tx.new_id("pledge")
    pledge = PledgeView(tail, found.id, command.party_id, command.amount, "held", f"dep_{tail.partition('_')[2]}")
    ledger.open_accounts(tx, deposits.account_specs(terms, pledge.deposit_id))
    wallet = wallet_path(pledge.party_id, terms.currency, tx.home)
    account = deposit_path(terms, pledge.deposit_id)
    promised = Pledge(hold_of(pledge.id), DEPOSIT, wallet, account, pledge.amount)
    ledger.must(tx, [pledges.held(promised, tx.business_date)])
    store.insert_pledge(tx, pledge)
    return pledge


def _opening(found: Group, party_id: str, amount: Money) -> OpenDeposit:
    return OpenDeposit(party_id, found.product, amount, term=found.term)


@operation(
    "savings.leave_group", title=Words("Leave a group", "退出团购"),
    permission="savings:open", whose=of("pledge_id", store.pledge_owner),
)  # fmt: skip
def leave_group(tx: Tx, command: LeaveGroup) -> PledgeView:
    """Take a pledge back while its group waits; refuses ``savings.unknown_pledge``, ``savings.group_decided``."""
    pledge = _own_pledge(tx, command.pledge_id)
    if store.gather(tx, pledge.group_id, -pledge.amount) is None:
        raise GROUP_DECIDED(state=group(tx, pledge.group_id).state)
    return _release(tx, pledge)


def _own_pledge(tx: Tx, pledge_id: str) -> PledgeView:
    pledge = store.find_pledge(tx, pledge_id) if pledge_id.isprintable() else None
    if pledge is None or pledge.state != "held":
        raise UNKNOWN_PLEDGE(pledge_id=pledge_id)
    if not tx.actor.acts_for(pledge.party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    return pledge


def _release(tx: Tx, pledge: PledgeView) -> PledgeView:
    ledger.must(tx, [pledges.released(hold_of(pledge.id))])
    store.end_pledge(tx, pledge.id, "released")
    found = store.find_pledge(tx, pledge.id)
    assert found is not None
    return found


@operation("savings.decide_groups", title=Words("Groups decided", "团购"), permission="kernel:close_day", whose=STAFF)
def decide_groups(tx: Tx, command: CloseStep) -> Stepped:
    """Open groups that reached their sum and let go of those whose last day it was, a piece of one group's pledges.

    A member whose deposit can no longer be opened is given the money back. On a holiday groups wait. ``after`` is
    ``<number of the piece>|<group under way>``.
    """
    number, _, under_way = command.after.partition("|")
    found = store.find_group(tx, under_way) if under_way else store.to_decide(tx, command.on)
    if found is None or command.on in calendar.holidays(tx):
        return Stepped(0)
    state = found.state
    if state == "waiting":
        state = "lapsed" if found.missing else "open"
        store.decide(tx, found, state, command.on)
    pledges = store.held_pledges(tx, found.id, PIECE)
    for pledge in pledges:
        if state != "open" or not _deposited(tx, found, pledge):
            _release(tx, pledge)
    following = f"{int(number or 0) + 1}|"
    if len(pledges) == PIECE:
        return Stepped(len(pledges), following + found.id)
    return Stepped(len(pledges), following if store.to_decide(tx, command.on) else None)


def _deposited(tx: Tx, found: Group, pledge: PledgeView) -> bool:
    try:
        with tx.part():
            opening = _opening(found, pledge.party_id, pledge.amount)
            deposits.open_pledged(tx, opening, pledge.deposit_id, found.board, hold_of(pledge.id))
            store.end_pledge(tx, pledge.id, "deposited")
    except Refusal as refusal:
        LOG.warning("pledge %s is given back: %s", pledge.id, refusal)
        return False
    return True
