"""Every route, page, operation and question, asked by everybody about one customer's things: allowed or refused.

What customers and strangers reach stands here in full, whatever a declaration says; what staff reach follows from the
declarations and the roles. A route or page that is in no table fails, so nothing is served that nobody thought of.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import httpx
import pytest

from farthing.bank.founding import agreed
from farthing.bank.staff import key_of
from farthing.crowdfunding import store as crowd
from farthing.db.tx import Tx
from farthing.events import service as events
from farthing.events.model import MakeWebhook
from farthing.funding.market import listings_store
from farthing.funding.market.listings_model import Fill
from farthing.funding.resale import store as resale_store
from farthing.funding.resale.model import Sale
from farthing.identity.model import CreateApiKey
from farthing.identity.rules import ANONYMOUS, actor_of_key
from farthing.kernel import attendance
from farthing.kernel.acting import store as powers_store
from farthing.kernel.operation import OPERATIONS, Operation, operation_of
from farthing.kernel.question import QUESTIONS, Question
from farthing.kernel.whose import stand
from farthing.kit.actor import Actor
from farthing.kit.errors import Forbidden
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import Bind
from farthing.payments.model import MoveByRail
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import Collect
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import Subscribe
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import JoinGroup, SetSweep
from farthing.server import application
from farthing.voice.cases import service as voice
from farthing.voice.cases.model import Speak
from farthing.web.app import ROUTERS
from tests.api.pages import FORMS, PAGES
from tests.asking import asking
from tests.banks import Shelf
from tests.crowdfunding.test_rules import gift, project
from tests.funding.market.lenders import mandated
from tests.funding.market.test_listing_rules import LISTING
from tests.kernel.acting.test_rules import POWER
from tests.lending.house import CARD, House, yuan

REFUSALS = {
    "kernel.forbidden",
    "kernel.not_yours",
    "lending.not_yours",
    "kernel.customer_not_there",
    "identity.not_signed_in",
}

STRANGERS = {
    "assurance.log_checkpoint",
    "assurance.log_consistency",
    "assurance.log_inclusion",
    "assurance.log_key",
    "assurance.liability_days",
    "crowdfunding.project",
    "crowdfunding.projects",
    "credit.features",
    "home.categories",
    "identity.ask_sign_in",
    "identity.stop_by_word",
    "identity.ask_outside",
    "lending.compare",
    "market.batch",
    "market.batch_file",
    "market.batches",
    "market.curve",
    "market.fairness",
    "market.listing",
    "market.information",
    "market.listings",
    "packets.paper",
    "payments.rail_sends",
    "market.outcomes",
    "market.protection",
    "market.resale_prices",
    "market.sale_queue",
    "market.test",
    "parties.ask_code",
    "parties.asking",
    "sharing.asks",
    "parties.token_keys",
    "parties.enrol",
    "parties.institution_name",
    "parties.institution_phone",
    "products.called",
    "products.loans_in_force",
    "savings.comparison",
    "savings.expected",
    "savings.fund_figures",
    "savings.funds",
    "savings.gives",
    "savings.group",
    "savings.groups",
    "savings.holidays",
    "savings.not_allowed",
    "savings.offer",
    "savings.on_offer",
    "savings.rates",
    "savings.terms",
    "signing.forms",
    "signing.ocsp",
    "voice.classes",
    "products.reference_rates",
}
"""All that somebody who is not signed in may run or ask."""
ONES_OWN = {
    "exchange.add_own_key",
    "exchange.bring_more",
    "exchange.change_consent",
    "exchange.dispute_item",
    "exchange.end_own_key",
    "exchange.member_names",
    "exchange.own_allowance",
    "exchange.own_consents",
    "exchange.own_introductions",
    "exchange.own_disputes",
    "exchange.own_inquiries",
    "exchange.own_keys",
    "exchange.own_report",
    "exchange.own_statements",
    "exchange.say_beside",
    "exchange.take_own_report",
    "assurance.contest_agreement",
    "assurance.contest_loan",
    "assurance.withdraw_contest",
    "assurance.package_agreement",
    "assurance.package_loan",
    "assurance.take_proof",
    "crowdfunding.ask_release",
    "crowdfunding.give",
    "crowdfunding.own_gifts",
    "crowdfunding.own_projects",
    "crowdfunding.propose",
    "crowdfunding.take_back",
    "crowdfunding.tell",
    "crowdfunding.vote",
    "credit.ask_review",
    "credit.dispute_datum",
    "credit.give_consent",
    "credit.import_bill",
    "credit.request_decision",
    "credit.revoke_consent",
    "funding.ask",
    "lending.complete",
    "lending.draw_contract",
    "funding.withdraw",
    "funding.taken",
    "identity.sessions_of",
    "lending.accept_offer",
    "lending.apply",
    "lending.top_up",
    "lending.ask_guarantor",
    "lending.ask_hardship",
    "lending.decline_guarantee",
    "lending.give_guarantee",
    "lending.join_loan_group",
    "lending.leave_loan_group",
    "lending.pledge_deposit",
    "lending.cancel",
    "lending.repay",
    "lending.ask_certificate",
    "lending.choose_surplus",
    "lending.draw",
    "lending.give_back",
    "lending.give_signature",
    "lending.recover",
    "lending.settle",
    "lending.sign_contract",
    "market.acknowledge_warning",
    "market.bid",
    "market.change_mandate",
    "market.fills",
    "market.lender",
    "market.listing_of_loan",
    "market.losses",
    "market.make_mandate",
    "market.mandate",
    "market.mandates",
    "market.notes",
    "market.portfolio",
    "market.receipt",
    "market.receipts",
    "market.resales",
    "market.room",
    "market.sales",
    "market.sell",
    "market.simulate_loss",
    "market.stop_mandate",
    "market.stop_sale",
    "market.take_back",
    "market.take_test",
    "market.valuation",
    "market.year",
    "agents.acts",
    "agents.ask_cash",
    "agents.buy_float",
    "agents.cash_code",
    "agents.cash_in",
    "agents.cash_out",
    "agents.count",
    "agents.counts",
    "agents.desk",
    "agents.devices",
    "agents.drop_cash",
    "agents.mine",
    "agents.queue",
    "agents.register_device",
    "agents.retry",
    "agents.revoke_device",
    "agents.sell_float",
    "agents.sync",
    "merchants.add_till",
    "merchants.asks",
    "merchants.cashiers",
    "merchants.charge",
    "merchants.make_code",
    "merchants.mine",
    "merchants.month",
    "merchants.paid",
    "merchants.pay",
    "merchants.payment",
    "merchants.receipts",
    "merchants.refund",
    "merchants.refunds",
    "merchants.set_cashier",
    "merchants.settlements",
    "merchants.show_payer_code",
    "merchants.takings",
    "merchants.till",
    "merchants.tills",
    "merchants.withdraw_code",
    "packets.grab",
    "packets.packet",
    "packets.send",
    "packets.sent",
    "packets.taken",
    "home.accounts",
    "home.bring",
    "home.categorise",
    "home.export",
    "home.movement",
    "home.movements",
    "home.spent",
    "home.take_back",
    "bindings.bind",
    "bindings.binding",
    "bindings.list",
    "bindings.pay_out",
    "bindings.prove",
    "bindings.top_up",
    "bindings.unbind",
    "delayed.list",
    "delayed.pay",
    "delayed.payment",
    "delayed.take_back",
    "debits.announce",
    "debits.end",
    "debits.mandate",
    "debits.mandates",
    "debits.propose",
    "debits.refund",
    "debits.set_limits",
    "debits.sign",
    "debits.stop",
    "orders.agree",
    "orders.bring",
    "orders.file",
    "orders.files",
    "orders.report",
    "orders.withdraw",
    "supply.ask_advance",
    "supply.ask_confirmation",
    "supply.complete_transfer",
    "supply.end_transfer",
    "supply.enter",
    "supply.invoice",
    "supply.invoice_file",
    "supply.invoices",
    "supply.invoices_to",
    "supply.offer_transfer",
    "supply.pay",
    "supply.payables",
    "supply.pieces",
    "supply.receivable",
    "supply.register_invoice",
    "supply.release",
    "supply.to_sign",
    "supply.transfers",
    "disputes.against",
    "disputes.answer",
    "disputes.contest",
    "disputes.one",
    "disputes.open",
    "disputes.own",
    "disputes.withdraw",
    "voice.add",
    "voice.agree",
    "voice.appeal",
    "voice.linked_of",
    "voice.one",
    "voice.own",
    "voice.rate",
    "voice.reopen",
    "voice.speak",
    "voice.withdraw",
    "reported.frozen",
    "reported.frozen_one",
    "reported.object",
    "reported.own",
    "reported.own_list",
    "reported.report",
    "fraud.own",
    "fraud.own_list",
    "fraud.withdraw",
    "standing.list",
    "standing.make",
    "standing.order",
    "standing.stop",
    "requests.ask",
    "requests.bill",
    "requests.bills",
    "requests.block",
    "requests.blocks",
    "requests.decline",
    "requests.list",
    "requests.pay",
    "requests.remind",
    "requests.request",
    "requests.split",
    "requests.unblock",
    "requests.withdraw",
    "parties.acts",
    "parties.ask_phone_change",
    "parties.attendances",
    "parties.change_phone",
    "parties.decide_joint",
    "parties.end_power",
    "parties.joint_acts",
    "parties.powers_given",
    "parties.powers_held",
    "parties.disown",
    "parties.show_code",
    "parties.verify_identity",
    "payments.open_wallet",
    "payments.activity",
    "payments.activity_file",
    "payments.balances",
    "payments.collect",
    "payments.collect_codes",
    "payments.find_payee",
    "payments.pay",
    "payments.pay_out",
    "payments.payee",
    "payments.receipt",
    "payments.recall",
    "payments.rail_life",
    "payments.under_way",
    "payments.recent_payees",
    "payments.statement",
    "payments.top_up",
    "payments.transfer",
    "payments.withdraw_collect",
    "savings.cancel_notice",
    "savings.close",
    "savings.end_sweep",
    "savings.fund_cancel",
    "savings.fund_redeem",
    "savings.fund_redeem_now",
    "savings.fund_subscribe",
    "savings.join_group",
    "savings.leave_group",
    "savings.notify",
    "savings.open",
    "savings.pay_in",
    "savings.renew",
    "savings.set_sweep",
    "savings.withdraw",
    "credit.bill_report",
    "credit.bills",
    "credit.consents",
    "credit.decision",
    "credit.decision_inputs",
    "credit.decision_points",
    "credit.decisions",
    "credit.disputes",
    "credit.inquiries",
    "credit.price",
    "credit.reviews",
    "credit.reviews_of",
    "credit.ways",
    "lending.contract",
    "lending.backing",
    "lending.contacts",
    "lending.hardships",
    "lending.guaranteed",
    "lending.loan_to_value",
    "lending.own_loan_group",
    "lending.contract_pdf",
    "lending.contract_text",
    "lending.loan",
    "lending.loans",
    "lending.offer",
    "lending.offers",
    "lending.owed",
    "lending.repayments",
    "lending.story",
    "lending.ahead",
    "lending.top_up_quote",
    "lending.rate",
    "lending.recoverable",
    "assurance.counted",
    "parties.erasure_outlook",
    "parties.level",
    "parties.party",
    "parties.verifications",
    "payments.history",
    "payments.rail_payment",
    "payments.wallet",
    "payments.wallets",
    "savings.comparison_for",
    "savings.course",
    "savings.cover",
    "savings.deposit",
    "savings.passbook",
    "savings.deposit_statement",
    "savings.deposits",
    "savings.earned",
    "savings.fund_holding",
    "savings.fund_holdings",
    "savings.fund_order",
    "savings.fund_own_income",
    "savings.fund_statement",
    "savings.interest",
    "savings.pledge_advice",
    "savings.printed",
    "savings.sweeps",
    "savings.worth",
    "signing.own_agreement",
    "signing.own_agreement_pdf",
    "signing.agreements",
    "signing.own_contests",
    "signing.ask_certificate",
    "signing.give_signature",
    "signing.prepared_document",
    "signing.sign_agreement",
    "signing.grant_power",
    "signing.step_back",
}
"""All that a customer may run or ask about its own things, and of nobody else's."""
ONESELF = {
    "approvals.about",
    "approvals.own",
    "identity.end_session",
    "identity.log_out",
    "identity.renew",
    "identity.own_sessions",
    "identity.keep_look",
    "identity.own_look",
    "identity.own_login",
    "identity.own_passkeys",
    "identity.begin_codes",
    "identity.keep_codes",
    "identity.end_codes",
    "identity.own_codes",
    "identity.own_keys",
    "identity.own_recoveries",
    "identity.stop_recovery",
    "identity.allow_password",
    "identity.ask_passkey",
    "identity.remove_passkey",
    "identity.drop_password",
    "identity.ask_confirmation",
    "identity.ask_link",
    "identity.link_outside",
    "identity.own_outside",
    "identity.unlink_outside",
    "parties.agree_to_tell",
    "parties.own_tellings",
    "parties.stop_telling",
    "sharing.agree",
    "sharing.choices",
    "sharing.own",
    "sharing.receipt",
    "sharing.refuse",
    "sharing.stop",
    "sharing.ask_pull",
    "sharing.choosable",
    "sharing.come_back",
    "sharing.own_pulls",
    "sharing.stop_pull",
}
AT_THE_DOOR = {
    "parties.ask_code",
    "parties.enrol",
    "identity.ask_sign_in",
    "identity.ask_outside",
    "identity.stop_by_word",
}
CUSTOMERS = (STRANGERS - AT_THE_DOOR) | ONESELF | {"payments.asked"}

