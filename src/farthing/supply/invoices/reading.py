"""Read an invoice file: EN 16931 as UBL 2.1 or as UN/CEFACT CII, or China's fully digital invoice. Pure.

A file has no document type and no entities, and its parser reaches neither files nor the network. A field that must stand once
stands once; sums that the file states must add up (EN 16931, BR-CO-15 and BR-CO-16). Who issued it is not proved by the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import EXPONENTS, Money
from farthing.kit.tables import calendar_day
from farthing.kit.words import Words
from farthing.parties.rules import credit_code_of
from farthing.supply.invoices.model import InvoiceFile

MOST_BYTES = 1 << 20
LONGEST_NUMBER = 60
TOO_LARGE = malformed(
    "supply.invoice_too_large",
    "An invoice file has 1 to {most} bytes; this one has {size}.",
    "发票文件应为 1 至 {most} 字节，该文件为 {size} 字节。",
)
UNREADABLE = malformed(
    "supply.invoice_unreadable",
    "The invoice file is no XML that can be read safely: {problem}.",
    "发票文件不是可安全读取的 XML：{problem}。",
)
OTHER_FORMAT = malformed(
    "supply.invoice_format",
    "The file is neither an EN 16931 invoice (UBL 2.1, CII) nor a fully digital invoice of China; it begins with {found}.",
    "该文件既不是 EN 16931 发票（UBL 2.1、CII），也不是数电发票；其根元素为 {found}。",
)
FIELD = malformed(
    "supply.invoice_field",
    "The invoice file says {found} as {field}; {wanted}.",
    "发票文件的{field}为 {found}；{wanted}。",
)
SUMS = malformed(
    "supply.invoice_sums",
    "The sums of the invoice do not add up: {one} and {other} should be equal.",
    "发票金额勾稽不符：{one} 与 {other} 应相等。",
)

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = f"{{{UBL}CommonAggregateComponents-2}}", f"{{{UBL}CommonBasicComponents-2}}"
CII = "urn:un:unece:uncefact:data:standard:"
RAM, UDT = f"{{{CII}ReusableAggregateBusinessInformationEntity:100}}", f"{{{CII}UnqualifiedDataType:100}}"
INVOICE_CODES, CREDIT_CODES = frozenset({"380", "389"}), frozenset({"381"})
"""UNTDID 1001: commercial, self-billed invoice; credit note. A corrected invoice (384) stands in the place of another and would
owe it twice: it comes as a credit note of the first and an invoice of its own."""
NOTHING = Words("nothing", "空")
ONCE = Words("it must stand exactly once", "该项须恰好出现一次")
_COMPACT = re.compile(r"[0-9]{8}")
_DIGITS_20 = re.compile(r"[0-9]{20}")
_DASH = re.compile(r"[\u2010-\u2015\u2212\ufe58]")
_NUMBER = re.compile(rf"[!-~\u00c0-\u024f\u3400-\u9fff]{{1,{LONGEST_NUMBER}}}")
"""What a number is written in: Latin letters with their marks, digits, signs of ASCII, Chinese characters. Whatever else looks
like one of them, or like nothing, would make a second invoice of one."""


@dataclass(frozen=True, slots=True)
class _Node:
    """An element, looked into by steps that carry short prefixes."""

    at: etree._Element
    spaces: Mapping[str, str]

    def all(self, path: str) -> list[etree._Element]:
        steps = [self._step(each) for each in path.split("/")]
        found: list[etree._Element] = self.at.findall("/".join(steps))
        return found

    def _step(self, step: str) -> str:
        prefix, _, name = step.rpartition(":")
        return f"{self.spaces[prefix]}{name}" if prefix else name

    def maybe(self, path: str, field: Words) -> str:
        """The text of what stands once or not at all."""
        found = self.all(path)
        if len(found) > 1:
            raise FIELD(field=field, found=Words(f"{len(found)} values", f"{len(found)} 个值"), wanted=ONCE)
        return _plain(found[0].text or "") if found else ""

    def one(self, path: str, field: Words) -> str:
        """The text of what must stand once and say something."""
        found = self.maybe(path, field)
        if not found:
            raise FIELD(field=field, found=NOTHING, wanted=ONCE)
        return found


NUMBER, ISSUED, DUE = Words("number", "发票号码"), Words("day of issue", "开票日期"), Words("due day", "付款到期日")
SELLER, BUYER = Words("the seller's code", "销售方识别号"), Words("the buyer's code", "购买方识别号")
NAMES = Words("a party's name", "购销方名称")
CURRENCY, PAYABLE, KIND = (
    Words("currency", "币种"),
    Words("amount to pay", "应付金额"),
    Words("type of document", "单据类型"),
)
NET, TAX, GROSS, PAID, ROUNDING = (
    Words("total without tax", "不含税金额"), Words("tax", "税额"), Words("total with tax", "价税合计"),
    Words("paid before", "预付金额"), Words("rounding", "舍入额"),
)  # fmt: skip
CREDITED = Words("the invoice that is credited", "被红冲发票")


def read(content: bytes) -> InvoiceFile:
    """What an invoice file says; refuses ``supply.invoice_*`` of the first thing that is wrong, and
    ``parties.credit_code_invalid``."""
    root = _root(content)
    name = etree.QName(root)
    key = f"{name.namespace or ''}|{name.localname}"
    reader = _READERS.get(key)
    if reader is None:
        raise OTHER_FORMAT(found=name.localname[:60])
    return reader(root)


def _root(content: bytes) -> etree._Element:
    if not 0 < len(content) <= MOST_BYTES:
        raise TOO_LARGE(most=MOST_BYTES, size=len(content))
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: etree._Element = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UNREADABLE(problem=str(error)[:200]) from None
    if root.getroottree().docinfo.doctype:
        raise UNREADABLE(problem="DOCTYPE")
    return root


def _ubl(root: etree._Element) -> InvoiceFile:
    node = _Node(root, {"cac": CAC, "cbc": CBC})
    credit = etree.QName(root).localname == "CreditNote"
    kind = node.one("cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode", KIND)
    credits = _kind(kind, credit)
    currency = _currency(node.one("cbc:DocumentCurrencyCode", CURRENCY))

    def sum_of(path: str, field: Words) -> Money | None:
        found = node.all(path)
        if len(found) == 1 and found[0].get("currencyID") != currency:
            raise FIELD(field=field, found=str(found[0].get("currencyID")), wanted=_in(currency))
        return _money(node.maybe(path, field), currency, field)

    totals = "cac:LegalMonetaryTotal"
    taxes = [each for each in node.all("cac:TaxTotal/cbc:TaxAmount") if each.get("currencyID") == currency]
    if len(taxes) > 1:
        raise FIELD(field=TAX, found=Words(f"{len(taxes)} values", f"{len(taxes)} 个值"), wanted=ONCE)
    tax = _money(_plain(taxes[0].text or ""), currency, TAX) if taxes else None
    amount = _payable(
        sum_of(f"{totals}/cbc:TaxExclusiveAmount", NET), tax, sum_of(f"{totals}/cbc:TaxInclusiveAmount", GROSS),
        sum_of(f"{totals}/cbc:PrepaidAmount", PAID), sum_of(f"{totals}/cbc:PayableRoundingAmount", ROUNDING),
        sum_of(f"{totals}/cbc:PayableAmount", PAYABLE),
    )  # fmt: skip
    seller, buyer = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
    due = node.maybe("cbc:DueDate", DUE)
    return InvoiceFile(
        format="ubl", seller=_ubl_code(node, seller, SELLER), buyer=_ubl_code(node, buyer, BUYER),
        number=_number(node.one("cbc:ID", NUMBER)), issued_on=_day(node.one("cbc:IssueDate", ISSUED), ISSUED), amount=amount,
        due_on=_day(due, DUE) if due else None,
        credits=_number(node.one("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", CREDITED)) if credits else None,
        seller_name=node.one(f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName", NAMES)[:150],
        buyer_name=node.one(f"{buyer}/cac:PartyLegalEntity/cbc:RegistrationName", NAMES)[:150],
    )  # fmt: skip


def _ubl_code(node: _Node, party: str, field: Words) -> str:
    """The legal registration (BT-30, BT-47), or where there is none the tax registration (BT-31, BT-48)."""
    found = node.maybe(f"{party}/cac:PartyLegalEntity/cbc:CompanyID", field)
    return credit_code_of(found or node.one(f"{party}/cac:PartyTaxScheme/cbc:CompanyID", field))


def _cii(root: etree._Element) -> InvoiceFile:
    node = _Node(root, {"ram": RAM, "udt": UDT, "rsm": f"{{{CII}CrossIndustryInvoice:100}}"})
    paper, deal = "rsm:ExchangedDocument", "rsm:SupplyChainTradeTransaction"
    agreed, settled = f"{deal}/ram:ApplicableHeaderTradeAgreement", f"{deal}/ram:ApplicableHeaderTradeSettlement"
    kind = node.one(f"{paper}/ram:TypeCode", KIND)
    credits = _kind(kind, kind in CREDIT_CODES)
    currency = _currency(node.one(f"{settled}/ram:InvoiceCurrencyCode", CURRENCY))
    sums = f"{settled}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"

    def sum_of(name: str, field: Words) -> Money | None:
        own = [each for each in node.all(f"{sums}/ram:{name}") if each.get("currencyID", currency) == currency]
        if len(own) > 1:
            raise FIELD(field=field, found=Words(f"{len(own)} values", f"{len(own)} 个值"), wanted=ONCE)
        return _money(_plain(own[0].text or ""), currency, field) if own else None

    amount = _payable(
        sum_of("TaxBasisTotalAmount", NET), sum_of("TaxTotalAmount", TAX), sum_of("GrandTotalAmount", GROSS),
        sum_of("TotalPrepaidAmount", PAID), sum_of("RoundingAmount", ROUNDING), sum_of("DuePayableAmount", PAYABLE),
    )  # fmt: skip
    seller, buyer = f"{agreed}/ram:SellerTradeParty", f"{agreed}/ram:BuyerTradeParty"
    stamp = "udt:DateTimeString"
    due = node.maybe(f"{settled}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/{stamp}", DUE)
    issued = node.one(f"{paper}/ram:IssueDateTime/{stamp}", ISSUED)
    referred = f"{settled}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
    return InvoiceFile(
        format="cii", seller=_cii_code(node, seller, SELLER), buyer=_cii_code(node, buyer, BUYER),
        number=_number(node.one(f"{paper}/ram:ID", NUMBER)), issued_on=_compact(issued, ISSUED), amount=amount,
        due_on=_compact(due, DUE) if due else None,
        credits=_number(node.one(referred, CREDITED)) if credits else None,
        seller_name=node.one(f"{seller}/ram:Name", NAMES)[:150], buyer_name=node.one(f"{buyer}/ram:Name", NAMES)[:150],
    )  # fmt: skip


def _cii_code(node: _Node, party: str, field: Words) -> str:
    found = node.maybe(f"{party}/ram:SpecifiedLegalOrganization/ram:ID", field)
    return credit_code_of(found or node.one(f"{party}/ram:SpecifiedTaxRegistration/ram:ID", field))


def _chinese(root: etree._Element) -> InvoiceFile:
    """China's fully digital invoice (数电票), of 20 digits; a red one (红字) is of negative amounts and is not read here."""
    node = _Node(root, {})
    data = "EInvoiceData"
    number = node.one("TaxSupervisionInfo/InvoiceNumber", NUMBER)
    if not _DIGITS_20.fullmatch(number) or node.maybe("Header/EIid", NUMBER) not in ("", number):
        wanted = Words("it has 20 digits, the same at each place", "应为 20 位数字，且各处一致")
        raise FIELD(field=NUMBER, found=number[:LONGEST_NUMBER], wanted=wanted)
    basic = f"{data}/BasicInformation"

    def sum_of(name: str, field: Words) -> Money | None:
        return _money(node.maybe(f"{basic}/{name}", field), "CNY", field)

    gross = sum_of("TotalTax-includedAmount", GROSS)
    amount = _payable(sum_of("TotalAmWithoutTax", NET), sum_of("TotalTaxAm", TAX), gross, None, None, gross)
    issued = node.one("TaxSupervisionInfo/IssueTime", ISSUED)
    return InvoiceFile(
        format="cn", seller=credit_code_of(node.one(f"{data}/SellerInformation/SellerIdNum", SELLER)),
        buyer=credit_code_of(node.one(f"{data}/BuyerInformation/BuyerIdNum", BUYER)), number=number,
        issued_on=_day(issued[:10], ISSUED), amount=amount, due_on=None, credits=None,
        seller_name=node.one(f"{data}/SellerInformation/SellerName", NAMES)[:150],
        buyer_name=node.one(f"{data}/BuyerInformation/BuyerName", NAMES)[:150],
    )  # fmt: skip


