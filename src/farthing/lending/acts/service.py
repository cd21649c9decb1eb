"""Run what is done to a loan over its life: one path for every act. Load, decide by the pure rules, post and save.

What gives up money or risk, and whatever is told of an earlier day, two persons must want.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.answers import Form, leaf_form
from farthing.kernel.calendar import holidays
from farthing.kernel.operation import operation, operation_of
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Code, Count, Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import entries, life, telling
from farthing.lending import keeping_service as keeping
from farthing.lending import service as lending
from farthing.lending.acts import entries as acts
from farthing.lending.acts import rules
from farthing.lending.acts.cost import annual_cost
from farthing.lending.acts.entries import ALLOWANCE, GIVES_UP, Places
from farthing.lending.acts.model import (
    SURPLUS,
    Act,
    Ahead,
    Charge,
    ChooseSurplus,
    Figures,
    GiveMoney,
    GiveUp,
    Happened,
    LowerRate,
    PauseInterest,
    Recover,
    Recoverable,
    RepayAsOf,
    Reschedule,
    ReverseEvent,
    TakeRecovery,
    Trial,
    Waive,
)
from farthing.lending.backing import ending_service as backing
from farthing.lending.floating.figures_service import figures_of
from farthing.lending.floating.history import MARGIN, margin_of
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import step
from farthing.lending.lives.loan import Loan as Folded
from farthing.lending.model import RESTRUCTURES
from farthing.lending.prudence import history_service as prudence
from farthing.lending.prudence.day_service import in_difficulty
from farthing.lending.rules import require_state
from farthing.lending.service import loan_owner
from farthing.parties.oneself_service import not_own
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.products.policy import check_annual_cost


def _act(tx: Tx, command: Act, do: str) -> Happened:
    """Tell a loan a fact: what it comes to is posted, kept, told to whoever else holds it and to the register."""
    before, on = keeping.life_of(tx, command.loan_id, lock=True), tx.business_date
    not_own(tx, before.loan.party_id)
    fact = rules.fact_of(command, do, tx.new_id("act"), on, before.loan.conditions)
    rules.check(before, command, fact, on, prudence.reported(tx))
    if fact.do == "write_off":
        backing.check_called(tx, before.loan.id)
    about: dict[str, Any] = {}
    if getattr(command, "words", ""):
        about["words"] = command.words  # type: ignore[union-attr]
    if fact.annual is not None and before.loan.conditions.floating is not None:
        about[MARGIN] = str(margin_of(before, fact.annual, fact.on, figures_of(tx, before.loan)))
    if fact.do in rules.EASES and in_difficulty(tx, before.loan):
        about[RESTRUCTURES] = True
    if fact.do in GIVES_UP and before.loan.given_up_on is None:
        about[ALLOWANCE] = prudence.aside(tx, before.loan)
    places = _places(tx, before)
    told = telling.amend(before, fact, about, places, tx.now, on)
    shifts = rules.shifts(before, told.loan, fact, holidays(tx))
    if shifts:
        told = telling.amend(before, replace(fact, shifts=shifts), about, places, tx.now, on)
    rules.check_after(before, told.loan, fact)
    rules.check_goodwill(before, told.after, on)
    if rules.asks_otherwise(before, fact):
        cost = annual_cost(told.after, on)
        if fact.do == "charge" or cost > annual_cost(before, on):
            check_annual_cost(products.policy_in_force(tx), cost)
    if told.entries:
        ledger.open_accounts(tx, [*entries.accounts_of(before.loan), *acts.accounts_of(before.loan, places)])
    keep = keeping.keep if before.loan.state == "closed" else keeping.take
    keep(tx, [told])
    assert told.event is not None
    return rules.happened(told.after, told.event)


def _places(tx: Tx, found: Life) -> Places:
    return Places(wallet_path(found.loan.party_id, found.currency, tx.home), tx.home)


@operation(
    "lending.charge", title=Words("Charge a fee to a loan", "收取贷款费用"), permission="lending:charge",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def charge(tx: Tx, command: Charge) -> Happened:
    """Charge a fee or a penalty, up to what a loan may cost by the policy in force.

    Refuses ``lending.unknown_loan``, ``lending.unknown_act_word``, ``lending.wrong_state``, ``lending.act_wordless``,
    ``money.*``, ``lending.act_not_yet``, ``lending.month_closed``, ``lending.charge_due_before``,
    ``lending.beyond_last_due_day``, ``lending.shared_in_the_past``, ``policy.annual_cost`` and what the loan's life refuses.
    """
    return _act(tx, command, "charge")


@operation(
    "lending.waive", title=Words("Forgive a fee, a penalty or interest", "减免费用、罚息或利息"),
    permission="lending:relieve", four_eyes=True, whose=STAFF,
)  # fmt: skip
def waive(tx: Tx, command: Waive) -> Happened:
    """Forgive what is owed of a component; refuses as :func:`charge`, and ``lending.more_than_open``."""
    return _act(tx, command, "waive")


@operation(
    "lending.pause_interest", title=Words("Pause a loan's interest", "暂停计息"), permission="lending:relieve",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def pause_interest(tx: Tx, command: PauseInterest) -> Happened:
    """Let a loan bear nothing up to a day; refuses as :func:`charge`, and ``lending.pause_backwards``."""
    return _act(tx, command, "pause_interest")


@operation(
    "lending.lower_rate", title=Words("Agree a lower rate", "下调贷款利率"), permission="lending:relieve", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def lower_rate(tx: Tx, command: LowerRate) -> Happened:
    """Agree a lower rate from a day on; refuses as :func:`charge`, and ``lending.rate_raised``, ``lending.rate_below_nothing``,
    ``lending.reset_since``, ``lending.no_period_left``, ``policy.annual_cost``."""
    return _act(tx, command, "change_rate")


@operation(
    "lending.reschedule", title=Words("Reschedule a loan", "贷款重新安排"), permission="lending:relieve", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def reschedule(tx: Tx, command: Reschedule) -> Happened:
    """Change when a loan is repaid; never earlier. Refuses as :func:`charge`, and ``lending.event_needs``,
    ``lending.shortens_what_is_due``, ``lending.no_such_instalment``, ``lending.no_period_left``."""
    return _act(tx, command, "reschedule")


@operation(
    "lending.charge_off", title=Words("Charge a loan off", "贷款转销"), permission="lending:write_off", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def charge_off(tx: Tx, command: GiveUp) -> Happened:
    """Take a loan's claims out of the books, against what stands aside for it; the borrower goes on owing it, and what is paid is
    recovered. Refuses as :func:`charge`, and ``lending.given_up_already``."""
    return _act(tx, command, "charge_off")


@operation(
    "lending.write_off", title=Words("Write a loan off", "贷款核销"), permission="lending:write_off", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def write_off(tx: Tx, command: GiveUp) -> Happened:
    """Give up what is owed, against what stands aside for it: the borrower owes nothing any more. Refuses as :func:`charge`, and
    ``lending.pledge_first`` while a deposit is pledged for it."""
    return _act(tx, command, "write_off")


@operation(
    "lending.recover", title=Words("Recover what was written off", "收回已核销贷款"), permission="lending:repay",
    whose=of("loan_id", loan_owner), confirm=rules.recovered_seen,
)  # fmt: skip
def recover(tx: Tx, command: Recover) -> Happened:
    """Pay from the wallet what was written off. Refuses ``lending.unknown_loan``, ``lending.wrong_state``, ``money.*``,
    ``lending.nothing_written_off``, ``lending.more_than_open`` and ``ledger.*`` where the wallet has too little."""
    return _act(tx, command, "recover")


@operation(
    "lending.take_recovery", title=Words("Take a recovery", "登记核销收回"), permission="lending:correct", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def take_recovery(tx: Tx, command: TakeRecovery) -> Happened:
    """Take from the wallet, for a borrower who is not there, what came in for a loan that was given up: a collector's remittance,
    what a thing was sold for. Refuses as :func:`charge`, and ``lending.nothing_written_off``, ``lending.more_than_open``."""
    over = lending.loan(tx, command.loan_id).state == "closed"
    return _act(tx, command, "recover" if over else "repay")


@operation(
    "lending.refund_credit", title=Words("Give back what was paid too much", "退还溢缴款"), permission="lending:relieve",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def refund_credit(tx: Tx, command: GiveMoney) -> Happened:
    """Give back to the wallet what was paid too much; refuses as :func:`charge`, and ``lending.more_than_open``."""
    return _act(tx, command, "refund_credit")


@operation(
    "lending.goodwill", title=Words("Pay a part of a loan as the bank", "商誉减免"), permission="lending:relieve",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def goodwill(tx: Tx, command: GiveMoney) -> Happened:
    """Pay a part of what is owed at the bank's own cost, allocated like a repayment; refuses as :func:`charge`, and
    ``lending.more_than_open``."""
    return _act(tx, command, "goodwill_credit")


@operation(
    "lending.repay_as_of", title=Words("Take a repayment that came earlier", "补记还款"), permission="lending:correct",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def repay_as_of(tx: Tx, command: RepayAsOf) -> Happened:
    """Take a repayment from the wallet that counts from an earlier day; refuses as :func:`charge`, and ``ledger.*``."""
    return _act(tx, command, "repay")


@operation(
    "lending.reverse_event", title=Words("Take back an event of a loan", "撤销贷款事件"), permission="lending:correct",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def reverse_event(tx: Tx, command: ReverseEvent) -> Happened:
    """Take an event back from its own day on; what a loan that is over paid of a charge goes back to the wallet. Refuses as
    :func:`charge`, and ``lending.unknown_event``, ``lending.never_taken_back``, ``lending.paid_by_another``,
    ``lending.reversed_twice``, ``lending.over_for_good``, ``policy.annual_cost``."""
    over = lending.loan(tx, command.loan_id).state == "closed"
    done = _act(tx, command, "reverse")
    owed_back = lending.loan(tx, command.loan_id).owed_back
    if over and owed_back is not None:
        tell(tx, refund_credit, GiveMoney(command.loan_id, owed_back, command.words))
    return done


@operation(
    "lending.choose_surplus", title=Words("Choose what paying more does", "选择提前还款方式"), permission="lending:repay",
    whose=of("loan_id", loan_owner),
)  # fmt: skip
def choose_surplus(tx: Tx, command: ChooseSurplus) -> Happened:
    """Choose whether money that comes before anything asks for it makes the loan ``shorter`` or its instalments ``smaller``; from
    then on :func:`farthing.lending.service.repay` takes it. Refuses ``lending.unknown_loan``, ``lending.unknown_act_word``,
    ``lending.wrong_state``."""
    return _act(tx, command, "set_surplus")


def tell(tx: Tx, act: Callable[[Tx, Any], Happened], command: Act) -> Happened:
    """Do an act as a part of another operation, which two persons wanted: the log names it as if it had been asked for alone."""
    done = act(tx, command)
    leaf = {"actor": tx.actor.id, "command": leaf_form(Form(command)), "result": leaf_form(Form(done))}
    evidence.append(tx, operation_of(act).name, leaf)
    return done


def trial(tx: Tx, event: Happened) -> Trial:
    """What an act came to in this transaction, beside the loan as it was: for a dry run, which is then undone."""
    on, after = tx.business_date, keeping.life_of(tx, event.loan_id)
    before = replace(after, events=after.events[: event.number - 1])
    was, now = _figures(before, on), _figures(after, on)
    posted = ledger.entries_by_id(tx, [UUID(json.loads(name)["id"]) for name in tx.names()])
    return Trial(event, was, now, now.cost - was.cost, tuple(each.entry for each in posted))


def last_trial(tx: Tx, loan_id: Id, told: int = 1) -> Trial:
    """The same of whatever was told a loan last, in this transaction: the last ``told`` events, beside the loan before them."""
    found = keeping.life_of(tx, loan_id)
    return trial(tx, rules.happened(found, found.events[-told]))


def _figures(found: Life, on: Any) -> Figures:
    return rules.figures(found, life.stands(found, on), on)


@question("lending.story", permission="lending:read", whose=of("loan_id", loan_owner))
def story(tx: Tx, loan_id: Id) -> list[Happened]:
    """Everything that happened to a loan, in the order of telling: each event, why, and what it did to each obligation."""
    lending.loan(tx, loan_id)
    found = keeping.life_of(tx, loan_id)
    return [rules.happened(found, each) for each in found.events]


@question("lending.recoverable", permission="lending:read", whose=of("loan_id", loan_owner))
def recoverable(tx: Tx, loan_id: Id) -> Recoverable:
    """What a write-off gave up of a loan, what came in for it since, and what may still be recovered; nothing of a loan that was
    not written off."""
    lending.loan(tx, loan_id)
    found = keeping.life_of(tx, loan_id)
    return rules.recoverable(found, life.stands(found, tx.business_date))


@question("lending.ahead", permission="lending:read", whose=of("loan_id", loan_owner))
def ahead(tx: Tx, loan_id: Id, amount: Code = "", days: Count = 30) -> Ahead:
    """What a borrower may do: what paying an amount (such as 500 or 500.50) today comes to, what settles it, and what paying
    nothing until so many days after the next due day costs. Refuses ``lending.wrong_state``, ``money.*``."""
    lending.check_own(tx, lending.loan(tx, loan_id))
    found, on = keeping.life_of(tx, loan_id), tx.business_date
    require_state(found.loan, "active")
    state = life.stands(found, on)
    shorter = smaller = None
    if amount:
        paid = Money.parse(amount, found.currency)
        rules.check_amount(found.loan, paid)
        said = found.loan.conditions.repaying
        does = [how for how in SURPLUS if said.borrower_chooses or SURPLUS[how] == said.surplus]
        tried = {how: _paid(found, state, paid, SURPLUS[how], on) for how in does}
        shorter, smaller = tried.get("shorter"), tried.get("smaller")
    owing = [each.due_on for each in state.instalments if each.outstanding]
    until = max(on, min(owing, default=on)) + timedelta(days=days)
    late = life.stands(found, until).open_by_component()["penalty"] - state.open_by_component()["penalty"]
    return Ahead(
        rules.figures(found, state, on), life.settlement_of(found, state, on), shorter, smaller, until,
        Money(late, found.currency),
    )  # fmt: skip


def _paid(found: Life, state: Folded, amount: Money, how: Any, on: Any) -> Figures | None:
    """A loan after an amount was paid today, with a choice of what it does; none where nothing of the loan would be left."""
    if amount >= life.settlement_of(found, state, on).amount:
        return None
    tried = state.copy()
    step(tried, Event(on, "set_surplus", surplus=how))
    step(tried, Event(on, "repay", amount.minor))
    return rules.figures(found, tried, on)