BY_HAND = {
    ("post", "/v1/attendances"): "parties.attend_by_code",
    ("post", "/v1/attendances/codes"): "parties.ask_presence",
    ("post", "/v1/codes"): None,
    ("post", "/v1/phones"): "parties.change_phone",
    ("post", "/v1/phones/codes"): "parties.ask_phone_change",
    ("post", "/v1/days"): "savings.coming",
    ("post", "/v1/fundings"): "funding.ask",
    ("post", "/v1/passwords"): "identity.own_sessions",
    ("post", "/v1/packet-grabs/gathered"): "packets.grab_many",
    ("post", "/v1/payees"): "payments.find_payee",
    ("post", "/v1/registrations"): None,
    ("get", "/v1/savings/comparison"): "savings.comparison_for",
    ("get", "/v1/savings/deposits/{deposit_id}/pledge-advice"): "savings.pledge_advice",
    ("get", "/v1/savings/products/{product}/expected-interest"): "savings.expected",
    ("get", "/v1/savings/products/{product}/gains"): "savings.gives",
    ("post", "/v1/login-codes/first"): "identity.keep_codes",
    ("post", "/v1/recoveries/words"): None,
    ("post", "/v1/sessions"): None,
    ("post", "/v1/sessions/by-passkey"): None,
    ("post", "/v1/sessions/challenges"): None,
    ("post", "/v1/passkeys"): "identity.own_passkeys",
    ("post", "/v1/challenges"): "identity.ask_confirmation",
    ("post", "/v1/shown-codes/uses"): "parties.find_by_code",
    ("delete", "/v1/sessions/current"): None,
}
"""Routes that are not made from a declaration, and what they run or ask; none for the ways in, which are anybody's."""

