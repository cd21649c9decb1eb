"""Write invoice files as made-up suppliers send them: EN 16931 as UBL 2.1 and as CII, and China's fully digital invoice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from farthing.kit.money import Money
from farthing.supply.invoices.reading import CAC, CBC, CII, RAM, UBL, UDT

TAX_PART = Decimal("0.13")
GUIDELINE = "urn:cen.eu:en16931:2017"


@dataclass(frozen=True, slots=True)
class Paper:
    """What an invoice says. ``credits``: the number of the invoice that a credit note takes back from."""

    seller: str
    seller_name: str
    buyer: str
    buyer_name: str
    number: str
    issued_on: date
    amount: Money
    due_on: date
    what: str = "货物"
    credits: str = ""

    @property
    def tax(self) -> Money:
        """Value added tax at 13%, within the amount."""
        return Money.rounded(self.amount.decimal() * TAX_PART / (1 + TAX_PART), self.amount.currency)

    @property
    def net(self) -> Money:
        """The amount without tax."""
        return self.amount - self.tax


def ubl(paper: Paper) -> bytes:
    """The file in UBL 2.1."""
    kind = "CreditNote" if paper.credits else "Invoice"
    space = f"{UBL}{kind}-2"
    root = etree.Element(f"{{{space}}}{kind}", nsmap={None: space, "cac": CAC[1:-1], "cbc": CBC[1:-1]})
    code = f"cbc:{kind}TypeCode"
    _put(root, "cbc:CustomizationID", GUIDELINE)
    _put(root, "cbc:ID", paper.number)
    _put(root, "cbc:IssueDate", str(paper.issued_on))
    if not paper.credits:
        _put(root, "cbc:DueDate", str(paper.due_on))
    _put(root, code, "381" if paper.credits else "380")
    _put(root, "cbc:DocumentCurrencyCode", paper.amount.currency)
    if paper.credits:
        _put(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", paper.credits)
    for side, number, name in (
        ("cac:AccountingSupplierParty", paper.seller, paper.seller_name),
        ("cac:AccountingCustomerParty", paper.buyer, paper.buyer_name),
    ):
        legal = _put(root, f"{side}/cac:Party/cac:PartyLegalEntity")
        _put(legal, "cbc:RegistrationName", name)
        _put(legal, "cbc:CompanyID", number)
    _put(root, "cac:TaxTotal/cbc:TaxAmount", paper.tax)
    totals = _put(root, "cac:LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", paper.net), ("TaxExclusiveAmount", paper.net), ("TaxInclusiveAmount", paper.amount),
        ("PayableAmount", paper.amount),
    ):  # fmt: skip
        _put(totals, f"cbc:{name}", amount)
    line = _put(root, f"cac:{kind}Line")
    _put(line, "cbc:ID", "1")
    _put(line, "cbc:LineExtensionAmount", paper.net)
    _put(line, "cac:Item/cbc:Name", paper.what)
    return _file(root)


def cii(paper: Paper) -> bytes:
    """The file in UN/CEFACT CII."""
    rsm = f"{CII}CrossIndustryInvoice:100"
    root = etree.Element(f"{{{rsm}}}CrossIndustryInvoice", nsmap={"rsm": rsm, "ram": RAM[1:-1], "udt": UDT[1:-1]})
    _put(root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", GUIDELINE)
    document = _put(root, "rsm:ExchangedDocument")
    _put(document, "ram:ID", paper.number)
    _put(document, "ram:TypeCode", "381" if paper.credits else "380")
    _put(document, "ram:IssueDateTime/udt:DateTimeString", f"{paper.issued_on:%Y%m%d}", format="102")
    deal = _put(root, "rsm:SupplyChainTradeTransaction")
    agreed = _put(deal, "ram:ApplicableHeaderTradeAgreement")
    for side, number, name in (
        ("ram:SellerTradeParty", paper.seller, paper.seller_name), ("ram:BuyerTradeParty", paper.buyer, paper.buyer_name),
    ):  # fmt: skip
        party = _put(agreed, side)
        _put(party, "ram:Name", name)
        _put(party, "ram:SpecifiedLegalOrganization/ram:ID", number)
    settled = _put(deal, "ram:ApplicableHeaderTradeSettlement")
    _put(settled, "ram:InvoiceCurrencyCode", paper.amount.currency)
    if not paper.credits:
        due = "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"
        _put(settled, due, f"{paper.due_on:%Y%m%d}", format="102")
    sums = _put(settled, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    for name, amount in (
        ("TaxBasisTotalAmount", paper.net), ("TaxTotalAmount", paper.tax), ("GrandTotalAmount", paper.amount),
        ("DuePayableAmount", paper.amount),
    ):  # fmt: skip
        _put(
            sums, f"ram:{name}", amount.plain(), **({"currencyID": amount.currency} if name == "TaxTotalAmount" else {})
        )
    if paper.credits:
        _put(settled, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID", paper.credits)
    return _file(root)


def chinese(paper: Paper) -> bytes:
    """The file as China's fully digital invoice; its number has 20 digits."""
    root = etree.Element("EInvoice")
    _put(root, "Header/EIid", paper.number)
    data = _put(root, "EInvoiceData")
    for side, number, name in (("Seller", paper.seller, paper.seller_name), ("Buyer", paper.buyer, paper.buyer_name)):
        party = _put(data, f"{side}Information")
        _put(party, f"{side}IdNum", number)
        _put(party, f"{side}Name", name)
    basic = _put(data, "BasicInformation")
    for name, amount in (
        ("TotalAmWithoutTax", paper.net), ("TotalTaxAm", paper.tax), ("TotalTax-includedAmount", paper.amount)
    ):  # fmt: skip
        _put(basic, name, amount.plain())
    _put(data, "IssuItemInformation/ItemName", paper.what)
    supervised = _put(root, "TaxSupervisionInfo")
    _put(supervised, "InvoiceNumber", paper.number)
    _put(supervised, "IssueTime", str(paper.issued_on))
    return _file(root)


_SPACES = {"cac": CAC, "cbc": CBC, "ram": RAM, "udt": UDT, "rsm": f"{{{CII}CrossIndustryInvoice:100}}"}


def _put(at: etree._Element, path: str, value: Money | str = "", **about: str) -> etree._Element:
    """Put an element, and those that lead to it, at the end; an amount says its currency."""
    for step in path.split("/"):
        prefix, _, name = step.rpartition(":")
        at = etree.SubElement(at, f"{_SPACES[prefix]}{name}" if prefix else name)
    if isinstance(value, Money):
        about, value = {"currencyID": value.currency, **about}, value.plain()
    at.text = value or None
    for key, said in about.items():
        at.set(key, said)
    return at


def _file(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content
