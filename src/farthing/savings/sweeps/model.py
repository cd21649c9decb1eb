"""Own odds and ends in the bank: a saver's sweep rules, and groups that buy a term together.

Tables: ``sweep``, ``savings_group``, ``savings_pledge``. Never holds money: a pledge is a hold on the member's wallet
until the group opens or lapses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.inputs import Amount, Count, Day, Id, Word
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.sweeps.rules import Sweep

UNKNOWN_SWEEP_ID = not_found(
    "savings.unknown_sweep_rule", "There is no sweep rule {sweep_id}.", "没有零钱归集规则 {sweep_id}。"
)
SWEEP_ENDED = conflict("savings.sweep_ended", "The rule ended on {ended_on} already.", "该规则已于 {ended_on} 终止。")
SWEEP_TARGET = declined(
    "savings.sweep_target",
    "{target} cannot take small change: name one of your open demand deposits, or fund:<product>.",
    "{target} 不能接收零钱：请指定本人未销户的活期存款，或 fund:<产品>。",
)
SWEEP_CURRENCY = malformed(
    "savings.sweep_currency",
    "The rule counts in {wanted} and the deposit is kept in {kept}; use one currency.",
    "规则币种为 {wanted}，存款币种为 {kept}；请使用同一币种。",
)
UNKNOWN_GROUP = not_found("savings.unknown_group", "There is no group {group_id}.", "没有团购 {group_id}。")
UNKNOWN_PLEDGE = not_found(
    "savings.unknown_pledge", "There is no pledge {pledge_id} that waits.", "没有待成团的认购 {pledge_id}。"
)
GROUP_UNTIL = malformed(
    "savings.group_until",
    "A group gathers until a day after today ({today}), not {until_on}.",
    "成团截止日须晚于今日（{today}），不能为 {until_on}。",
)


@dataclass(frozen=True, slots=True)
class SetSweep:
    """Make a rule. ``amount``: the step of ``round_up``, the sum kept by ``leftover``, the line of ``above``.

    ``into``: one of the saver's demand deposits, or ``fund:<product>``. ``day`` serves ``leftover``: 1 to 28.
    """

    party_id: Id
    rule: Word
    amount: Amount
    into: Id
    day: Count = 28


@dataclass(frozen=True, slots=True)
class EndSweep:
    """End a rule."""

    sweep_id: Id


@dataclass(frozen=True, slots=True)
class SweepRule:
    """A rule as it is kept. ``seen``: the wallet's version up to which payments were looked at."""

    id: str
    party_id: str
    sweep: Sweep
    into: str
    seen: int
    swept: Money
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class StartGroup:
    """Offer a term together: it opens to all members when their sum reaches ``minimum_book`` by ``until_on``.

    ``board``: whose rates the members get; a board of better rates is what a group is for.
    """

    name: Words
    product: Id
    term: Word
    minimum_book: Amount
    until_on: Day
    board: Id


@dataclass(frozen=True, slots=True)
class JoinGroup:
    """Pledge an amount, which is reserved on the wallet until the group opens or lapses."""

    group_id: Id
    party_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    """Take a pledge back while the group waits."""

    pledge_id: Id


@dataclass(frozen=True, slots=True)
class Group:
    """A group: ``waiting``, ``open`` (every pledge became a deposit) or ``lapsed`` (every pledge was released)."""

    id: str
    name: Words
    product: str
    term: str
    board: str
    minimum_book: Money
    gathered: Money
    until_on: date
    state: str
    decided_on: date | None

    @property
    def missing(self) -> Money:
        """What is missing still."""
        return max(self.minimum_book - self.gathered, Money.zero(self.gathered.currency))


@dataclass(frozen=True, slots=True)
class PledgeView:
    """One member's pledge and the deposit that it becomes. ``state``: held, deposited, released."""

    id: str
    group_id: str
    party_id: str
    amount: Money
    state: str
    deposit_id: str


def deposit_id_of(pledge_id: str) -> str:
    """The deposit that a pledge becomes: known beforehand, for the hold names its account."""
    return f"dep_{pledge_id.partition('_')[2]}"


def hold_of(pledge_id: str) -> str:
    """The reference of a pledge's hold."""
    return f"pledge:{pledge_id}"