ASKED = """
    INSERT INTO loan_guarantee (id, loan_id, party_id, currency, most_minor, state, asked_on)
    VALUES ('guar_00000000000000000000000000', %(loan_id)s, %(party_id)s, 'CNY', 100, 'asked', '2026-11-28')
"""
Declared = Operation | Question


@dataclass
class Visitor:
    """Somebody who asks: a customer about its own things, another customer, a role, or nobody."""

    name: str
    actor: Actor
    token: str | None
    there: bool = False


@dataclass
class Town:
    """A bank, one customer's things by the fields that name them, and everybody who asks for them."""

    house: House
    ids: dict[str, Any]
    visitors: list[Visitor]


@pytest.fixture(scope="module")
def town(shelf: Shelf) -> Iterator[Town]:
    """One town for all who ask: whatever would change something is tried and not done, but for batches."""
    with shelf.database() as url:
        yield from _town(House(url))


def _town(house: House) -> Iterator[Town]:
    run, party = house.bank.run, house.party.id
    moved = run(payments.top_up, MoveByRail(party, yuan("900.00"), CARD)).id
    loan = house.active("5000")
    deposit = run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("100.00"))).deposit.id
    order = run(pool.subscribe, Subscribe("savings-baby", party, yuan("10.00"))).id
    sweep = run(odds.set_sweep, SetSweep(party, "above", yuan("100.00"), deposit)).id
    terms = {
        "name": {"en": "Village", "zh": "村里"}, "product": "savings-lump-sum", "term": "1y", "board": "retail",
        "minimum_book": {"minor": 10_000_00, "currency": "CNY"}, "until_on": "2026-12-31",
    }  # fmt: skip
    group = agreed(house.bank.kernel, odds.start_group, operation_of(odds.start_group).decode(terms))["id"]
    waits = run(odds.start_group, operation_of(odds.start_group).decode(terms))
    pledge = run(odds.join_group, JoinGroup(group, party, yuan("60.00"))).id
    with house.bank.superuser() as connection:
        (consent,) = connection.execute("SELECT id FROM credit_consent").fetchone() or ("",)
        connection.execute(ASKED, {"loan_id": loan.id, "party_id": party})
        (bill,) = connection.execute("SELECT id FROM credit_import_report").fetchone() or ("",)
    ids = {
        "party_id": party, "payer": party, "subject_id": party, "loan_id": loan.id, "offer_id": loan.offer_id,
        "deposit_id": deposit,
        "decision_id": house.bank.read(lambda tx: tx.one("SELECT id FROM credit_decision"))["id"], "order_id": order,
        "sweep_id": sweep, "payment_id": moved, "consent_id": consent, "import_id": bill, "pledge_id": pledge,
        "fund_id": "savings-baby", "guarantee_id": "guar_" + "0" * 26,
        "group_id": group, "kinds": ["payment_history"], "content_base64": "eA==",
        "postings": [posting("a", 100), posting("b", -100)],
        "code_id": run(payees.collect, Collect(party)).id, "payee_id": "payee_nobody", "payee": "collect_nobody",
        "month": "2026-06", "on": "2026-06-10", "slot": "payment-history", "scorecard": "payment-history",
        "rule": "capital", "scenario": "bad-year",
        "agreement_id": "contract_none",
        "contest_id": "contest_none",
        "prepared_id": "signing_none",
        "request_base64": "eA==",
        "form": "power-of-attorney",
        "path": "assets:cash:sandbox", "reference": "none", "entry_id": "none", "approval_id": waits.approval_id,
        "version": "0" * 64,
        "attendance_id": house.bank.kernel.tidy(lambda tx: attendance.record(tx, party, "code")).id,
    }  # fmt: skip
    ids["mandate_id"] = mandated(house.bank, house.party)
    ids["binding_id"] = house.bank.run(bindings.bind, Bind(party, "6222029876543210123", "card")).id
    ids |= {
        "listing_id": LISTING.id,
        "fill_id": "fill_one",
        "batch_id": "batch_none",
        "report_id": "report_none",
        "dispute_id": "dispute_none",
        "case_id": house.bank.run(voice.speak, Speak(party, "praise", "kind people")).id,
        "text_id": "text_none",
        "topic_id": "topic-zh-001",
        "changed_on": "2026-06-01",
        "quarter": "2026-Q2",
        "since": "2026-06-01",
        "until": "2026-07-01",
        "partner": "harvest",
        "rail": "sandbox",
        "suspense_id": "sandbox:none",
        "sale_id": "sale_one",
        "packet_id": "packet_none",
        "merchant_id": "merchant_none",
        "agent_id": "agent_none",
        "customer": "payee_none",
        "till_id": "paytill_none",
        "cashier": party,
        "owner": party,
        "sender": party,
        "claimer": party,
        "grabs": [],
        "asker": party,
        "creditor": party,
        "maker": party,
        "request_id": "ask_none",
        "file_id": "orderfile_none",
        "split_id": "split_none",
        "joint_id": "joint_one",
        "power_id": "power_none",
        "principal": party,
    }
    house.bank.kernel.tidy(lambda tx: gave(tx, party, loan.id))
    house.bank.kernel.tidy(
        lambda tx: powers_store.insert_joint(tx, replace(POWER, principal=party), "joint_one", "payments.pay", {})
    )
    ids |= {"invoice_id": "invoice_none", "receivable_id": "receivable_none", "transfer_id": "transfer_none"}
    ids |= {"project_id": "project_1", "gift_id": "gift_1"}
    house.bank.kernel.tidy(lambda tx: crowd.insert(tx, project(id="project_1", owner=party, title="mill")))
    house.bank.kernel.tidy(lambda tx: crowd.insert_gift(tx, replace(gift(1, 100), id="gift_1", party_id=party)))
    told = MakeWebhook("books", "https://books.example.org/")
    ids["webhook_id"] = house.bank.kernel.tidy(lambda tx: events.subscribe(tx, told)).id
    yield Town(house, ids, list(everybody(house)))
    house.bank.kernel.database.close()


