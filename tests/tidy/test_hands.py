"""Whose hands an operation of the staff takes: one person's or two persons', and why. A new one must say so here.

Two persons: what changes what many customers get, who may act for the bank, or money by hand; and what cannot be undone.
One: what is asked of the bank by a customer who is there, what only reads, what stops something, and what the day does.
"""

from __future__ import annotations

from farthing.identity.roles import ROLES
from farthing.kernel.operation import OPERATIONS, Operation
from tests.tidy.tree import modules, nothing

TWO, BY_CASE, LIMITED, ONE = "two", "two by case", "two beyond a limit", "one"

GIVES_UP = "gives up money or risk of the bank"
FOR_HER = "done for one customer, who is there"
DAY = "a step of the day's close: rules and dates decide, nothing is chosen"
STOPS = "only stops something; who must be stopped at once waits for nobody"
READS = "reads, and writes nothing but that it was read"
CLEARS = "a published rule decides over what customers asked for; nothing is chosen but the moment"
ONES_OWN = "of one's own session"

HANDS: dict[str, tuple[str, str]] = {
    "approvals.decide": (ONE, "is itself the second person"),
    "assurance.allow_export": (TWO, "hands out what is personal of every customer"),
    "assurance.seal_export": (ONE, "enters in the log what two persons allowed"),
    "assurance.take_over": (TWO, "takes over claims and customers' money of another bank"),
    "assurance.present_manifest": (ONE, "brings what two persons named by its digest; nothing is chosen"),
    "assurance.bring_part": (ONE, "brings what two persons agreed to take over; nothing is chosen"),
    "assurance.finish_take_over": (ONE, "compares and ends what two persons began"),
    "assurance.daily_checkpoint": (ONE, DAY),
    "assurance.package_loan": (ONE, READS),
    "assurance.publish_log": (ONE, "publishes proofs of the log, which name nobody and change nothing"),
    "credit.answer_dispute": (ONE, "sets right one datum of one customer, who disputed it and reads the answer"),
    "credit.answer_review": (ONE, "says what was found, in words to one customer; it changes no decision"),
    "credit.replay_decision": (ONE, READS),
    "credit.request_decision": (ONE, "the scorecard decides; nobody's word does"),
    "funding.pay_cover": (TWO, "draws money of a guarantor, or sets ours aside"),
    "funding.return_cover": (TWO, "gives a guarantor money back"),
    "funding.claim_cover": (ONE, DAY),
    "funding.set_programme": (TWO, "says who lends a part of which loans"),
    "funding.end_programme": (TWO, "takes a partner out of the loans to come"),
    "funding.bind_login": (TWO, "opens what is of a partner to a login"),
    "funding.distribute": (ONE, "shares out what moved by the shares of the contract; nobody chooses"),
    "funding.distribute_day": (ONE, DAY),
    "funding.lapse": (ONE, DAY),
    "funding.register_partner": (TWO, "names the account that partners are paid on"),
    "funding.reconcile": (ONE, "compares a partner's file with the books, which stay as they are"),
    "funding.settle_partners": (ONE, DAY),
    "funding.work_off": (BY_CASE, "says why a difference is none; two persons where the books are put right by it"),
    "funding.take_contract": (ONE, READS),
    "market.end_listings": (ONE, DAY),
    "market.protect": (ONE, DAY),
    "market.open_batch": (ONE, CLEARS),
    "market.fill": (ONE, CLEARS),
    "market.finish_batch": (ONE, CLEARS),
    "market.place_listings": (ONE, CLEARS),
    "market.resell": (ONE, DAY),
    "identity.create_api_key": (BY_CASE, "a program acts for the bank; a customer's own key the customer makes"),
    "identity.create_login": (TWO, "lets somebody act for the bank"),
    "identity.disable_login": (
        BY_CASE,
        "only stops somebody; but an officer is stopped by two, or one could be the last",
    ),
    "identity.end_session": (ONE, ONES_OWN),
    "identity.keep_look": (ONE, "how one's own pages look"),
    "identity.log_out": (ONE, ONES_OWN),
    "identity.renew": (ONE, ONES_OWN),
    "identity.reset_password": (TWO, "whoever is told the password acts under another's name"),
    "identity.revoke_api_key": (ONE, STOPS),
    "events.redeliver": (ONE, "tells once more what two persons agreed to have told"),
    "events.rotate_secret": (TWO, "whoever is told the secret can speak in the bank's name"),
    "events.send_test": (ONE, "says nothing, to an address that two persons agreed to"),
    "events.resume_webhook": (ONE, "goes on with what two persons agreed to and a fault interrupted"),
    "events.stop_webhook": (ONE, STOPS),
    "events.subscribe": (TWO, "hands out what happens in the bank to a program outside"),
    "jobs.retry": (ONE, "runs once more what the bank has planned itself; nothing is chosen"),
    "kernel.advance_day": (ONE, DAY),
    "kernel.forget_keys": (ONE, DAY),
    "ledger.expire_holds": (ONE, DAY),
    "ledger.post": (ONE, "a core's machine, below accounts of its own; no person holds it"),
    "ledger.post_by_hand": (BY_CASE, "money by hand; the bank's own program posts its capital"),
    "ledger.reverse": (TWO, "money by hand"),
    "lending.apply": (ONE, FOR_HER),
    "lending.top_up": (ONE, FOR_HER),
    "lending.ask_guarantor": (ONE, FOR_HER),
    "lending.ask_member": (ONE, "asks; who is asked answers by an own act"),
    "lending.call_pledge": (TWO, "breaks a customer's deposit"),
    "lending.release_collateral": (TWO, "gives up what secures the bank's claim"),
    "lending.class_loan": (BY_CASE, "worse by one; better than the rule by two, and never than the law"),
    "lending.charge": (TWO, "no figure bounds what a borrower is charged"),
    "lending.charge_off": (TWO, GIVES_UP),
    "lending.choose_surplus": (ONE, FOR_HER),
    "lending.goodwill": (TWO, GIVES_UP),
    "lending.lower_rate": (TWO, GIVES_UP),
    "lending.pause_interest": (TWO, GIVES_UP),
    "lending.recover": (ONE, FOR_HER),
    "lending.take_recovery": (TWO, "debits a borrower who is not there"),
    "lending.refund_credit": (TWO, "money goes out"),
    "lending.repay_as_of": (TWO, "changes what was; of an earlier day"),
    "lending.reschedule": (TWO, GIVES_UP),
    "lending.reverse_event": (TWO, "changes what was"),
    "lending.waive": (TWO, GIVES_UP),
    "lending.write_off": (TWO, GIVES_UP),
    "lending.collect_sheet": (ONE, "money comes in, and repays what its bringers owe; the drawer is counted"),
    "lending.decline_guarantee": (ONE, FOR_HER),
    "lending.ask_hardship": (ONE, FOR_HER),
    "lending.decide_hardship": (
        ONE,
        "names a plan and keeps collectors away; what it does to the loan is an act of its own",
    ),
    "lending.carry_out_relief": (TWO, GIVES_UP),
    "lending.log_contact": (ONE, "writes down what was said; the law refuses what may not be"),
    "lending.remind": (ONE, DAY),
    "products.set_reference_rate": (TWO, "what borrowers pay rests on it"),
    "lending.set_internal_rates": (TWO, "what every product seems to earn rests on it"),
    "lending.reset_rates": (ONE, DAY),
    "lending.draw": (ONE, FOR_HER),
    "lending.give_back": (ONE, FOR_HER),
    "lending.lapse_undrawn": (ONE, DAY),
    "lending.fall_due": (ONE, DAY),
    "lending.form_group": (ONE, "names a group; nobody belongs to it before joining"),
    "lending.give_guarantee": (ONE, FOR_HER),
    "lending.join_loan_group": (ONE, FOR_HER),
    "lending.leave_loan_group": (ONE, FOR_HER),
    "lending.move_meeting": (ONE, "when and where people meet; moves nothing else"),
    "lending.pledge_deposit": (ONE, FOR_HER),
    "lending.provide_month": (ONE, DAY),
    "lending.register_collateral": (ONE, "writes down what a valuer said; moves nothing and decides nothing"),
    "lending.repay": (ONE, "moves a customer's money to what the customer owes; nothing leaves"),
    "lending.set_holders": (TWO, "names who is paid what a loan brings"),
    "lending.settle": (ONE, "moves a customer's money to what the customer owes; nothing leaves"),
    "lending.snapshot_month": (ONE, DAY),
    "lending.suspend_month": (ONE, DAY),
    "lending.defer_month": (ONE, DAY),
    "lending.ladder_month": (ONE, DAY),
    "lending.value_collateral": (ONE, "writes down what a valuer said; what was said before stays"),
    "agents.open": (TWO, "says what a shop earns of the bank"),
    "agents.change_contract": (TWO, "changes what a shop earns of the bank"),
    "agents.end": (ONE, STOPS),
    "agents.float_for_cash": (ONE, "money comes in"),
    "agents.cash_for_float": (LIMITED, "money leaves by a teller's act"),
    "agents.drop_queued": (ONE, "says in words that nothing is booked; moves nothing"),
    "merchants.open": (ONE, "writes down what was agreed with one customer; moves nothing"),
    "merchants.change_contract": (TWO, "changes what a merchant pays the bank"),
    "merchants.end": (ONE, STOPS),
    "merchants.stop_code": (ONE, STOPS),
    "merchants.settle": (ONE, DAY),
    "packets.end_due": (ONE, DAY),
    "requests.end_due": (ONE, DAY),
    "debits.draw_due": (ONE, DAY),
    "standing.run_due": (ONE, DAY),
    "packets.grab_many": (ONE, "a gateway's machine; a part goes to whoever asked for it, by a split drawn before"),
    "parties.ask_presence": (ONE, "sends a code to the customer's phone; the customer answers"),
    "parties.attend_by_code": (ONE, "the customer's phone is the second"),
    "parties.attend_by_document": (ONE, "counts only when somebody else has seen her too"),
    "parties.change_phone_at_counter": (LIMITED, "always two: whoever is on file decides who comes in"),
    "parties.close_incident": (ONE, "closes a note; undoes nothing"),
    "parties.disown": (ONE, STOPS),
    "parties.erase": (TWO, "cannot be undone"),
    "parties.find_by_code": (ONE, "finds who asks for help, which a search does too; she is not there by it"),
    "parties.leave": (ONE, STOPS),
    "parties.phones_fall_due": (ONE, DAY),
    "parties.register": (ONE, "makes somebody known; gives no login and moves nothing"),
    "parties.register_organisation": (ONE, "makes somebody known; gives no login and moves nothing"),
    "parties.verify_identity": (ONE, "asks a register, whose answer counts"),
    "parties.witness_presence": (ONE, "is itself the second person"),
    "payments.book_difference": (TWO, "says that cash is gone, or was too much"),
    "payments.cash_in": (ONE, "money comes in"),
    "payments.cash_out": (LIMITED, "money leaves by a teller's act"),
    "payments.close_drawer": (ONE, "counts, and is refused where the count is not what the books say"),
    "payments.close_left_drawer": (TWO, "says what is in another's drawer, and that cash is gone"),
    "payments.count_drawer": (ONE, "counts; moves nothing"),
    "payments.hand_from_vault": (ONE, "moves nothing until somebody else has counted it and takes it"),
    "payments.hand_over": (ONE, "moves nothing until somebody else has counted it and takes it"),
    "payments.open_drawer": (ONE, "counts, under the name of who answers for it"),
    "payments.open_wallet": (ONE, FOR_HER),
    "payments.pay_out": (LIMITED, "money leaves by a teller's act"),
    "payments.set_up_till": (ONE, "a place for cash; holds none by it"),
    "payments.apply_suspense": (TWO, "gives somebody money of which nobody knew whose it is"),
    "payments.send_back_suspense": (TWO, "sends money out"),
    "payments.bring_statement": (
        ONE,
        "compares a rail's statement with the books; what moves is what the rail has booked",
    ),
    "payments.ask_report": (ONE, "asks a rail what moved today"),
    "payments.work_off": (BY_CASE, "says why a difference is none; two persons where the books are put right by it"),
    "payments.cut_rails": (ONE, DAY),
    "payments.recall": (ONE, "asks for money back; moves nothing"),
    "payments.take_back": (ONE, STOPS),
    "payments.take_over": (ONE, "is itself the second person"),
    "payments.take_to_vault": (ONE, "is itself the second person"),
    "payments.top_up": (ONE, "money comes in"),
    "products.publish": (TWO, "changes what many borrowers get, or the policy"),
    "products.lapse_drafts": (ONE, DAY),
    "savings.accrue": (ONE, DAY),
    "savings.cancel_notice": (ONE, FOR_HER),
    "savings.close": (LIMITED, "money is set free, or counted out, by a teller's act"),
    "savings.decide_groups": (ONE, DAY),
    "savings.declare_holidays": (TWO, "changes the value dates of every deposit and the fund's trading days"),
    "savings.end_sweep": (ONE, STOPS),
    "savings.fall_due": (ONE, DAY),
    "savings.fund_cancel": (ONE, "takes an order of the same day back"),
    "savings.fund_declare_asset": (TWO, "spends the fund's money"),
    "savings.fund_found": (TWO, "changes what many savers get"),
    "savings.fund_income": (ONE, DAY),
    "savings.fund_orders": (ONE, DAY),
    "savings.fund_pay_fee": (TWO, "pays the bank from the fund"),
    "savings.fund_redeem": (LIMITED, "money is set free by a teller's act"),
    "savings.fund_redeem_now": (LIMITED, "money is set free by a teller's act"),
    "savings.fund_retire_asset": (TWO, "says what an asset of the fund brought"),
    "savings.fund_subscribe": (ONE, FOR_HER),
    "savings.join_group": (ONE, FOR_HER),
    "savings.leave_group": (ONE, FOR_HER),
    "savings.notify": (ONE, FOR_HER),
    "savings.open": (ONE, FOR_HER),
    "savings.pay_in": (ONE, FOR_HER),
    "savings.publish": (TWO, "changes what many savers get, or the policy"),
    "savings.publish_rates": (TWO, "changes what many savers get"),
    "savings.renew": (ONE, FOR_HER),
    "savings.set_sweep": (ONE, "moves between a customer's own places"),
    "savings.settle_quarter": (ONE, DAY),
    "savings.start_group": (TWO, "offers many savers a rate"),
    "savings.sweep_all": (ONE, DAY),
    "savings.withdraw": (LIMITED, "money is set free, or counted out, by a teller's act"),
}
"""Every operation that some role of the staff (or of a program) may run: how many hands, and why."""


def hands_of(operation: Operation) -> str:
    """How many hands its declaration asks for."""
    if operation.two_for_another is not None:
        return LIMITED
    if callable(operation.four_eyes):
        return BY_CASE
    return TWO if operation.four_eyes else ONE


def test_every_operation_of_the_staff_says_whose_hands_it_takes() -> None:
    list(modules())
    held = frozenset().union(*(held for role, held in ROLES.items() if role not in ("customer", "system")))
    ours = {name: one for name, one in OPERATIONS.items() if one.function.__module__.startswith("farthing.")}
    asked = {name: hands_of(one) for name, one in ours.items() if one.permission in held}
    said = {name: how for name, (how, _) in HANDS.items()}
    nothing([f"{name} is in no row: one person, or two, and why?" for name in sorted(asked.keys() - said.keys())])
    nothing([f"{name} is no operation of the staff" for name in sorted(said.keys() - asked.keys())])
    nothing([f"{name} takes {how}; the table says {said[name]}" for name, how in asked.items() if said[name] != how])
    assert all(why for _, why in HANDS.values())
