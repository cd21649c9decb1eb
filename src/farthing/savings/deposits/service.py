"""Run deposits: load, decide by the product's rules, post and save in one transaction. Never branches about money itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from farthing.db.tx import Tx
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.proving.rules import counted
from farthing.kernel.undone import undone
from farthing.kernel.whose import of
from farthing.kit.errors import Declined, Refusal
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.payments.limits import service as spending
from farthing.payments.tills import service as tills
from farthing.payments.wallets import wallet_path
from farthing.products import policy as law
from farthing.products.alone import service as alone
from farthing.products.alone import unconfirmed_service as unconfirmed
from farthing.products.deposit import Terms
from farthing.products.policy import SavingsPolicy, check_terms
from farthing.savings.control import store as control
from farthing.savings.control.store import Flow
from farthing.savings.deposits import entries, rules, store
from farthing.savings.deposits.model import (
    CASH_NOT_ALLOWED,
    COLLECT_WALLET,
    COUNTER,
    DAY_CLOSING,
    NEEDS_WALLET,
    NOT_YOURS,
    PLEDGED,
    UNKNOWN_DEPOSIT,
    WALLET,
    Account,
    CancelNotice,
    CloseDeposit,
    DepositCommand,
    Done,
    Notify,
    OpenDeposit,
    PayIn,
    Renew,
    Withdraw,
    check_reader,
)
from farthing.savings.deposits.rules import Prepared, Told
from farthing.savings.rules import behaviour
from farthing.savings.rules import open_deposit as open_by_rule
from farthing.savings.rules.accounts import deposit_path, expense_path, payable_path
from farthing.savings.rules.books import Line
from farthing.savings.rules.model import Event, Facts
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import RETAIL


def deposit_owner(tx: Tx, deposit_id: str) -> str | None:
    """Whose deposit this is, or none where there is no such deposit."""
    found = store.find(tx, [deposit_id]).get(deposit_id)
    return found.party_id if found else None


def open_deposits(tx: Tx, calls: Sequence[Call]) -> list[Done | Refusal]:
    """Open many deposits: what one reads is read for all, and all that was decided is posted and kept together.

    What the rules refuse is told before anything is written; what the books refuse is raised.
    """
    return _open_all(tx, calls, RETAIL)


@operation(
    "savings.open", title=Words("Open a deposit", "开立存款"),
    permission="savings:open", whose=of("party_id"), confirm=rules.seen, by_key=counted, bulk=open_deposits,
)  # fmt: skip
def open_deposit(tx: Tx, command: OpenDeposit) -> Done:
    """Open a deposit under the terms in force, which it keeps for ever.

    Refuses ``savings.not_yours``, ``.cash_not_allowed``, ``.bad_place``, ``.needs_wallet``, ``.refused_by_policy``,
    what the product's rules refuse (``.below_minimum``, ``.term_not_offered``, ``.holiday_value_date``,
    ``.product_changed``, ``.rate_board_gap`` ...) and ``ledger.*`` where there is too little to pay it in.
    """
    return open_at(tx, command, RETAIL)


def open_at(tx: Tx, command: OpenDeposit, board: str) -> Done:
    """As :func:`open_deposit`, at the rates of a board."""
    return sole(_open_all(tx, [Call(command, tx.actor)], board))


def _open_all(tx: Tx, calls: Sequence[Call], board: str) -> list[Done | Refusal]:
    read = _Read(tx, [call.command.party_id for call in calls], board)
    answers: list[Done | Refusal] = []
    opened: list[tuple[Terms, Prepared, str]] = []
    for call in calls:
        own = replace(tx, actor=call.actor)
        try:
            terms, made, other = _opening(own, call.command, read)
            spending.beside(own, call.command.party_id, call.command.amount)
            answers.append(rules.done(terms, made.after, made.told, law.insured(terms, read.policy.insurance)))
        except Refusal as refusal:
            answers.append(refusal)
        else:
            opened.append((terms, made, other))
    if opened:
        ledger.open_accounts(tx, [spec for terms, made, _ in opened for spec in account_specs(terms, made.after.id)])
        store.insert_all(tx, [made.after for _, made, _ in opened])
        _keep_all(tx, opened)
    return answers


def open_pledged(tx: Tx, command: OpenDeposit, deposit_id: str, board: str, hold: str) -> Done:
    """Open a deposit whose first payment a hold has reserved: settling the hold pays it in.

    ``deposit_id`` was given when the hold was made, for the hold names the deposit's account. Refuses as
    :func:`open_deposit` does, ``ledger.hold_*`` where the hold is gone, and ``ledger.unknown_account`` where the product
    keeps its money elsewhere by now.
    """
    terms, made, _ = _opening(tx, command, _Read(tx, [command.party_id], board), deposit_id)
    ledger.balance(tx, deposit_path(terms, deposit_id))
    settle = pledges.settled(hold, f"deposit:{deposit_id}:1:in", tx.business_date)
    ledger.must(tx, [settle])
    store.insert_all(tx, [made.after])
    keep_story(tx, terms, [made])
    return rules.done(terms, made.after, made.told, catalogue.insured(tx, terms))


class _Read:
    """What openings are decided on, each thing read once for all of them, when the first of them asks."""

    def __init__(self, tx: Tx, party_ids: Sequence[str], board: str) -> None:
        self.board = board
        self._tx, self._party_ids = tx, sorted(set(party_ids))
        self._terms: dict[str, tuple[str, Terms]] = {}
        self._wallets: dict[str, frozenset[str]] = {}

    def party(self, party_id: str) -> Party:
        """A customer; refuses ``parties.unknown``."""
        if party_id not in self._parties:
            raise parties.unknown(party_id)
        return self._parties[party_id]

    def terms(self, product: str) -> tuple[str, Terms]:
        """Version and terms of a product in force."""
        if product not in self._terms:
            self._terms[product] = catalogue.terms(self._tx, product)
        return self._terms[product]

    def wallet(self, party_id: str, currency: str) -> str:
        """The wallet that is paid when a deposit pays by itself; refuses ``savings.needs_wallet``."""
        if currency not in self._wallets:
            paths = [wallet_path(each, currency, self._tx.home) for each in self._party_ids]
            self._wallets[currency] = frozenset(ledger.balances_of(self._tx, paths))
        path = wallet_path(party_id, currency, self._tx.home)
        if path not in self._wallets[currency]:
            raise NEEDS_WALLET(party=party_id, currency=currency)
        return path

    @cached_property
    def policy(self) -> SavingsPolicy:
        """What the policy in force allows of savings."""
        return catalogue.policy(self._tx)

    @cached_property
    def facts(self) -> Facts:
        """The board's rates, and the holidays."""
        return catalogue.facts(self._tx, self.board)

    @cached_property
    def _parties(self) -> dict[str, Party]:
        return parties.parties(self._tx, self._party_ids)