def gave(tx: Tx, party: str, loan_id: str) -> None:
    """Keep that a customer gave a part of a listing that failed, and once wanted to sell it."""
    listing = replace(LISTING, loan_id=loan_id)
    listings_store.insert(tx, listing)
    listings_store.insert_fills(tx, [Fill(listing.id, "fill_one", party, listing.note, tx.business_date, tx.now)])
    listings_store.take(tx, listing.id, listing.note.minor, listing.note.minor)
    listings_store.set_state(tx, listing.id, "failed", None)
    sale = Sale("sale_one", listing.id, loan_id, party, listing.note, listing.note * 0, tx.now, "open")
    resale_store.insert(tx, sale)
    resale_store.end(tx, sale, "ended", tx.business_date)


def posting(end: str, minor: int) -> dict[str, Any]:
    """One side of an entry, as JSON."""
    return {"account": f"assets:cash:{end}", "amount": {"minor": minor, "currency": "CNY"}}


def everybody(house: House) -> Iterator[Visitor]:
    """Nobody, the customer, another, and each role of the staff, the teller without and with the customer there."""
    yield Visitor("anonymous", ANONYMOUS, None)
    staff = ("teller", "there", "operator", "risk", "auditor", "regulator", "partner", "lender", "security")
    whose = {"own": house.party.id, "other": "party_" + "0" * 26}
    for name in (*whose, *staff):
        role = "customer" if name in whose else "teller" if name == "there" else name
        command = CreateApiKey(name, f"{role}:{name}", role, whose.get(name))
        made = key_of(house.bank.kernel, command)
        actor = actor_of_key(made.actor_id, role, whose.get(name))
        if name == "there":
            house.bank.kernel.tidy(
                lambda tx, actor=actor: attendance.record(
                    dataclasses.replace(tx, actor=actor), house.party.id, "document"
                )
            )
        yield Visitor(name, actor, made.token, there=name == "there")


