"""Own what pages call every value of every enumeration: an English source string each, which the catalogue translates.

Pure. A page writes ``{{ loan.state | named("loan") }}``; a code that stands in no table is our fault and is raised as
such by the test that renders every value, and shown readably rather than not at all by a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from farthing.identity.links import DEVICE as LINK
from farthing.lending.lives.names import EVENTS
from farthing.payments.merchants.model import Merchant
from farthing.payments.merchants.rules import shop_name
from farthing.savings.deposits.model import DepositView
from farthing.web import writing
from farthing.web.names_exchange import EXCHANGE
from farthing.web.names_paying import PAYING
from farthing.web.names_voice import VOICE
from farthing.web.speech import N_, gettext, language, said

NAMES: Mapping[str, Mapping[str, str]] = {
    **PAYING, **EXCHANGE, **VOICE,
    "loan": {
        "accepted": N_("Accepted, being funded"), "funded": N_("Waits for your signature"), "active": N_("Being repaid"),
        "closed": N_("Repaid"), "cancelled": N_("Given up; nothing was paid out and nothing is owed"),
    },
    "loan_method": {
        "equal_instalment": N_("equal instalments"), "equal_principal": N_("equal parts of the principal"),
        "interest_first": N_("interest first, the principal at the end"),
        "flat": N_("equal instalments, interest on what was first lent"),
        "bullet": N_("principal and interest together at the end"),
        "custom": N_("parts of the principal on agreed days, with interest"),
    },
    "loan_use": {"consumption": N_("household"), "business": N_("business")},
    "loan_state": {
        "accepted": N_("Being funded"), "funded": N_("Waits for the signature"), "active": N_("Being repaid"),
        "closed": N_("Repaid"), "cancelled": N_("Given up"),
        "charged_off": N_("Charged off, still owed"), "written_off": N_("Written off"),
    },
    "contact_channel": {"call": N_("Call"), "message": N_("Message"), "letter": N_("Letter"), "visit": N_("Visit")},
    "contact_outcome": {
        "reached": N_("reached"), "no_answer": N_("no answer"), "promised": N_("a promise to pay"),
        "disputes": N_("says it is not owed"), "hardship": N_("cannot pay now"), "wrong_number": N_("wrong number"),
    },
    "contact_refused": {
        "lending.contact_on_hold": N_("asked for relief"), "lending.contact_hour": N_("not at this hour"),
        "lending.contact_too_often": N_("spoken to often enough"),
    },
    "promise": {"open": N_("still open"), "kept": N_("kept"), "broken": N_("not kept")},
    "followed": {"open": N_("followed so far"), "kept": N_("kept to its end"), "broken": N_("not followed")},
    "relief": {"asked": N_("waits for an answer"), "granted": N_("granted"), "declined": N_("not granted")},
    "class": {
        "normal": N_("Normal"), "special_mention": N_("Special mention"), "substandard": N_("Substandard"),
        "doubtful": N_("Doubtful"), "loss": N_("Loss"),
    },
    "resets": {
        "monthly": N_("each month"), "quarterly": N_("each three months"), "half_yearly": N_("each half year"),
        "yearly": N_("each year"), "new_year": N_("each 1 January"),
    },
    "reschedule": {
        "move_due": N_("Move due days: the instalment of a day, and all after it, to another day"),
        "add_instalments": N_("Add instalments at the end"),
        "re_age": N_("All that is owed in so many new instalments, from a day on"),
        "re_amortise": N_("Spread what is late over the instalments to come"),
    },
    "guarantee": {
        "asked": N_("no answer yet"), "given": N_("answers for it"), "declined": N_("said no"), "released": N_("over"),
    },
    "guarantee_own": {"declined": N_("You said no"), "released": N_("The loan ended")},
    "pledge": {"held": N_("pledged"), "called": N_("taken for the loan"), "released": N_("free again")},
    "collateral": {
        "real_estate": N_("House or land"), "vehicle": N_("Vehicle"), "equipment": N_("Equipment"),
        "livestock": N_("Livestock"), "stock": N_("Goods in stock"), "receivables": N_("Money owed by customers"),
        "other": N_("Another thing"),
    },
    "relief_own": {
        "asked": N_("You asked for relief"), "granted": N_("Relief was granted"), "declined": N_("Relief was not granted"),
    },
    "relief_plan": {
        "pause": N_("Instalments pause"), "reschedule": N_("Instalments are spread anew"),
        "smaller_instalments": N_("Smaller instalments"), "penalty_waived": N_("The penalty is waived"),
        "lower_rate": N_("A lower rate"),
    },
    "component": {
        "penalty": N_("Penalty"), "fee": N_("Fees"), "interest": N_("Interest"), "principal": N_("Principal"),
    },
    "consent": {"active": N_("In force"), "revoked": N_("Taken back"), "expired": N_("Ended")},
    "data": {
        "payment_history": N_("Payment history"), "credit_bureau": N_("Credit bureau file"),
        "shop_receipts": N_("Receipts of my shop"), "income_and_assets": N_("My income, deposits and other assets"),
        "wallet_here": N_("What my wallet here took in and paid"),
        "exposure": N_("What I owe at other lenders and how many I asked, in bands"),
    },
    "purpose": {
        "loan_application": N_("For a loan application"),
        "credit_reporting": N_("For telling a credit bureau of loans"),
    },
    "bureau": {
        "no_record": N_("has no record of you"), "found": N_("answered"), "unavailable": N_("did not answer in time"),
    },
    "aside": {
        "disputed": N_("disputed"), "protected": N_("medical or religious"), "own": N_("between your own accounts"),
        "borrowed": N_("borrowed money"), "closed": N_("not completed"), "refund": N_("refunded"),
        "nothing": N_("of no amount"), "open": N_("still open"), "doubtful": N_("doubtful"),
        "shared": N_("shared with others"),
    },
    "review": {
        "upheld": N_("the decision was right"), "changed": N_("it should have been another; you may apply anew"),
    },
    "dispute": {
        "open": N_("Being looked into; it does not count against you"), "corrected": N_("It was wrong, and is out for good"),
        "confirmed": N_("It was found to be right, and counts again"),
    },
    "verdict": {"taken": N_("counted"), "set_aside": N_("set aside"), "doubtful": N_("doubtful")},
    "level": {
        "0": N_("Not confirmed"), "1": N_("Number confirmed"), "2": N_("Number and phone confirmed"),
    },
    "evidence_kind": {
        "document": N_("Number under the name"), "phone": N_("Phone as the same person's"),
        "card": N_("Bank card under the name"), "deposit": N_("Small amounts that came in were told"),
        "counter": N_("Two of the staff saw person and document"),
    },
    "evidence_why": {
        "officer": N_("doubted by two officers"), "provider": N_("its source said otherwise later"),
        "phone": N_("of a phone that was changed"),
    },
    "identity": {
        "matched": N_("All confirmed"), "name_mismatch": N_("Name and number do not belong together"),
        "number_unknown": N_("No such number is known"), "phone_mismatch": N_("The phone belongs to somebody else"),
        "phone_unknown": N_("No such phone is known"),
    },
    "provider": {"alipay": N_("Alipay"), "wechat": N_("WeChat Pay")},
    "proof": {"code": N_("by a code to the phone on file"), "document": N_("by the document")},
    "proved": {
        "password": N_("Signed in by password"), "passkey": N_("Signed in by passkey"),
        "password_code": N_("Signed in by password and code"), "code": N_("Signed in by a code to the phone"),
        "link": N_("Signed in by a link of the simulation"), "outside": N_("Signed in at another institution"),
    },
    "shared_kind": {
        "accounts": N_("Which wallets you have, and in whose name"), "balances": N_("What is in your wallets"),
        "transactions": N_("Payments of your wallets"), "deposits": N_("Your deposits"),
        "loans": N_("Your loans and their instalments"),
    },
    "pull_state": {"asked": N_("Not answered yet"), "came": N_("Being set up"), "running": N_("Running"), "ended": N_("Ended")},
    "pull_why": {
        "person": N_("Stopped by you"), "there": N_("Stopped at the institution"), "declined": N_("You did not agree there"),
        "refused": N_("The institution gave nothing"), "silent": N_("The institution did not answer"),
        "untrue": N_("Its answer could not be used"), "expired": N_("Its last day is over"),
        "consent": N_("You took back what you allowed here, or it ran out"), "erased": N_("Ended with your erasure"),
        "house": N_("The bank fetches nothing more there"),
    },
    "pull_holder": {
        "unknown": N_("Not known yet"), "same": N_("In your name and with your number: it counts most"),
        "other": N_("In another name or with another number: it counts as a file that names nobody"),
        "unnamed": N_("The institution does not say whose they are: it counts as a file that names nobody"),
    },
    "pull_problem": {
        "ended": N_("Stopped at the institution"), "refused": N_("The institution gave nothing"),
        "untrue": N_("Its answer could not be used"), "often": N_("Asked often enough for today"),
    },
    "sharing_state": {"running": N_("Running"), "expired": N_("Expired"), "ended": N_("Ended")},
    "sharing_why": {
        "person": N_("Stopped by you"), "institution": N_("Given back by the institution"),
        "code_twice": N_("Ended by the bank: somebody else had its code"), "erased": N_("Ended with your erasure"),
    },
    "told_claim": {
        "name": N_("Your name"), "verification": N_("How well the bank has verified who you are, and when"),
        "over_18": N_("Whether you are 18 or older"), "phone": N_("Your phone number"),
    },
    "passkey_end": {
        "removed": N_("Removed by you"), "cloned": N_("Ended by the bank: it seems to have been copied"),
        "lost": N_("Ended by the bank: lost"),
    },
    "renewal": {
        "none": N_("Not renewed"), "principal": N_("Principal renewed"),
        "principal_and_interest": N_("Principal and interest renewed"),
    },
    "passbook": {
        "settlement": N_("Quarterly interest"), "collected": N_("Collected from the wallet"), "opened": N_("Opened"),
        "due": N_("Done by itself, as agreed"), "notice_lapsed": N_("A notice passed unused"),
        "instalment_expected": N_("An instalment did not come"),
    },
    "deposit_act": {
        "pay_in": N_("Pay in"), "withdraw": N_("Draw a part"), "notify": N_("Give notice to draw"),
        "cancel_notice": N_("Take the notice back"), "renew": N_("Begin a new term"), "close": N_("Draw all and close"),
    },
    "fund_step": {
        "buy": N_("Buy"), "redeem_now": N_("Fast redemption"), "redeem": N_("Ordinary redemption"),
    },
    "fund_order": {
        "subscribe": N_("Purchase"), "instant": N_("Fast redemption"), "redeem": N_("Ordinary redemption"),
    },
    "fund_state": {
        "placed": N_("Ordered"), "confirmed": N_("Confirmed"), "payable": N_("Being paid"), "settled": N_("Done"),
        "cancelled": N_("Taken back"),
    },
    "drawer": {
        "open": N_("Opened and counted"), "count": N_("Counted"), "close": N_("Counted and closed"),
        "in": N_("Cash in"), "out": N_("Cash out"), "given": N_("Handed over"), "taken": N_("Taken over"),
        "difference": N_("Difference booked"),
    },
    "request_state": {
        "open": N_("waits"), "paid": N_("was paid"), "declined": N_("declined"), "expired": N_("time is over"),
        "withdrawn": N_("withdrawn"), "held": N_("being looked at by the bank"),
    },
    "code_level": {
        "B": N_("for who is known by two sources"), "C": N_("for who is not known by two sources"),
        "D": N_("for codes that are shown again and again"),
    },
    "fee_by": {"merchant": N_("the merchant pays it"), "payer": N_("the payer pays it")},
    "fee_earned": {"capture": N_("ours when it is paid"), "settlement": N_("ours when it is paid out")},
    "settles": {"net": N_("paid out net"), "gross": N_("paid out gross")},
    "agent_what": {
        "in": N_("cash in"), "out": N_("cash out"), "bought": N_("float bought"), "sold": N_("float sold"),
    },
    "agent_done": {
        "in": N_("Paid in. The money is in the customer's wallet."), "out": N_("Taken. Give the customer the cash now."),
        "float": N_("Done. The float is as it says below."), "count": N_("Written down."),
    },
    "queued_became": {
        "applied": N_("applied"), "waits": N_("waits for a person"), "dropped": N_("not applied"), "refused": N_("not taken"),
    },
    "packet_kind": {"lucky": N_("Lucky red packet"), "normal": N_("Equal red packet")},
    "packet_state": {"open": N_("can be opened"), "gone": N_("all opened"), "returned": N_("time is over")},
    "kind": {
        "transfer": N_("Transfer"), "top-up": N_("Top-up"), "pay-out": N_("Pay-out"),
        "packet": N_("Red packet"), "packet-sent": N_("Red packet sent"), "packet-back": N_("Red packet given back"),
        "code-pay": N_("Payment by code"), "debit-back": N_("Debit given back"), "report-back": N_("Reported money given back"),
        "dispute-credit": N_("Advance for a dispute"), "dispute-paid": N_("Disputed payment given back"),
        "complaint-redress": N_("Redress for a complaint"),
        "dispute-back": N_("Advance taken back"), "dispute-owed": N_("Owed of a dispute"),
        "receivable-paid": N_("Confirmed payable paid"), "crowd-given": N_("Given to a project"),
        "crowd-back": N_("Back from a project"), "crowd-released": N_("Milestone of a project"),
        "code-refund": N_("Refund"), "code-settled": N_("Takings paid out"), "code-fee": N_("Fee for takings"),
        "agent-in": N_("Cash paid in at an agent"), "agent-out": N_("Cash drawn at an agent"),
        "agent-float": N_("Float bought or sold"), "agent-commission": N_("Commission for cash"),
        "pay-out.back": N_("Pay-out that came back"), "top-up.back": N_("Top-up taken back"), "suspense": N_("Money from a bank"),
        "cash.in": N_("Cash paid in"), "cash.out": N_("Cash drawn"),
        "savings.deposit": N_("Into savings"), "savings.withdrawal": N_("From savings"),
        "fund.subscribe": N_("Into the fund"), "fund.cancel": N_("Order taken back"), "fund.pay": N_("From the fund"),
        "fund.instant": N_("From the fund, fast"), "disbursement": N_("Loan paid out"), "repayment": N_("Repayment"),
    },
    "entry": {
        "pay-out.settled": N_("Pay-out that arrived"),
        "accrual": N_("Interest accrued on a loan"), "write-off": N_("Loan written off"),
        "provision": N_("Set aside for loans that may be lost"),
        "suspension": N_("Interest that is no income"), "deferral": N_("Fees that are not earned yet"),
        "recovery": N_("Recovered on a loan written off"), "refund": N_("Refund"),
        "distribution": N_("Shared with partner lenders"), "collections": N_("Passed on to partner lenders"),
        "savings.interest": N_("Interest paid on a deposit"), "savings.accrual": N_("Interest accrued on deposits"),
        "fund.confirm": N_("Fund order confirmed"), "fund.income": N_("Income of a fund"), "fund.buy": N_("A fund buys"),
        "fund.end": N_("An asset of a fund ends"), "fund.fee": N_("Fee of a fund"), "fund.credit": N_("Income added to shares"),
        "fund.redeem": N_("Shares given back"), "fund.cover": N_("Advance to a fund"),
        "fund.repay": N_("Advance paid back by a fund"), "cash.handed": N_("Cash handed over"),
        "cash.difference": N_("Difference of a drawer"), "capital": N_("Capital paid in"), "cash": N_("Cash moved by hand"),
        "reversal": N_("Reversal"), "settlement": N_("Settlement of a hold"),
    },
    "group": {
        "people": N_("People"), "banks": N_("Cards and banks"), "cash": N_("Cash at a counter"),
        "savings": N_("Savings"), "loans": N_("Loans"),
    },
    "role": {
        "teller": N_("Teller"), "operator": N_("Operations"), "risk": N_("Risk"), "auditor": N_("Auditor"),
        "security": N_("Security officer"), "partner": N_("Partner lender"),
        "lender": N_("Person of a partner lender"), "customer": N_("Customer"),
        "core": N_("Core system"), "gateway": N_("Gateway of red packets"),
        "system": N_("The bank itself"), "regulator": N_("Regulator"),
    },
    "delivery": {
        "waiting": N_("Not taken yet"), "delivered": N_("Taken"), "not_taken": N_("Not taken"), "given_up": N_("Given up"),
        "stopped": N_("Not sent"),
    },
    "webhook": {"active": N_("Is told"), "given_up": N_("Given up"), "stopped": N_("Told nothing more")},
    "clock": {"simulated": N_("Simulated: its days pass when they are closed"), "real": N_("The wall clock")},
    "port": {
        "rail": N_("Payments at other banks"), "proofing": N_("Who somebody is"), "bureau": N_("Credit bureau"),
        "ca": N_("Certificates"), "tsa": N_("Time stamps"), "witness": N_("Witness of the log"),
        "partner": N_("Partner lenders"), "gateway": N_("Messages to a phone"), "vault": N_("Keeper of keys"),
        "keyring": N_("People's own keys"),
        "channel": N_("Issuers of bills"), "webhook": N_("Programs told of events"),
        "network": N_("Cards and accounts of other banks"), "sealer": N_("Sealing of card numbers"),
    },
    "errand": {
        "waiting": N_("not asked yet"), "sent": N_("asked"), "unknown": N_("nobody knows yet"), "answered": N_("answered"),
    },
    "paid_to": {"wallet": N_("Wallet")},
    "way": {"in": N_("Money in"), "out": N_("Money out")},
    "asking": {
        "events.deliver": N_("Event to a program outside"), "events.test": N_("Test of a program outside"),
        "events.redeliver": N_("Event sent again to a program outside"),
        "assurance.cosign": N_("Cosignature of a checkpoint"), "assurance.stamp": N_("Time stamp of a checkpoint"),
        "credit.inquiry": N_("Question to the credit bureau"), "parties.notice": N_("Message to a phone"),
        "parties.proofing": N_("Who somebody is"), "payments.rail": N_("Payment at another bank"),
        "payments.inquiry": N_("What became of a payment"), "payments.recall": N_("A payment asked back"),
        "signing.order": N_("Certificate"), "signing.preparation": N_("Certificate of a signer's own key"),
        "signing.embedding": N_("Time stamp of a signature"),
    },
    "request": {
        "asked": N_("Not answered yet"), "agreed": N_("Agreed"), "declined": N_("Declined"),
        "passed_over": N_("No answer in time"), "released": N_("Agreed, then not needed"),
        "spared": N_("Not needed, before it answered"), "not_asked": N_("Not asked, for want of room"),
    },
    "guard": {
        "client-money": N_("Wallets and escrow are covered"), "liquidity": N_("A twentieth of savings lies ready too"),
        "fund-money": N_("Fund holders' money is covered"),
        "fund-liquidity-line": N_("Fast redemptions keep to their line"),
    },
    "limit": {
        "capital_ratio_min": N_("Capital bears what the bank risks"),
        "leverage_min": N_("Capital bears all that the bank has"),
        "one_borrower_max": N_("One borrower owes no more than a part of capital"),
        "connected_borrowers_max": N_("Borrowers who answer for each other owe no more than a part of capital"),
        "liquidity_ratio_min": N_("Ready money beside what may be asked back"),
        "maturity_gap_min": N_("What is lent long leaves enough to give back"),
        "joint_loans_max": N_("With all partners no more than a part of all loans"),
        "partner_capital_max": N_("With one partner no more than a part of capital"),
        "capacity_outstanding": N_("What the partner lends at once"), "capacity_a_day": N_("What the partner lends in a day"),
        "price": N_("The partner asks no more than the borrower pays"),
    },
    "claim": {"past_due": N_("Too late"), "given_up": N_("Given up")},
    "use_level": {"green": N_("green"), "amber": N_("amber"), "red": N_("red")},
    "language": {"zh": N_("Chinese"), "en": N_("English")},
    "theme": {"auto": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")},
}  # fmt: skip
"""By kind and code. A door adds its own kind here, in its own lines."""


def named(code: str, kind: str) -> str:
    """What a code is called in the language of the page."""
    known = NAMES[kind].get(code)
    return gettext(known) if known else code.replace("_", " ")


def matures(deposit: DepositView, today: date) -> str:
    """What the last day of a deposit's term is called: one that is past is told so, and so is one that it did not come to."""
    assert deposit.matures_on is not None
    if deposit.closed_on is not None and deposit.closed_on < deposit.matures_on:
        return gettext(N_("Would have matured"))
    return gettext(N_("Matured") if deposit.matures_on <= today else N_("Matures"))


