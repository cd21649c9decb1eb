"""Own what a draft may be of: every operation there is. A command imports what it needs; whoever agrees to what another asked
for, on whatever door, needs all."""

from __future__ import annotations

from farthing.assurance import agreements_service as agreement_packages
from farthing.assurance import contests_service as contesting
from farthing.assurance import log_keys_service as log_keys
from farthing.assurance.winddown import export_service as exports
from farthing.assurance.winddown import import_service as take_overs
from farthing.bank import sealing_service as sealing
from farthing.credit.succession import service as models
from farthing.crowdfunding import service as projects
from farthing.events import by_hand_service as by_hand
from farthing.events import service as events
from farthing.exchange import identity_service as subjects
from farthing.exchange import members_service as members
from farthing.exchange.consents import service as person_consents
from farthing.exchange.disputing import service as items
from farthing.exchange.furnish import service as furnishing
from farthing.exchange.inquiring import office_service as office
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.law import service as node_law
from farthing.exchange.notices import service as notices
from farthing.exchange.persons import service as persons
from farthing.funding.lenders import service as lenders
from farthing.funding.papers import service as papers
from farthing.funding.settling import breaks_service as breaks
from farthing.identity import links, look
from farthing.identity.codes import service as codes
from farthing.identity.outside import service as outside
from farthing.kernel.operation import OPERATIONS
from farthing.kit.words import Words
from farthing.lending.acts import service as acts
from farthing.lending.agreement import own_key_service as own_key
from farthing.lending.backing import service as backing
from farthing.lending.collections import relief_service as relief
from farthing.lending.groups import service as groups
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.prudence import ruling_service as rulings
from farthing.lending.top_ups import service as top_ups
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service as acting
from farthing.parties.attending import service as attending
from farthing.parties.levels import service as levels
from farthing.parties.showing import service as showing
from farthing.parties.vouching import granting_service as granting
from farthing.parties.vouching import keys_service as token_keys
from farthing.parties.vouching import service as vouching
from farthing.payments.disputes import opening_service as opening
from farthing.payments.life import looking_service as looking
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants import terms_service as terms
from farthing.payments.nostro import breaks_service as rails
from farthing.payments.nostro import service as nostro
from farthing.payments.orders import service as orders
from farthing.payments.packets import gateway_service as gateway
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import left_service as left
from farthing.savings.fund import assets_service as assets
from farthing.savings.passbooks import service as passbooks
from farthing.sharing import reading_service as shared_reading
from farthing.sharing import sandbox_service as shared_sandbox
from farthing.sharing import tokens_service as shared_tokens
from farthing.sharing.pulling import service as pulling
from farthing.signing import root_service as roots
from farthing.signing.agreements import service as agreements
from farthing.signing.custody import service as custody
from farthing.signing.powers import service as powers
from farthing.voice.cases import handling_service as case_handling
from farthing.voice.cases import recording_service as case_recording
from farthing.voice.cases import redress_service as case_redress
from farthing.voice.cases import service as cases

__all__ = [
    "acting",
    "acts",
    "agreement_packages",
    "agreements",
    "assets",
    "attending",
    "backing",
    "breaks",
    "by_hand",
    "case_handling",
    "case_recording",
    "case_redress",
    "cases",
    "codes",
    "contesting",
    "custody",
    "events",
    "exports",
    "furnishing",
    "gateway",
    "granting",
    "groups",
    "handing",
    "inquiring",
    "items",
    "joint",
    "left",
    "lenders",
    "levels",
    "links",
    "log_keys",
    "look",
    "looking",
    "members",
    "models",
    "node_law",
    "nostro",
    "notices",
    "office",
    "opening",
    "orders",
    "outside",
    "own_key",
    "papers",
    "passbooks",
    "person_consents",
    "persons",
    "powers",
    "projects",
    "pulling",
    "rails",
    "relief",
    "roots",
    "rulings",
    "sealing",
    "shared_reading",
    "shared_sandbox",
    "shared_tokens",
    "sheets",
    "showing",
    "subjects",
    "take_overs",
    "taking",
    "terms",
    "titles",
    "token_keys",
    "top_ups",
    "vouching",
]  # fmt: skip
"""What marks operations and is not imported by opening a bank; a test compares with all there are."""


def titles() -> dict[str, Words]:
    """What every operation is called, by its name."""
    return {each.name: each.title for each in OPERATIONS.values()}