def allowed(who: Visitor, declared: Declared) -> bool:
    """Whether somebody reaches it for the customer of the town."""
    if who.name == "anonymous":
        return declared.name in STRANGERS
    if who.actor.party_id is not None:
        return declared.name in CUSTOMERS or (who.name == "own" and declared.name in ONES_OWN)
    if not who.actor.may(declared.permission):
        return False
    return declared.whose.kind != "party" or who.there or who.actor.may(f"{declared.permission}_any")


def ours() -> list[Declared]:
    """Every operation and question of the program."""
    every: list[Declared] = [*OPERATIONS.values(), *QUESTIONS.values()]
    return [each for each in every if each.function.__module__.startswith("farthing.")]


def test_every_operation_and_question_by_everybody(town: Town) -> None:
    wrong = []
    for declared in ours():
        asked = types.SimpleNamespace(**town.ids)
        known = declared.whose.kind != "party" or declared.whose.field in town.ids
        if not known:
            wrong.append(f"{declared.name}: this test knows no {declared.whose.field}")
            continue
        for who in town.visitors:
            if reaches(town, who, declared, asked) != allowed(who, declared):
                wrong.append(f"{declared.name} by {who.name}: expected {'yes' if allowed(who, declared) else 'no'}")
    assert not wrong, "\n".join(wrong)


