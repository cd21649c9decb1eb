"""Own what a field of a draft is called, in words that the catalogue translates: what a command asks for, and the figures of
what it would come to. A test reads every operation that takes two persons and compares. Pure."""

from __future__ import annotations

from farthing.web.speech import N_

ASKED = {
    "account": N_("Account"), "actor_id": N_("Login"), "amount": N_("Amount"), "annual": N_("Rate a year"),
    "annual_rate": N_("Rate a year"), "bank": N_("Bank"), "answer": N_("Answer to the borrower"), "asset_id": N_("Asset"),
    "at_most": N_("As much as is there"), "better": N_("Better than by the rule"), "board": N_("Rate board"),
    "break_id": N_("Difference"), "correct": N_("Our books are put right by it"),
    "by": N_("Who pays the fee"), "earned": N_("When the fee is ours"), "returned": N_("Goes back with a refund"),
    "settles": N_("How the merchant is paid out"), "merchant_id": N_("Merchant"), "fee": N_("Fee"), "from_on": N_("From"),
    "books": N_("By the books"), "call": N_("Notice rates"), "class_name": N_("Class"), "closed": N_("Holiday"),
    "client_money": N_("Customers' money"),
    "code": N_("Code"), "collateral_id": N_("Collateral"), "component": N_("What is owed"),
    "constant": N_("Constant"), "count": N_("How many"), "counted": N_("Counted"), "credit_code": N_("Credit code"),
    "currency": N_("Currency"), "day_count": N_("Days are counted"), "days": N_("Days"), "demand": N_("Demand rate"),
    "deposit_id": N_("Deposit"), "drawer_id": N_("Drawer"), "due_on": N_("Due"), "earlier": N_("Earlier editions"),
    "effective_on": N_("Effective"), "en": N_("English"), "event_id": N_("Event"), "fund": N_("Fund"),
    "hardship_id": N_("Request for relief"), "holders": N_("Holders"), "how": N_("How due days change"),
    "install": N_("Put in force"), "instalment": N_("Instalment rates"), "kind": N_("Kind"),
    "kinds": N_("Kinds of events"), "label": N_("What for"), "legal_name": N_("Legal name"),
    "linked": N_("All of a chain or none"), "loan_id": N_("Loan"), "log_key": N_("Key of the log"), "lump": N_("Lump-sum rates"),
    "manifest_sha256": N_("Digest of the manifest"), "memo": N_("Memo"),
    "minimum_book": N_("Least sum"), "moved_to": N_("Moved to"), "name": N_("Name"), "name_zh": N_("Name in Chinese"),
    "name_en": N_("Name in English"),
    "controlled_by": N_("Controlled by (social credit code)"),
    "note": N_("Reason"), "on": N_("Day"), "outside_account": N_("Outside account"),
    "overlap_hours": N_("Hours in which both sign"), "partner": N_("Partner lender"),
    "party_id": N_("Customer"), "paused_until": N_("No interest until"), "person_name": N_("Person"),
    "person_number": N_("Number of the person"), "phone": N_("Phone"), "pledge_id": N_("Pledge"),
    "policy": N_("Policy"), "postings": N_("Lines"), "principal": N_("Principal"), "proceeds": N_("Comes back"),
    "product": N_("Product"), "programme": N_("Programme"), "rail": N_("Rail"), "rate": N_("Rate"),
    "reason": N_("Why"), "reference": N_("Entry"), "rest_next_day": N_("The rest for the next trading day"),
    "retire": N_("Put out of force"), "role": N_("Role"), "share": N_("Share"), "source": N_("Source"),
    "source_zh": N_("Source in Chinese"), "suspense_id": N_("Money in suspense"),
    "term": N_("Term"), "terms": N_("Rates by term"), "till": N_("Till"),
    "giver": N_("Given by"), "title": N_("Title"), "to": N_("Paid to"), "to_on": N_("Until"), "until": N_("Until"),
    "until_on": N_("Until"),
    "url": N_("Address"), "value": N_("Value"), "waived": N_("Penalty forgiven"), "webhook_id": N_("Webhook"), "why": N_("Why"),
    "words": N_("Why"),
    "zh": N_("Chinese"),
}  # fmt: skip
"""What a field of a command is called."""
FIGURES = {
    "a_day": N_("In a day, at most"), "asked": N_("Waits for the rail's answer"), "capacity": N_("Capacity"),
    "fee": N_("Part left us for servicing"),
    "cover": N_("Cover of losses"), "days": N_("Days past due"), "licence": N_("Licence"),
    "refills": N_("What comes in later is paid out again"),
    "outstanding": N_("At once, at most"), "price": N_("Price"),
    "accrued": N_("Accrued"), "arrived_on": N_("Arrived"),
    "answers": N_("Answers emptied"), "asset": N_("Asset"), "at_once": N_("At once"),
    "balance": N_("Balance"), "before": N_("Owed before us"), "broken": N_("The deposit is broken"),
    "by_days": N_("By days past due"), "by_rule": N_("By the rule"), "calls": N_("Times called"),
    "carry": N_("Income is carried"), "closed_at": N_("Closed"), "closed_on": N_("Closed"),
    "corrected": N_("Our books are put right by it"), "ended_at": N_("Ended"), "ended_by": N_("Ended by"),
    "age_days": N_("Days"), "send_on": N_("Sent on"), "old": N_("Open for too long"), "payment_id": N_("Payment number"),
    "loan": N_("Loan"), "ours": N_("We have"), "ours_on": N_("Our day"),
    "theirs": N_("The other side has"), "theirs_on": N_("Their day"),
    "created_by": N_("Made by"), "cut_off": N_("Orders until"), "decided_on": N_("Decided on"),
    "description": N_("Description"), "difference": N_("Difference"), "earns_change_on": N_("Income changes on"),
    "ended": N_("Has ended"), "ended_on": N_("Over on"), "entry": N_("Entry"), "events": N_("Events"),
    "existed": N_("Was there already"), "fee_annual": N_("Fee a year"), "figure": N_("Figure"),
    "former_until": N_("The old secret signs until"), "founded_on": N_("Founded on"),
    "from_on": N_("From"), "gain": N_("Gain"), "gathered": N_("Gathered"),
    "guard": N_("Guard"), "holding_max": N_("Most that one may hold"), "id": N_("Id"), "index_on": N_("Value as of"),
    "instant_fund_max": N_("Fast redemption, most of the fund a day"),
    "instant_person_max": N_("Fast redemption, most of a person a day"), "insured": N_("Insured"),
    "interest": N_("Interest"), "least": N_("Least amount"), "least_score": N_("Least score"), "left": N_("Left"),
    "left_by": N_("Left open by"), "lien": N_("Rank"), "limited_by": N_("Limited by"),
    "longest": N_("Most instalments"), "matures_on": N_("Matures on"), "minimum": N_("Least amount"),
    "most": N_("Most amount"), "notices": N_("Notices"), "number": N_("Number"),
    "offer": N_("Offered for the next trading day"), "ordered": N_("Ordered"), "paid": N_("Paid"),
    "paid_in": N_("Paid in"), "paid_out": N_("Paid out"), "part": N_("Part of a loan"),
    "payments": N_("Interest paid"), "person_id": N_("Person"), "place": N_("Place"), "plan": N_("Plan"),
    "pledge": N_("Pledge"), "pledged": N_("Pledged"), "pledged_on": N_("Pledged on"), "problem": N_("Problem"),
    "product_version": N_("Edition"), "products": N_("Products"), "published_by": N_("Published by"),
    "registered_on": N_("Registered on"), "released_on": N_("Released on"), "renewal": N_("Renewal"),
    "repaid": N_("Repaid"), "repayment_id": N_("Repayment"), "retired_on": N_("Sold on"), "set_by": N_("Set by"),
    "settles_on": N_("Paid on"), "shortest": N_("Fewest instalments"), "since": N_("Since"), "state": N_("State"),
    "taken": N_("Taken"), "trading_on": N_("Trading day"), "units": N_("Units"), "valuations": N_("Valuations"),
    "valued_on": N_("Valued on"), "valuer": N_("Valued by"), "values": N_("Values emptied"), "version": N_("Edition"),
    "way": N_("Direction"), "what": N_("What"), "within_ms": N_("Deadline in milliseconds"),
}  # fmt: skip
"""What a figure is called beside these, of what a command would come to."""
NESTED = {"terms": N_("Weights")}
"""What a field is called where it is not a command's own but of one of its parts."""
FIELDS = {**FIGURES, **ASKED}
CLOSED = {
    "by": ("fee_by",), "earned": ("fee_earned",), "settles": ("settles",),
    "component": ("component",), "how": ("reschedule",), "class_name": ("class",), "by_days": ("class",),
    "by_rule": ("class",), "role": ("role",), "renewal": ("renewal",), "plan": ("relief_plan",), "way": ("way",),
    "state": ("pledge", "webhook", "group"), "what": ("deposit_act", "passbook"), "to": ("paid_to",),
}  # fmt: skip
"""Which fields hold a word of a closed list, and the tables of what pages call it."""
