"""Numbers for tests: valid by checksum, of nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stdnum.cn import ric, uscc

from farthing.parties import service as parties
from farthing.parties import store
from farthing.parties.model import Party, Register, RegisterOrganisation
from tests.conftest import Bank


def resident_id(born_on: date = date(1999, 3, 7), order_code: str = "002", place: str = "110105") -> str:
    """A resident identity number with a right check character."""
    digits = f"{place}{born_on:%Y%m%d}{order_code}"
    return digits + ric.calc_check_digit(digits + "0")


def credit_code(organisation: str = "400012345") -> str:
    """A unified social credit code with a right check character."""
    body = f"12310000{organisation}"
    return body + uscc.calc_check_digit(body)


def lin_mei(**changes: str) -> Register:
    """A young graduate."""
    return Register(**{"name": "林美", "resident_id": resident_id(), "phone": "138 1234 5678", **changes})


def hospital(**changes: str) -> RegisterOrganisation:
    """A public hospital."""
    values = {"name": "上海市第一人民医院", "credit_code": credit_code(), "phone": "021-63240090", **changes}
    return RegisterOrganisation(**values)


def register_person(bank: Bank, number: int = 0) -> Party:
    """Make one of many people known: the same number answers the same person."""
    resident = resident_id(order_code=f"{2 * number + 10:03d}")
    command = Register("林美", resident, f"138 1234 {5600 + number}")
    found: Party = bank.run(parties.register, command)
    return found


def known_as(bank: Bank, party: Party, **said: str) -> None:
    """Another name or phone of somebody is on file from now on."""
    bank.kernel.tidy(lambda tx: store.seal(tx, [replace(party, **said)]))