def reaches(town: Town, who: Visitor, declared: Declared, asked: Any) -> bool:
    """Whether the kernel lets somebody in."""
    try:
        town.house.bank.kernel.read(
            lambda tx: stand(tx, who.actor, declared.permission, declared.whose, asked), actor=who.actor
        )
    except Forbidden:
        return False
    return True


MORE = {
    "kind": "statement", "token": "none", "fund": "savings-baby", "step": "withdraw", "number": "1",
    "product": "savings-demand", "act": "charge", "hardship_id": "hardship_" + "0" * 26,
    "flow_id": "flow_" + "0" * 26, "provider": "grand", "cycle": "2026-01.1",
}  # fmt: skip
"""What else stands in the address of a page."""


@pytest.mark.long
def test_every_page_by_everybody(town: Town) -> None:
    app = application(town.house.bank.kernel)
    by_name = {each.name: each for each in ours()}
    routes = [each for router in ROUTERS for each in router.routes]
    shown = {route.path for route in routes if "GET" in route.methods}
    assert shown == set(PAGES), "a page that is in no table, or one that is gone"
    assert {route.path for route in routes if "POST" in route.methods} == FORMS
    wrong = []
    with asking(app) as client:
        for path, name in PAGES.items():
            for who in town.visitors:
                client.cookies.clear()
                if who.token:
                    client.cookies.set("farthing_session", who.token)
                answer = client.get(path.format(**town.ids, **MORE))
                refused = answer.status_code in (401, 403)
                expected = name is None or all(allowed(who, by_name[each]) for each in name.split())
                if answer.status_code == 500 or (name is not None and refused == expected):
                    wrong.append(f"{path} by {who.name}: {answer.status_code}")
                if answer.headers.get("cache-control") != "no-store" or "content-security-policy" not in answer.headers:
                    wrong.append(f"{path} may be kept or framed: {dict(answer.headers)}")
                if name is None and who.name != "own" and town.house.party.name in answer.text:
                    wrong.append(f"{path} tells {who.name} of the customer")
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_every_route_by_everybody(town: Town) -> None:
    app = application(town.house.bank.kernel)
    by_name = {each.name: each for each in ours()}
    wrong, asked = [], 0
    with asking(app, follow_redirects=True) as client:
        for path, methods in app.openapi()["paths"].items():
            for method, told in methods.items():
                name = BY_HAND.get((method, path), "")
                declared = by_name.get(name or told["x-farthing-runs"])
                if name == "" and declared is None:
                    wrong.append(f"{method} {path} is in no table")
                if declared is None:
                    continue
                for who in town.visitors:
                    asked += 1
                    wrong += call(client, town, who, declared, method, path)
    assert not wrong, "\n".join(wrong)
    assert asked > 700