def _opening(tx: Tx, command: OpenDeposit, read: _Read, deposit_id: str = "") -> tuple[Terms, Prepared, str]:
    """Terms, what opening would come to, and the account that its money comes from."""
    owner = read.party(command.party_id)
    if not tx.actor.acts_for(owner.id):
        raise NOT_YOURS(actor=tx.actor.id)
    version, terms = read.terms(command.product)
    check_terms(read.policy, terms)
    if command.collect and "collect" not in behaviour(terms).takes:
        raise COLLECT_WALLET(product=terms.product)
    other = _place(tx, command.source, owner.id, terms.currency)
    facts = read.facts
    event = Event(tx.business_date, "deposit", command.amount, product_version=command.product_version)
    agreement = rules.agreement_of(command)
    rules.check_agreement(terms, agreement)
    change = open_by_rule(terms, facts, agreement, event)
    account = Account(
        id=deposit_id or tx.new_id("dep"),
        number=1,
        party_id=owner.id,
        version=version,
        board=read.board,
        payout=read.wallet(owner.id, terms.currency),
        collect=command.collect,
        deposit=change.deposit,
        lines_on=change.on,
        close_on=None,
    )
    made = rules.opened(terms, facts, account, Told("open", change, event))
    rules.check_quoted(change.deposit, made.flows, facts.board, tx.business_date)
    return terms, made, other


def account_specs(terms: Terms, deposit_id: str) -> list[AccountSpec]:
    """The ledger accounts of a deposit and its product; the deposit's own never goes below zero."""
    paths = (payable_path(terms), expense_path(terms))
    own = AccountSpec(deposit_path(terms, deposit_id), terms.currency, floor=0)
    return [own, *(AccountSpec(path, terms.currency) for path in paths)]


