"""People who stand behind the borrower of a house, with money and deposits of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from farthing.bank.founding import agreed
from farthing.kit.actor import SYSTEM
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import AskGuarantor, CallPledge, GiveGuarantee, Guarantee, Pledge, PledgeDeposit
from farthing.lending.model import Loan
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import Done, OpenDeposit
from tests.lending.house import CARD, House, yuan
from tests.parties.people import register_person


def friend(house: House, number: int = 1, verified: bool = True) -> Party:
    """Somebody known to the bank, with a wallet."""
    party = register_person(house.bank, number)
    if verified:
        house.bank.run(parties.verify_identity, VerifyIdentity(party.id))
    house.bank.run(payments.open_wallet, OpenWallet(party.id))
    return party


def rich(house: House, party: Party, amount: str = "20000") -> None:
    """Money from elsewhere in the wallet."""
    house.bank.run(payments.top_up, MoveByRail(party.id, yuan(amount), CARD))


def saved(house: House, party: Party, amount: str, product: str = "savings-lump-sum", **terms: Any) -> Done:
    """A deposit paid in from the wallet."""
    rich(house, party, amount)
    if product == "savings-lump-sum":
        terms.setdefault("term", "1y")
    done: Done = house.bank.run(deposits.open_deposit, OpenDeposit(party.id, product, yuan(amount), **terms))
    return done


def asked(house: House, loan: Loan, party: Party, most: str = "3000") -> Guarantee:
    """The borrower asks."""
    made: Guarantee = house.bank.run(backing.ask_guarantor, AskGuarantor(loan.id, party.id, yuan(most)))
    return made


def given(house: House, loan: Loan, party: Party, most: str = "3000") -> Guarantee:
    """The borrower asks and the guarantor says yes."""
    made = asked(house, loan, party, most)
    house.bank.run(backing.give_guarantee, GiveGuarantee(made.id, made.most))
    return made


def pledged(house: House, loan: Loan, deposit: Done, amount: str) -> Pledge:
    """A deposit that stays for a loan."""
    made: Pledge = house.bank.run(backing.pledge_deposit, PledgeDeposit(loan.id, deposit.deposit.id, yuan(amount)))
    return made


def empty(house: House, party: Party) -> None:
    """Nothing is left in a wallet that could be collected."""
    wallet = house.bank.read(lambda tx: payments.wallet(tx, party.id, "CNY"))
    if wallet.available:
        house.bank.run(payments.pay_out, MoveByRail(party.id, wallet.available, CARD))


def in_default(house: House, loan: Loan) -> None:
    """More than ninety days after the first due day nothing was paid."""
    empty(house, house.party)
    house.wait(loan.instalments[0].due_on + timedelta(days=91))


def in_default_with_a_pledge(house: House) -> tuple[str, str]:
    """A loan in default and the deposit that stays for a part of it, by their ids: what a house may have lived through."""
    loan = house.active("1000")
    made = pledged(house, loan, saved(house, house.party, "1000"), "100")
    in_default(house, loan)
    return loan.id, made.id


def called(house: House, pledge_id: str) -> Any:
    """Two persons call a pledge; answers what it came to, as JSON values."""
    return agreed(house.bank.kernel, backing.call_pledge, CallPledge(pledge_id))


def behind(house: House, loan: Loan) -> Any:
    """All that stands behind a loan."""
    return house.bank.kernel.ask(backing.backing, loan.id, actor=SYSTEM)
