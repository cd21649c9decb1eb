"""Own which rows, accounts and leaves an export for a backup servicer carries, and what it leaves out and says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from farthing.kit.words import Words
from farthing.ledger.chart import in_currency


@dataclass(frozen=True, slots=True)
class Table:
    """A table of which rows are carried: all, or those whose ``column`` names one of the chosen people, loans, contracts..."""

    name: str
    column: str = ""
    of: str = ""


TABLES = (
    Table("party", "id", "people"), Table("party_number", "party_id", "people"),
    Table("party_verification", "party_id", "people"), Table("level_evidence", "party_id", "people"), Table("level_rule"),
    Table("wallet", "party_id", "people"),
    Table("packet"), Table("packet_taken"), Table("packet_member"), Table("packet_claim"),
    Table("product_version"), Table("product"), Table("reference_rate"), Table("bank_holiday"),
    Table("credit_commitment"), Table("credit_borrower"), Table("credit_guarantee"),
    Table("credit_consent", "party_id", "people"), Table("credit_scorecard"), Table("credit_decision", "id", "decisions"),
    Table("contract", "id", "contracts"), Table("contract_revision", "contract_id", "contracts"),
    Table("signing_certificate", "contract_id", "contracts"), Table("contract_contest", "contract_id", "contracts"),
    Table("loan_offer", "id", "offers"), Table("loan"), Table("loan_plan"), Table("loan_event"), Table("loan_obligation"),
    Table("loan_flow"), Table("loan_month"), Table("loan_ruling"), Table("loan_contact"), Table("loan_guarantee"),
    Table("loan_pledge"), Table("loan_collateral"), Table("loan_valuation"), Table("loan_hardship"), Table("loan_provision"),
    Table("loan_suspension"), Table("loan_deferral"),
    Table("loan_group"), Table("loan_group_member"), Table("loan_sheet"), Table("loan_sheet_line"),
    Table("funding_partner"), Table("funding_programme"), Table("funding_inquiry"), Table("funding_part"),
    Table("funding_cover_claim"),
    Table("funding_note"),
    Table("funding_listed"), Table("funding_pledge"), Table("funding_edition"), Table("funding_lender_note"),
    Table("market_lender"), Table("market_mandate"), Table("market_listing"), Table("market_fill"), Table("market_batch"),
    Table("market_offered"), Table("market_sale"), Table("market_resale"), Table("market_claim"),
)  # fmt: skip
"""In the order in which they are written and read."""
OWN = frozenset({"product_version", "product", "reference_rate", "bank_holiday", "credit_scorecard", "level_rule"})
"""Of these a bank that takes over has rows of its own, which stay: a version, a scorecard and rules of levels are named by their
digests, a rate by its day."""

LEFT_OUT: Mapping[str, Words] = {
    "deposits and shares of funds": Words(
        "deposits and shares of funds: they are under another law, and their own insurer or custodian takes them over; what of"
        " a deposit is pledged for a loan comes with it, onto its owner's wallet",
        "存款和基金份额：适用其他法律，由存款保险机构或基金托管人接管；为贷款质押的存款部分随贷款移交，转入出质人钱包并继续冻结",
    ),
    "projects": Words(
        "projects that many pay for together: they end with the bank, and what lies on their escrow is client money",
        "众筹项目：随本机构终止，其托管账户中的款项为客户资金",
    ),
    "passwords": Words(
        "passwords, sessions, devices, keys of programs: people sign up again with a code to the phone on file",
        "密码、会话、设备和程序密钥：客户凭预留手机号的验证码重新注册",
    ),
    "staff": Words("staff, drafts, drawers", "员工、待复核事项、尾箱"),
    "bills": Words(
        "payment histories that borrowers brought, disputes and reviews of decisions",
        "借款人导入的账单、异议与人工复核"
    ),
    "papers": Words(
        "requests to and payments over rails, which are settled at the old bank", "通道上的请求与收付，由原机构结清"
    ),
    "receivables": Words(
        "receivables of supply chains, their parts and pledges: an advance that is carried comes without what secured it",
        "供应链应收账款及其拆分与质押：移交的融资不附带其担保",
    ),
    "powers": Words(
        "powers of helpers, guardians and signatories: they are given or entered anew",
        "代理人、监护人和授权签署人的授权：须重新授予或登记",
    ),
    "consents": Words(
        "what people let partners know of them, and sign-ins by other institutions: consented to and linked anew",
        "客户向合作机构告知信息的同意，以及通过其他机构登录的绑定：须重新同意和绑定",
    ),
    "voice": Words(
        "complaints, praise, ideas and questions, and what was paid for them: the old bank answers what is open",
        "投诉、表扬、建议、咨询及其补偿：未办结事项由原机构答复",
    ),
    "agreements": Words(
        "agreements other than contracts of loans, and signatures that were being prepared: the old bank keeps them",
        "贷款合同以外的协议及尚在准备的签名：由原机构保存",
    ),
    "statements": Words(
        "statements of partners' accounts, partners' own files and breaks: statements begin anew, with what each"
        " account holds",
        "合作方对账单、对方文件及差异：对账单重新编号，首份仅载明接管时余额",
    ),
}  # fmt: skip
"""What stays behind, and why."""

CLAIMS = (
    "assets:loans", "assets:disbursed", "assets:placed", "assets:cover", "assets:interest-receivable",
    "assets:penalty-receivable", "liabilities:collections", "liabilities:owed-back", "liabilities:topped-up",
    "assets:loan-loss-allowance", "assets:interest-suspended", "liabilities:deferred-fees", "liabilities:escrow",
    "assets:settlement", "liabilities:settlement",
)  # fmt: skip
"""Accounts at or below these are taken over with every entry that ever touched them."""
WALLETS = "liabilities:wallets"
KEPT = ("income", "expenses")
"""What was earned and spent stands as it was posted, and is taken out in one sum."""
EARNED = "income:taken-over"
"""The other side of what the old bank earned, so that the new one has earned nothing by taking over."""


def transfer(code: str, currency: str, home: str) -> str:
    """What is owed to the bank that was taken over for what is carried, beyond what belongs to its customers."""
    return in_currency(f"liabilities:transfer:{code.lower()}", currency, home)


def handed_over(code: str, currency: str, home: str) -> str:
    """Where the customers' money comes in that is handed over with their claims."""
    return in_currency(f"assets:cash:transfer-{code.lower()}", currency, home)


def below(path: str, roots: tuple[str, ...]) -> bool:
    """Whether an account stands at or below one of some roots."""
    return any(path == root or path.startswith(root + ":") for root in roots)


def carried(path: str) -> bool:
    """Whether what an account holds is taken over."""
    return below(path, (*CLAIMS, WALLETS, *KEPT))