def _place(tx: Tx, place: str, party_id: str, currency: str) -> str:
    """Where money comes from or goes to; cash needs its own permission, and an open drawer."""
    rules.check_place(place)
    if place == WALLET:
        return wallet_path(party_id, currency, tx.home)
    if not tx.actor.may("savings:cash"):
        raise CASH_NOT_ALLOWED(actor=tx.actor.id)
    return tills.cash_path(tx, currency)


@operation(
    "savings.pay_in", title=Words("Pay into a deposit", "存入"),
    permission="savings:deposit", whose=of("deposit_id", deposit_owner), confirm=rules.seen,
    by_key=counted,
)  # fmt: skip
def pay_in(tx: Tx, command: PayIn) -> Done:
    """Pay into a deposit; refuses ``kernel.key_needed``, what its rules refuse and ``ledger.insufficient_funds``."""
    done = _run(tx, command, command.source)
    spending.beside(tx, done.deposit.party_id, command.amount)
    return done


def _large(tx: Tx, command: Withdraw | CloseDeposit) -> bool:
    """Whether a draw, in cash or to the wallet, with what was drawn that day, is more than one member of staff does alone."""
    tried = undone(tx, lambda: _run(tx, command, command.to))
    way: alone.Way = "out" if command.to == COUNTER else "freed"
    return alone.needs_two(tx, way, tried.deposit.party_id, tried.paid_out)


def _counted_out(tx: Tx, command: Withdraw | CloseDeposit, done: Done) -> Done:
    """What was drawn, counted where it leaves in cash: of a customer whom nobody confirmed only so much does in a day."""
    if command.to == COUNTER and done.paid_out.minor > 0:
        unconfirmed.let_out(tx, done.deposit.party_id, done.paid_out)
    return done


@operation(
    "savings.withdraw", title=Words("Withdraw from a deposit", "支取存款"),
    permission="savings:withdraw", whose=of("deposit_id", deposit_owner), two_for_another=_large, confirm=rules.seen,
)  # fmt: skip
def withdraw(tx: Tx, command: Withdraw) -> Done:
    """Draw a part; refuses ``savings.over_balance``, ``.pledged``, ``.before_term``, ``.whole_only`` and other rules of
    products, and ``policy.unconfirmed_out`` for cash beyond what goes out in a day of a customer whom nobody confirmed."""
    return _counted_out(tx, command, _run(tx, command, command.to))


@operation(
    "savings.close", title=Words("Close a deposit", "存款销户"),
    permission="savings:withdraw", whose=of("deposit_id", deposit_owner), two_for_another=_large, confirm=rules.seen,
)  # fmt: skip
def close(tx: Tx, command: CloseDeposit) -> Done:
    """Draw everything with its interest and close the deposit and its account."""
    done = _counted_out(tx, command, _run(tx, command, command.to))
    ledger.close_account(tx, done.deposit.account)
    return done


@operation(
    "savings.notify", title=Words("Give notice of a withdrawal", "预约支取"),
    permission="savings:withdraw", whose=of("deposit_id", deposit_owner), confirm=rules.seen,
)  # fmt: skip
def notify(tx: Tx, command: Notify) -> Done:
    """Give notice of a draw; refuses ``savings.notice_twice``, ``.notice_over_balance``, ``.notice_too_short``."""
    return _run(tx, command)


@operation(
    "savings.cancel_notice", title=Words("Take back a notice", "取消支取预约"),
    permission="savings:withdraw", whose=of("deposit_id", deposit_owner), confirm=rules.seen,
)  # fmt: skip
def cancel_notice(tx: Tx, command: CancelNotice) -> Done:
    """Take a notice back; its period earns nothing. Refuses ``savings.no_such_notice``."""
    return _run(tx, command)


@operation(
    "savings.renew", title=Words("Renew a deposit", "存款续存"),
    permission="savings:deposit", whose=of("deposit_id", deposit_owner), confirm=rules.seen,
)  # fmt: skip
def renew(tx: Tx, command: Renew) -> Done:
    """Begin a new term with a matured deposit; refuses ``savings.before_term``."""
    return _run(tx, command)


def _run(tx: Tx, command: DepositCommand, place: str = WALLET) -> Done:
    terms, made = _deciding(tx, command)
    assert made.before is not None
    store.save(tx, made.before, made.after)
    _keep(tx, terms, made, place)
    return rules.done(terms, made.after, made.told, catalogue.insured(tx, terms))