def _payable(
    net: Money | None, tax: Money | None, gross: Money | None, paid: Money | None, rounding: Money | None,
    payable: Money | None,
) -> Money:  # fmt: skip
    """What is to be paid: more than nothing, and what the other sums of the file come to."""
    for found, field in ((net, NET), (gross, GROSS), (payable, PAYABLE)):
        if found is None:
            raise FIELD(field=field, found=NOTHING, wanted=ONCE)
    assert net is not None and gross is not None and payable is not None
    nothing = payable * 0
    if net + (tax or nothing) != gross:
        raise SUMS(one=str(net + (tax or nothing)), other=str(gross))
    if gross - (paid or nothing) + (rounding or nothing) != payable:
        raise SUMS(one=str(gross - (paid or nothing) + (rounding or nothing)), other=str(payable))
    if payable.minor <= 0:
        raise FIELD(field=PAYABLE, found=str(payable), wanted=Words("it must be more than nothing", "须大于零"))
    return payable


def _kind(code: str, credit: bool) -> bool:
    if code not in (CREDIT_CODES if credit else INVOICE_CODES):
        wanted = Words(
            "a commercial invoice is 380, a credit note 381; a corrected one comes as a credit note and a new invoice",
            "商业发票为 380，贷项通知为 381；更正发票须先开贷项通知再开新发票",
        )
        raise FIELD(field=KIND, found=code[:20], wanted=wanted)
    return credit