def shop(merchant: Merchant) -> str:
    """What a shop is called by who reads the page: by its name in the country's language, or by the one that codes carry."""
    return shop_name(merchant) if language() == "zh" else merchant.name


def scheme(code: str) -> str:
    """What a card scheme is called; one that is not known is called as its network says."""
    return gettext(N_("UnionPay")) if code == "UnionPay" else code


def device(told: str) -> str:
    """What the device is called from which somebody came in; who came by a link of a simulated bank has none."""
    return gettext(N_("Sign-in link")) if told == LINK else writing.device_name(told)


def event(code: str) -> str:
    """What an event of a loan is called, as it stands in a list."""
    told = said(EVENTS[code])
    return told[:1].upper() + told[1:]


def kind(code: str, other: str = "") -> str:
    """What an entry's kind is called in a wallet's history; one without a name is told by its memo, if it has any."""
    return named(code, "kind") if code in NAMES["kind"] else other or gettext(N_("Movement"))


def entry_kind(code: str) -> str:
    """What an entry of the books is called: by its own name, where it has one here; an entry by hand is called as whoever
    made it wrote."""
    return next((gettext(NAMES[table][code]) for table in ("kind", "entry") if code in NAMES[table]), code)


def guard(code: str, title: str) -> str:
    """What a limit over the books or on lending says: ours in the language of the page, an institution's own by its title."""
    return next((named(code, table) for table in ("guard", "limit") if code in NAMES[table]), title)