def _deciding(tx: Tx, command: DepositCommand) -> tuple[Terms, Prepared]:
    account, terms, facts = load(tx, command.deposit_id)
    if account.deposit.as_of_on > tx.business_date:
        raise DAY_CLOSING(deposit_id=account.id, business_date=tx.business_date.isoformat())
    told = rules.decide(terms, facts, account, rules.event_of(command, tx.business_date))
    return terms, rules.prepared(terms, facts, account, told, tx.business_date)


def load(tx: Tx, deposit_id: str) -> tuple[Account, Terms, Facts]:
    """A deposit, its pinned terms and today's facts; refuses ``savings.unknown_deposit``, ``savings.not_yours``."""
    account = store.find(tx, [deposit_id]).get(deposit_id) if deposit_id.isprintable() else None
    if account is None:
        raise UNKNOWN_DEPOSIT(deposit_id=deposit_id)
    check_reader(tx.actor, account.party_id)
    _, terms = catalogue.terms(tx, account.product, account.version)
    return pinned(account, terms), terms, catalogue.facts(tx, account.board)


def pinned(account: Account, terms: Terms) -> Account:
    """The account with the digest of the terms it pinned by their version."""
    return replace(account, deposit=replace(account.deposit, terms_digest=terms.digest()))


def _keep(tx: Tx, terms: Terms, made: Prepared, place: str) -> None:
    """Post what moved, in cash with its lines in the drawer, and keep the events."""
    other = _place(tx, place, made.after.party_id, terms.currency)
    posted = entries_of(terms, made, other)
    try:
        ledger.post_all(tx, posted)
    except Declined:
        _check_free(tx, deposit_path(terms, made.after.id))
        raise
    if place == COUNTER:
        tills.moved(tx, posted, other)
    keep_story(tx, terms, [made])


def _check_free(tx: Tx, path: str) -> None:
    """Refuse ``savings.pledged`` where a part of a deposit is held: that is why it cannot be drawn."""
    there = ledger.balance(tx, path)
    if there.held_out:
        raise PLEDGED(held=str(there.held_out), free=str(there.available()))


def _keep_all(tx: Tx, opened: Sequence[tuple[Terms, Prepared, str]]) -> None:
    """As :func:`_keep`, for many deposits, each with the account that its money comes from: all is posted as one."""
    posted = [(other, entries_of(terms, made, other)) for terms, made, other in opened]
    ledger.post_all(tx, [entry for _, made in posted for entry in made])
    for (_, made, other), (_, moved) in zip(opened, posted, strict=True):
        if other != made.after.payout:
            tills.moved(tx, moved, other)
    keep_stories(tx, [(terms, made) for terms, made, _ in opened])


def entries_of(terms: Terms, made: Prepared, other: str) -> list[JournalEntry]:
    """The entries of a command. What was due before, and could not be paid then, is paid where the holder draws now,
    else to the deposit's own payout account."""
    asked = made.told[-1].event
    dues = other if asked is not None and asked.do in ("withdraw", "close") else made.after.payout
    first = made.after.number - len(made.told) + 1
    posted = []
    for number, each in enumerate(made.told, first):
        paid = other if each.event is not None else dues
        posted += entries.entries(terms, each.change, made.after.id, number, paid)
    return posted


def keep_stories(tx: Tx, changed: Iterable[tuple[Terms, Prepared]]) -> None:
    """As :func:`keep_story`, of deposits of many products, those of one at a time."""
    stories: dict[tuple[str, str], tuple[Terms, list[Prepared]]] = {}
    for terms, made in changed:
        stories.setdefault((made.after.product, made.after.version), (terms, []))[1].append(made)
    for terms, all_made in stories.values():
        keep_story(tx, terms, all_made)


def keep_story(tx: Tx, terms: Terms, all_made: Sequence[Prepared]) -> None:
    """Keep the events of changed deposits of one product, and append what they add to its control totals."""
    events = []
    sums: dict[tuple[str, str], Line] = {}
    for made in all_made:
        first = made.after.number - len(made.told) + 1
        events += [(made.after.id, line) for line in rules.event_lines(terms, first, made.told, tx.now)]
        for key, line in made.flows.items():
            place = (made.after.board, key)
            sums[place] = sums[place] + line if place in sums else line
    if events:
        store.insert_events(tx, events)
    control.append_flows(tx, [Flow(terms.product, board, key, line) for (board, key), line in sums.items()])