def _currency(text: str) -> str:
    if text not in EXPONENTS:
        raise FIELD(
            field=CURRENCY, found=text[:20], wanted=Words("it must be one this bank keeps", "须为本行支持的币种")
        )
    return text


def _in(currency: str) -> Words:
    return Words(f"all sums are in {currency}", f"各项金额币种须为 {currency}")


def _money(text: str, currency: str, field: Words) -> Money | None:
    if not text:
        return None
    try:
        return Money.parse(text, currency)
    except Refusal:
        wanted = Words("write an amount such as 1234.50", "应为金额，如 1234.50")
        raise FIELD(field=field, found=text[:40], wanted=wanted) from None


def _day(text: str, field: Words) -> date:
    found = calendar_day(text)
    if found is None:
        raise FIELD(field=field, found=text[:40], wanted=Words("a day is written 2026-11-30", "日期写作 2026-11-30"))
    return found


def _compact(text: str, field: Words) -> date:
    if not _COMPACT.fullmatch(text):
        raise FIELD(field=field, found=text[:40], wanted=Words("a day is written 20261130", "日期写作 20261130"))
    return _day(f"{text[:4]}-{text[4:6]}-{text[6:]}", field)


def _number(text: str) -> str:
    """An invoice's number in its one form: no spaces, NFKC, one dash, capitals."""
    found = _DASH.sub("-", "".join(unicodedata.normalize("NFKC", text).split()).upper())
    if not _NUMBER.fullmatch(found):
        wanted = Words(
            f"it has 1 to {LONGEST_NUMBER} Latin letters, digits, signs or Chinese characters",
            f"应为 1 至 {LONGEST_NUMBER} 个拉丁字母、数字、符号或汉字",
        )
        raise FIELD(field=NUMBER, found=text[:LONGEST_NUMBER], wanted=wanted)
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())


_READERS: Mapping[str, Callable[[etree._Element], InvoiceFile]] = {
    f"{UBL}Invoice-2|Invoice": _ubl,
    f"{UBL}CreditNote-2|CreditNote": _ubl,
    f"{CII}CrossIndustryInvoice:100|CrossIndustryInvoice": _cii,
    "|EInvoice": _chinese,
}
