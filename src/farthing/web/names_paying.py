"""Own what pages call the states of payments and of what is agreed: disputes, orders, mandates, bindings, agreements."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.web.speech import N_

PAYING: Mapping[str, Mapping[str, str]] = {
    "dispute_reason": {
        "not_received": N_("It never came"), "not_as_described": N_("It is not what was promised"),
        "charged_twice": N_("It was charged twice"), "wrong_amount": N_("The amount is wrong"),
        "refund_not_given": N_("The refund did not come"), "not_authorised": N_("It was never authorised"),
    },
    "dispute_state": {
        "open": N_("waits for an answer"), "answered": N_("before the bank"), "decided": N_("decided; can be contested"),
        "second": N_("before the bank for the last time"), "ended": N_("over"), "withdrawn": N_("taken back by the payer"),
    },
    "dispute_act": {
        "opened": N_("Disputed"), "answered": N_("Answered"), "accepted": N_("Accepted"), "silent": N_("Nobody answered"),
        "decided": N_("Decided"), "contested": N_("Contested"), "ended": N_("Nobody contested"), "withdrawn": N_("Taken back"),
    },
    "receivable_state": {
        "proposed": N_("waits for signatures"), "live": N_("confirmed"), "settled": N_("paid to the holders"),
        "void": N_("never signed"),
    },
    "piece_state": {
        "held": N_("free"), "passing": N_("being passed on"), "pledged": N_("pledged"), "split": N_("split"),
        "passed": N_("passed on"),
    },
    "project_state": {
        "proposed": N_("Waits for the bank"), "refused": N_("Not opened"), "open": N_("Gathering"),
        "capturing": N_("Reached, being taken"), "second": N_("Reached; second round"),
        "funded": N_("Reached; milestone by milestone"),
        "failing": N_("Not reached, being let go"), "failed": N_("Not reached"),
        "refunding": N_("What is left goes back"), "ended": N_("Ended"),
    },
    "gift_state": {
        "held": N_("Held in your wallet"), "captured": N_("Taken for the project"), "back": N_("Taken back by you"),
        "let_go": N_("Let go: not reached"), "refunded": N_("The rest went back"),
    },
    "milestone_stage": {
        "planned": N_("Planned"), "asked": N_("Backers vote"), "approved": N_("Agreed; waits to be paid"),
        "released": N_("Paid"), "refused": N_("Refused by backers"),
    },
    "supply_act": {
        "confirmed": N_("Confirmed"), "voided": N_("Never signed"), "split": N_("Split"), "offered": N_("Offered to another"),
        "taken_back": N_("Taken back"), "passed": N_("Passed on"), "pledged": N_("Pledged"), "released": N_("Free again"),
        "paid": N_("Paid"),
    },
    "dispute_by": {"payer": N_("the payer"), "side": N_("who was paid"), "bank": N_("the bank")},
    "dispute_outcome": {"payer": N_("for the payer"), "merchant": N_("for who was paid")},
    "frozen_state": {"frozen": N_("frozen"), "returned": N_("given back"), "released": N_("free again")},
    "deceit": {"not_me": N_("Somebody else paid"), "deceived": N_("The payer was deceived")},
    "report_source": {"payer": N_("the payer"), "bank": N_("another bank"), "reversed": N_("a top-up that was taken back")},
    "held_state": {
        "held": N_("being looked at"), "released": N_("let go"), "refused": N_("not let go"), "withdrawn": N_("taken back"),
    },
    "money_every": {
        "week": N_("each week"), "fortnight": N_("each two weeks"), "month": N_("each month"), "quarter": N_("each quarter"),
        "year": N_("each year"),
    },
    "money_doubt": {
        "one_side": N_("told by one statement alone"), "state": N_("how it ended is not known; it is not counted"),
        "refund_alone": N_("a refund whose purchase is not known"),
    },
    "later_state": {"waits": N_("goes later"), "gone": N_("paid"), "taken_back": N_("taken back"), "failed": N_("could not go")},
    "binding_state": {
        "asked": N_("the other bank has not answered yet"), "proving": N_("to be proved"), "bound": N_("bound"),
        "refused": N_("not bound"), "failed": N_("not proved"), "ended": N_("unbound"),
    },
    "binding_why": {
        "unknown": N_("No bank knows this number."), "closed": N_("This account is closed."),
        "expired": N_("This card is out of date."),
        "name": N_("It is held under another name than yours."), "already": N_("It is bound to you already."),
        "taken": N_("It is bound to another customer."),
        "elements": N_("Name, identity number, phone and card do not belong together at its bank."),
        "wrong": N_("Other amounts were told, as often as may be."), "late": N_("The time to prove it is over."),
        "not_sent": N_("Its bank did not take the small amounts."), "owner": N_("You unbound it."),
        "moved": N_("Somebody else proved to hold it."),
    },
    "standing_every": {"once": N_("once"), "week": N_("each week"), "month": N_("each month")},
    "standing_state": {"active": N_("in force"), "stopped": N_("stopped"), "ended": N_("ended")},
    "orders_state": {
        "brought": N_("not agreed to yet"), "agreed": N_("agreed to"), "withdrawn": N_("taken back"),
    },
    "orders_status": {
        "PDNG": N_("waits"), "ACTC": N_("read"), "ACCP": N_("accepted"), "ACSP": N_("on its way"), "ACSC": N_("carried out"),
        "RJCT": N_("refused"), "PART": N_("in part"),
    },
    "contest_claim": {
        "not_mine": N_("I did not sign it"), "other_text": N_("I was shown another text"),
        "not_understood": N_("I did not understand what I signed"), "pressed": N_("I was pressed to sign"),
        "no_power": N_("Whoever signed for me had no power to"), "not_kept": N_("The other side does not keep it"),
    },
    "contest_state": {
        "open": N_("waits for a decision"), "upheld": N_("upheld"), "rejected": N_("the contract stands"),
        "withdrawn": N_("taken back"),
    },
    "agreement_state": {
        "drawing": N_("being drawn up"), "waits": N_("to be signed"), "sealed": N_("signed by all, held up"),
        "in_force": N_("in force"), "lapsed": N_("not signed in time"), "ended": N_("ended"),
    },
    "power_kind": {
        "helper": N_("by power of attorney"), "guardian": N_("as guardian"),
        "representative": N_("as legal representative"), "signatory": N_("as authorised signatory"),
    },
    "power_state": {
        "asked": N_("to be signed"), "later": N_("begins later"), "in_force": N_("in force"), "expired": N_("has run out"),
        "ended": N_("ended"),
    },
    "agreement_field": {
        "text": N_("In words, at most 200 characters"), "money": N_("An amount, with the code of its currency before it"),
        "date": N_("Such as 2026-11-28"), "percent": N_("In percent, such as 1.5"), "whole": N_("A whole number"),
    },
    "standing_became": {"paid": N_("was paid"), "missed": N_("not paid, after all tries")},
    "mandate_state": {
        "proposed": N_("waits for your signature"), "active": N_("in force"), "refused": N_("refused"),
        "ended": N_("no longer in force"),
    },
    "debit_state": {
        "announced": N_("announced"), "drawn": N_("drawn"), "failed": N_("not drawn"), "stopped": N_("stopped"),
        "refunded": N_("given back"),
    },
    "rail_state": {
        "asked": N_("Not answered"), "unknown": N_("Not known"), "accepted": N_("Accepted, on its way"),
        "settled": N_("Completed"), "declined": N_("Declined"), "returned": N_("Came back"), "recalled": N_("Called back"),
    },
    "rail_own": {
        "asked": N_("On its way."), "unknown": N_("We do not know yet whether it arrived; your money is kept."),
        "accepted": N_("On its way to the other bank."),
    },
    "suspense": {"open": N_("waits for somebody"), "applied": N_("a customer's"), "sent_back": N_("sent back")},
    "rail_fact": {
        "unknown": N_("No answer"), "accepted": N_("The rail accepted it"), "settled": N_("It was carried out"),
        "declined": N_("It was declined"), "returned": N_("Money came back"), "recall_asked": N_("We asked for it back"),
        "recall_agreed": N_("The payee's bank agreed"), "recall_refused": N_("The payee's bank refused"),
        "recalled": N_("Money came back as we asked"),
        "reversed": N_("The rail undid its booking"), "looked": N_("Somebody looked at it"),
    },
    "recall_reason": {
        "CUST": N_("The payer asks for it"), "DUPL": N_("It was sent twice"), "FRAD": N_("A fraud"),
        "AM09": N_("A wrong amount"), "AC03": N_("A wrong account"),
    },
    "rail_source": {
        "answer": N_("an answer"), "inquiry": N_("our question"), "notice": N_("told by the rail"),
        "statement": N_("the rail's statement"), "bank": N_("this bank"),
    },
    "rail_attention": {
        "contrary": N_("The rail told two things that cannot both be."),
        "more_came_back": N_("More came back than went."), "not_booked": N_("The books refused what the rail told."),
        "told_otherwise": N_("The rail told one thing twice, and not alike."),
        "other_content": N_("The rail has our number with another content."),
        "wallet_closed": N_("It came back for a wallet that is closed and lies in suspense."),
    },
}  # fmt: skip
"""Tables of :data:`farthing.web.names.NAMES`, by kind."""
