"""Own what the bank says of itself to its staff: who runs it, in which currency and by which law. Never changes anything."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.products import service as products


@dataclass(frozen=True, slots=True)
class About:
    """The institution that runs the bank, and the policy pack whose law applies: its name and the version in force."""

    institution: str
    credit_code: str
    home: str
    policy: Words
    policy_version: str


@question("bank.about", permission="reports:read", whose=STAFF)
def about(tx: Tx) -> About:
    """Who runs this bank and by which law. Refuses ``parties.no_institution``, ``policy.none_in_force``."""
    runs, law = parties.institution(tx), products.policy_in_force(tx)
    return About(runs.name, runs.number, tx.home, law.name, law.version)
