"""Own the messages between banks about one payment: how they are written and read. Pure.

pacs.008 sends money, pacs.003 collects it, pacs.028 asks what became of it, pacs.002 says so, camt.056 asks for it back, camt.029
answers that, pacs.004 gives it back, camt.054 tells of money that came in. Each is held to its schema when it is written and when
it is read, and then to rules that a schema cannot say. Never more than one payment in a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lxml import etree

from farthing.kit.money import Money
from farthing.payments.iso20022 import rules
from farthing.payments.iso20022.schema import space_of, tree_of

CREDIT, COLLECTION, STATUS = "pacs.008.001.09", "pacs.003.001.08", "pacs.002.001.11"
INQUIRY, RETURN = "pacs.028.001.04", "pacs.004.001.10"
RECALL, RESOLUTION, ARRIVAL = "camt.056.001.09", "camt.029.001.10", "camt.054.001.08"
Becomes = Literal["pending", "accepted", "settled", "declined"]
OUTCOMES: Mapping[str, Becomes] = {
    "ACTC": "pending", "PDNG": "pending", "ACCP": "accepted", "ACSP": "accepted", "ACSC": "settled", "ACCC": "settled",
    "RJCT": "declined",
}  # fmt: skip
"""What the status of a payment (ExternalPaymentTransactionStatus1Code) comes to."""
SAID: Mapping[Becomes, str] = {"pending": "PDNG", "accepted": "ACSP", "settled": "ACSC", "declined": "RJCT"}
"""The status that a bank of ours says of each."""
AGREED, REFUSED, PENDING = "CNCL", "RJCR", "PDCR"
"""What becomes of a recall (ExternalInvestigationExecutionConfirmation1Code)."""


@dataclass(frozen=True, slots=True)
class Order:
    """Money to be sent (``out``) or collected (``in``). ``id`` is the end-to-end id, of the account's keeper ``account``."""

    id: str
    uetr: str
    direction: Literal["in", "out"]
    amount: Money
    holder: str
    account: str
    on: date


