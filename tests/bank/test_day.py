"""The steps of a day's close stand in plain sight, every one of them, and a kernel without them closes nothing."""

from __future__ import annotations

import pytest

from farthing.bank import exchange
from farthing.bank.day import STEPS
from farthing.kernel.day import CloseStep, close_day
from farthing.kernel.operation import OPERATIONS, operation_of
from farthing.kernel.run import Kernel
from farthing.kit.errors import InvariantBroken
from tests.conftest import Bank
from tests.tidy.tree import modules

ORDER = """
ledger.expire_holds merchants.settle disputes.run_due disputes.collect fraud.end_due
reported.end_due requests.end_due packets.end_due delayed.run_due debits.draw_due orders.make_due
standing.run_due crowdfunding.count_votes crowdfunding.decide_due
supply.let_lapse supply.settle_due lending.fall_due lending.reset_rates lending.remind
lending.warn_reporting market.end_listings
funding.lapse credit.tell_late_reviews voice.watch_clocks voice.close_answered topics.sort_day topics.watch_week
lending.lapse_undrawn funding.distribute_day market.protect funding.claim_cover market.resell funding.settle_partners
savings.sweep_all savings.decide_groups savings.fall_due savings.settle_quarter savings.accrue savings.fund_income
savings.fund_orders lending.snapshot_month lending.provide_month lending.suspend_month lending.defer_month
lending.ladder_month lending.furnish_month payments.cut_rails credit.score_by_models
signing.renew_stamps parties.phones_fall_due sharing.pull_due parties.erase_due products.lapse_drafts kernel.forget_keys
assurance.prove_day assurance.daily_checkpoint
"""


def test_the_steps_and_their_order() -> None:
    assert [operation_of(step).name for step in STEPS] == ORDER.split()


def test_no_package_has_a_step_that_no_day_takes() -> None:
    assert modules()
    listed = {operation_of(step).name for step in (*STEPS, *exchange.STEPS)}
    ours = [each for each in OPERATIONS.values() if each.function.__module__.startswith("farthing.")]
    assert {each.name for each in ours if each.command_type is CloseStep} == listed


def test_a_kernel_without_steps_closes_no_day(bank: Bank) -> None:
    with pytest.raises(InvariantBroken, match="steps of a close"):
        close_day(Kernel(bank.kernel.database))


def test_a_day_runs_every_step_and_once(bank: Bank) -> None:
    closed = close_day(bank.kernel)
    assert list(closed.handled) == ORDER.split()
    assert close_day(bank.kernel, closed.closed).business_date == closed.business_date
