"""Own the grades of evidence: who vouches for the history that a decision rests on, and the words of it. Pure.

A file that somebody brings can be written by anybody. What is lent on it alone is small; it grows with a seal of the wallet
that issued it, or with loans repaid here. How much each grade carries is policy data (``policies/*.toml``, ``evidence_max``).
What this bank's own books tell (``books``) is the strongest: nobody brought it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from farthing.credit.model import Grounds
from farthing.credit.owing.model import Commitment
from farthing.kit.money import Money
from farthing.kit.words import Words

Grade = Literal["file", "holder", "record", "vouched", "pulled", "books", "debtor"]
RANK: tuple[Grade, ...] = ("file", "holder", "record", "vouched", "pulled")
"""Grades of what a person brings or allows to be fetched, the weakest first; the other two are of another kind."""
PULLED = "pulled:"
"""What ``vouched_by`` begins with where nobody brought the history: it was fetched from who keeps it, as the person allowed."""

SHORTEST_RECORD_DAYS = 90
"""How long a loan must have run here before its repayment says something."""
LATEST_RECORD_DAYS = 30
"""How late an instalment of it may have been."""
WORDS: Mapping[str, Words] = {
    "file": Words(
        "It rests on a file that names nobody and that nobody vouches for",
        "依据的是未署名且无人担保其真实性的账单文件",
    ),
    "holder": Words(
        "It rests on a file in the applicant's name that nobody vouches for",
        "依据的是户名相符、但无人担保其真实性的账单文件",
    ),
    "record": Words(
        "It rests on a file, and on loans repaid here",
        "依据的是账单文件以及在本机构的还款记录",
    ),
    "vouched": Words(
        "It rests on a history that its issuer has sealed for the applicant",
        "依据的是由出具方为申请人签章的支付记录",
    ),
    "pulled": Words(
        "It rests on a history fetched from the institution that keeps it, as the applicant allowed",
        "依据的是经申请人授权、直接从存有记录的机构取得的支付记录",
    ),
    "books": Words(
        "It rests on what the applicant's shop took here, as this bank's own books tell it",
        "依据的是本行账簿记载的商户收款",
    ),
    "debtor": Words(
        "It rests on a payable that a company graded by this bank confirmed, and on no history of the applicant's",
        "依据的是经本行评级的企业确权的应收账款，不依据申请人自身的支付记录",
    ),
}
CALLED: Mapping[str, Words] = {
    "holder": Words("a bill in your name", "提交户名相符的账单"),
    "record": Words(
        f"a loan of at least {SHORTEST_RECORD_DAYS} days repaid here on time",
        f"在本机构按时还清一笔期限不少于 {SHORTEST_RECORD_DAYS} 天的贷款",
    ),
    "vouched": Words("the certificate that your wallet seals for you", "提交支付机构签章的交易流水证明"),
    "pulled": Words("a history that you let us fetch from your bank or wallet", "授权直接从您的银行或支付机构取得记录"),
}
"""How somebody comes to a better grade."""


def grade_of(imports: Sequence[Mapping[str, Any]], here: Sequence[Commitment]) -> Grade:
    """The grade of a history: the weakest of the bills that added something to it, or the record here if that is better.

    The weakest, for figures are made of all rows together, and one file written by hand can raise them all.
    """
    counted = [row for row in imports if row["added"]] or list(imports)
    if counted and all(row["vouched_by"] for row in counted):
        return "pulled" if all(row["vouched_by"].startswith(PULLED) for row in counted) else "vouched"
    if any(_on_record(each) for each in here):
        return "record"
    named = counted and all(row["vouched_by"] or row["holder_check"] != "unverifiable" for row in counted)
    return "holder" if named else "file"


def _on_record(each: Commitment) -> bool:
    if each.state != "repaid" or each.drawn_on is None or each.ended_on is None:
        return False
    return (each.ended_on - each.drawn_on).days >= SHORTEST_RECORD_DAYS and each.worst_days_late <= LATEST_RECORD_DAYS


OWN_WALLET = Words(
    "It rests on what the applicant's own wallet here took in and paid, as this bank's own books tell it",
    "依据的是本行账簿记载的申请人本人钱包收支",
)


def grounds(grade: str, most: Money | None, beside: bool = False, wallet: bool = False) -> Grounds:
    """What a decision says of its evidence, in both languages. ``beside``: receipts kept here were counted beside bills;
    ``wallet``: the party's own wallet here was counted, alone where the grade is of the books."""
    words = OWN_WALLET if wallet and grade == "books" else WORDS[grade]
    if wallet and grade != "books":
        words = Words(
            f"{words.en}, and on the wallet in this bank's own books", f"{words.zh}，并参考本行账簿记载的钱包收支"
        )
    if beside:
        words = Words(
            f"{words.en}, and on receipts in this bank's own books", f"{words.zh}，并参考本行账簿记载的商户收款"
        )
    carried = f"; at most {most} may be owed here on it in all" if most is not None else ""
    carried_zh = f"；据此在本机构的欠款合计最多 {most}" if most is not None else ""
    return Grounds(grade, f"{words.en}{carried}.", f"{words.zh}{carried_zh}。", most)