@dataclass(frozen=True, slots=True)
class Status:
    """What became of an order: ``code`` as ISO 20022 has it; ``reference`` is the bank's own."""

    id: str
    uetr: str
    code: str
    reference: str = ""
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about an order: what became of it, or (with a reason) that it be given back."""

    id: str
    uetr: str
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """An order's money that came back: the ``amount`` that arrives, after the ``fee`` that was kept of it."""

    return_id: str
    id: str
    uetr: str
    amount: Money
    fee: Money | None
    reason_code: str
    on: date


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that came in and that nobody here asked for."""

    reference: str
    amount: Money
    told: str
    account: str
    on: date


Message = Order | Status | Ask | Returned | Arrived


def read(content: bytes, *wanted: str) -> Message:
    """The message; refuses ``iso20022.*`` where it is none of the wanted, breaks its schema, or says what cannot be."""
    name, root = tree_of(content, *wanted)
    return _READERS[name](At(root, space_of(name)))


@dataclass(frozen=True, slots=True)
class At:
    """A place in a message, and the namespace of its elements."""

    element: etree._Element
    space: str

    def text(self, path: str) -> str:
        """The text of the first element at a path; nothing where there is none."""
        found = self.element.find("/".join(f"{{{self.space}}}{name}" for name in path.split("/")))
        return "" if found is None else str(found.text or "").strip()

    def all(self, path: str) -> list[At]:
        """All elements at a path."""
        found = self.element.findall("/".join(f"{{{self.space}}}{name}" for name in path.split("/")))
        return [At(each, self.space) for each in found]

    def one(self, path: str) -> At:
        """The one element at a path; refuses ``iso20022.wrong_count`` where there are others."""
        found = self.all(path)
        rules.check_count(path.rpartition("/")[2], "1", len(found))
        return found[0]

    def money(self, path: str) -> Money:
        """An amount, exact; refuses ``iso20022.*`` of one that cannot be."""
        at = self.one(path).element
        return rules.exact(str(at.text), str(at.get("Ccy")), out=False)

    def day(self, path: str) -> date:
        """A day, or that of an instant."""
        return date.fromisoformat(self.text(path)[:10])


def _order(root: At, direction: Literal["in", "out"]) -> Order:
    whole, each, party = (
        ("FIToFICstmrCdtTrf", "CdtTrfTxInf", "Cdtr")
        if direction == "out"
        else ("FIToFICstmrDrctDbt", "DrctDbtTxInf", "Dbtr")
    )
    message = root.one(whole)
    at = message.one(each)
    amount = at.money("IntrBkSttlmAmt")
    rules.check_count("NbOfTxs", message.text("GrpHdr/NbOfTxs"), 1)
    rules.check_sum("CtrlSum", message.text("GrpHdr/CtrlSum") or None, [amount], amount.currency)
    return Order(
        rules.check_id(at.text("PmtId/EndToEndId")), at.text("PmtId/UETR"), direction, amount, at.text(f"{party}/Nm"),
        at.text(f"{party}Acct/Id/Othr/Id"), at.day("IntrBkSttlmDt"),
    )  # fmt: skip


def _status(root: At) -> Status:
    at = root.one("FIToFIPmtStsRpt/TxInfAndSts")
    return Status(
        rules.check_id(at.text("OrgnlEndToEndId")), at.text("OrgnlUETR"), at.text("TxSts"), at.text("AcctSvcrRef"),
        at.text("StsRsnInf/Rsn/Cd"), at.text("StsRsnInf/AddtlInf"),
    )  # fmt: skip


def _inquiry(root: At) -> Ask:
    at = root.one("FIToFIPmtStsReq/TxInf")
    return Ask(rules.check_id(at.text("OrgnlEndToEndId")), at.text("OrgnlUETR"))


def _recall(root: At) -> Ask:
    at = root.one("FIToFIPmtCxlReq/Undrlyg").one("TxInf")
    return Ask(rules.check_id(at.text("OrgnlEndToEndId")), at.text("OrgnlUETR"), at.text("CxlRsnInf/Rsn/Cd"))


def _resolution(root: At) -> Status:
    message = root.one("RsltnOfInvstgtn")
    at = message.one("CxlDtls").one("TxInfAndSts")
    return Status(
        rules.check_id(at.text("OrgnlEndToEndId")), at.text("OrgnlUETR"), message.text("Sts/Conf"),
        reason_code=at.text("CxlStsRsnInf/Rsn/Cd"),
    )  # fmt: skip


def _return(root: At) -> Returned:
    message = root.one("PmtRtr")
    at = message.one("TxInf")
    rules.check_count("NbOfTxs", message.text("GrpHdr/NbOfTxs"), 1)
    fee = at.money("ChrgsInf/Amt") if at.text("ChrgsInf/Amt") else None
    return Returned(
        rules.check_id(at.text("RtrId")), rules.check_id(at.text("OrgnlEndToEndId")), at.text("OrgnlUETR"),
        at.money("RtrdIntrBkSttlmAmt"), fee, at.text("RtrRsnInf/Rsn/Cd"), at.day("IntrBkSttlmDt"),
    )  # fmt: skip


def _arrival(root: At) -> Arrived:
    at = root.one("BkToCstmrDbtCdtNtfctn/Ntfctn").one("Ntry")
    details = at.one("NtryDtls/TxDtls")
    return Arrived(
        rules.check_id(at.text("AcctSvcrRef")), at.money("Amt"), details.text("RmtInf/Ustrd"),
        details.text("RltdPties/DbtrAcct/Id/Othr/Id"), at.day("BookgDt/Dt"),
    )  # fmt: skip


_READERS: Mapping[str, Callable[[At], Message]] = {
    CREDIT: lambda root: _order(root, "out"), COLLECTION: lambda root: _order(root, "in"), STATUS: _status,
    INQUIRY: _inquiry, RECALL: _recall, RESOLUTION: _resolution, RETURN: _return, ARRIVAL: _arrival,
}  # fmt: skip