def call(client: httpx.Client, town: Town, who: Visitor, declared: Declared, method: str, path: str) -> list[str]:
    """Call one route as somebody; answers what is wrong about how it answered."""
    headers = {"Authorization": f"Bearer {who.token}"} if who.token else {}
    url = path.format(**town.ids, product="savings-demand", cycle="2026-01.1")
    if method == "get":
        extra = {"needed": "1", "until": "2027-01-01", "annual_rate": "4%"} if "pledge-advice" in path else {}
        if path.endswith("/comparison"):
            extra = {"amount": "1", "days": "9", "party_id": town.ids["party_id"]}
        if path.endswith("/year"):
            extra = {"year": "2027"}
        if path.endswith(("/gains", "/expected-interest")):
            extra = {"amount": "1"}
        if path.endswith("/top-up"):
            extra = {"amount": "8000", "instalments": "6"}
        if path == "/v1/approvals/about":
            extra = {"operation": "ledger.reverse", "reference": "none"}
        if path == "/v1/case-texts":
            extra = {"since": "2026-06-01", "until": "2026-07-01"}
        answer = client.get(url, params=extra, headers=headers)
    else:
        body = minimal(declared.command_type, town.ids) if isinstance(declared, Operation) else {}
        if path.endswith("/batch"):
            body = {"items": [{"key": f"{who.name}", "command": body}]}
        dry = (
            {} if path.endswith("/batch") or ((method, path) in BY_HAND and path != "/v1/days") else {"dry_run": "true"}
        )
        answer = client.post(url, json=body, params=dry, headers={**headers, "Idempotency-Key": f"{who.name}{path}"})
    if path.endswith("/batch") and answer.status_code == 200:
        said = answer.json()["answers"][0]
        code = (said.get("problem") or {}).get("code")
    else:
        code = answer.json().get("code") if "problem" in answer.headers.get("content-type", "") else None
    if answer.status_code == 500:
        return [f"{method} {path} by {who.name}: 500"]
    if method == "get" and answer.status_code == 200 and answer.headers.get("cache-control") != "no-store":
        return [f"{path} may be kept by a cache"]
    if code == "request.malformed" and method != "get":
        return []  # the body could not be made up; the operation itself is asked in the test above
    if (code not in REFUSALS) != allowed(who, declared):
        return [f"{method} {path} by {who.name}: {answer.status_code} {code}"]
    return []


