"""A law with one figure changed, a loan that only waits to be paid out, and borrowers who answer for each other."""

from __future__ import annotations

from farthing.bank.founding import agreed
from farthing.identity.rules import actor_of
from farthing.lending.groups import service as groups
from farthing.lending.groups.model import AskMember, FormGroup, JoinLoanGroup
from farthing.lending.model import Loan
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.model import Publish
from tests.lending.house import House


def bound(house: House, key: str, value: str) -> None:
    """Put the shipped law in force with one figure changed."""
    source = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    before, head, after = source.partition(f"[{key}]")
    first, mark, rest = after.partition("value = ")
    law = before + head + first + mark + f'"{value}"' + rest.partition("\n")[1] + rest.partition("\n")[2]
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", law))


def silent(house: House, key: str) -> None:
    """Put the shipped law in force with nothing said of one limit."""
    source = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    before, _, after = source.partition(f"[{key}]")
    law = (
        before.replace('currency = "CNY"\n', f'currency = "CNY"\nno_limit = ["{key}"]\n', 1)
        + after[after.index("\n[") :]
    )
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", law))


def signed(house: House, amount: str = "8000") -> Loan:
    loan = house.funded(amount)
    house.sign(loan.id)
    return loan


def together(*houses: House) -> None:
    """The borrowers answer for each other."""
    bank, teller = houses[0].bank, actor_of("teller:wang", "teller", None)
    made = bank.run(groups.form_group, FormGroup("village", houses[0].today, 1, "the mill"), actor=teller)
    for house in houses:
        bank.run(groups.ask_member, AskMember(made.id, house.party.id), actor=teller)
        bank.run(groups.join_loan_group, JoinLoanGroup(made.id, house.party.id))