def minimal(kind: Any, ids: dict[str, Any]) -> Any:
    """The smallest JSON that a command may be made of; a field that names a thing names the customer's."""
    hints = get_type_hints(kind)
    return {
        each.name: ids[each.name] if each.name in ids and each.name != "path" else value_of(hints[each.name], ids)
        for each in fields(kind)
        if each.name in ids or (each.default is MISSING and each.default_factory is MISSING)
    }


def value_of(kind: Any, ids: dict[str, Any]) -> Any:
    simple = {str: "x", int: 1, bool: False, Decimal: "1", date: "2027-01-01", datetime: "2027-01-01T00:00:00Z"}
    origin = get_origin(kind)
    if kind is Money:
        return {"minor": 100, "currency": "CNY"}
    if kind in simple:
        return simple[kind]
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (Union, types.UnionType):
        return None if type(None) in get_args(kind) else value_of(get_args(kind)[0], ids)
    if dataclasses.is_dataclass(kind):
        return minimal(kind, ids)
    return {} if origin is dict else []


def test_partners_and_security_see_no_customer(town: Town) -> None:
    for who in town.visitors:
        if who.name in ("partner", "lender", "security", "regulator"):
            reached = {each.name for each in ours() if each.whose.kind == "party" and allowed(who, each)}
            assert reached <= {"parties.disown"}, (
                "security disowns for whoever calls, and is told no more of her than that"
            )
