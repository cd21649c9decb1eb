"""A contested contract stands still and is packaged as it was; two of the staff end it, and what waited goes on or ends."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest

from farthing.assurance import agreements_service as packages
from farthing.assurance import contests_service as contesting
from farthing.assurance.agreements_service import PackageAgreement
from farthing.assurance.contests_service import ContestAgreement, ContestLoan
from farthing.bank.founding import agreed
from farthing.evidence import service as evidence
from farthing.evidence.checker.main import check
from farthing.lending.collections import service as collections
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import StepBack
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import DecideContest, WithdrawContest
from tests.banks import Bank
from tests.lending.house import House
from tests.parties.people import register_person
from tests.signing.agreements.desk import Desk


def decided(desk: Desk, contest_id: str, *, upheld: bool) -> str:
    agreed(desk.bank.kernel, contesting.decide, DecideContest(contest_id, upheld, "两名员工核对了见证记录。"))
    return desk.bank.read(lambda tx: contests.contest(tx, contest_id)).outcome or ""


@pytest.mark.long
def test_an_agreement_that_is_contested_stands_still(bank: Bank, tmp_path: Path) -> None:
    desk = Desk(bank)
    waits, agreement = desk.draw("a2"), desk.draw()
    stranger = ContestAgreement(register_person(bank, 3).id, waits.id, "not_mine", "不是我签的")
    assert desk.refused(contesting.contest_agreement, stranger) == "signing.unknown_agreement"
    _before_it_is_complete(desk, waits.id)
    desk.sign(agreement, desk.elder)
    desk.sign(agreement, desk.helper)
    assert desk.seal(agreement).state == "in_force"
    claim = ContestAgreement(desk.elder.id, agreement.id, "not_understood", "我以为只是取退休金")
    opened = bank.run(contesting.contest_agreement, claim, key="c1")
    assert bank.run(contesting.contest_agreement, claim, key="c1").contest == opened.contest
    assert desk.refused(contesting.contest_agreement, claim) == "signing.contested_already"
    back = StepBack(agreement.id, desk.helper.id)
    assert desk.refused(agreements.step_back, back) == "signing.contested"
    content = base64.b64decode(opened.content_base64)
    (tmp_path / "p.zip").write_bytes(content)
    assert not check(tmp_path / "p.zip").failed
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (said,) = json.loads(archive.read("records/contests.json"))
    assert said["claim"] == "not_understood" and said["said"] == claim.said and said["outcome"] is None
    other = bank.run(packages.package_agreement, PackageAgreement(desk.helper.id, agreement.id), key="p")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(other.content_base64))) as archive:
        (told,) = json.loads(archive.read("records/contests.json"))
    assert told["claim"] == "not_understood" and "said" not in told, "her words are not for the other side"
    listed = bank.read(lambda tx: evidence.leaf(tx, opened.contest.evidence)).content
    assert listed["kind"] == "evidence.package" and listed["data"]["subject"] == agreement.id
    theirs = WithdrawContest(desk.helper.id, opened.contest.id)
    assert desk.refused(contesting.withdraw, theirs) == "signing.unknown_contest"
    assert decided(desk, opened.contest.id, upheld=True) == "upheld"
    assert bank.read(lambda tx: agreements.agreement(tx, agreement.id)).state == "ended"
    own = bank.read(lambda tx: contests.own_contests(tx, desk.elder.id))
    assert [each.outcome for each in own] == ["upheld", "rejected", "withdrawn"]


def _before_it_is_complete(desk: Desk, agreement_id: str) -> None:
    """There is no package yet; nothing takes effect until it is over, and then what was complete does."""
    claim = ContestAgreement(desk.elder.id, agreement_id, "pressed", "催得急")
    first = desk.bank.run(contesting.contest_agreement, claim)
    assert first.sha256 == "" and first.contest.evidence == ""
    took = WithdrawContest(desk.elder.id, first.contest.id)
    assert desk.bank.run(contesting.withdraw, took).outcome == "withdrawn"
    assert desk.refused(contesting.withdraw, took) == "signing.contest_over"
    again = desk.bank.run(contesting.contest_agreement, claim, key="again").contest
    agreement = desk.bank.read(lambda tx: agreements.agreement(tx, agreement_id))
    desk.sign(agreement, desk.elder)
    desk.sign(agreement, desk.helper)
    sealed = desk.seal(agreement)
    assert (sealed.state, sealed.effective_on) == ("sealed", None)
    assert decided(desk, again.id, upheld=False) == "rejected"
    assert desk.bank.read(lambda tx: agreements.agreement(tx, agreement_id)).state == "in_force"


def test_a_contest_that_outlives_the_days_to_sign_ends_what_never_took_effect(bank: Bank) -> None:
    desk = Desk(bank)
    agreement = desk.draw()
    claim = ContestAgreement(desk.elder.id, agreement.id, "pressed", "催得急")
    opened = bank.run(contesting.contest_agreement, claim).contest
    desk.sign(agreement, desk.elder)
    desk.sign(agreement, desk.helper)
    desk.seal(agreement)
    desk.days(8)
    assert bank.read(lambda tx: agreements.agreement(tx, agreement.id)).state == "sealed", "no more is it lapsed"
    bank.run(contesting.withdraw, WithdrawContest(desk.elder.id, opened.id))
    found = bank.read(lambda tx: agreements.agreement(tx, agreement.id))
    assert (found.state, found.effective_on) == ("ended", None), "what waited for it counts on it no more"


@pytest.mark.long
def test_a_loan_that_is_contested_is_not_paid_out_and_not_sold(database_url: str) -> None:
    house = House(database_url)
    paid = house.active()
    bank = house.bank
    opened = bank.run(contesting.contest_loan, ContestLoan(paid.id, "other_text", "年利率不是这个"))
    assert len(base64.b64decode(opened.content_base64)) > 10_000 and opened.contest.subject == paid.id
    borrowers = {paid.id: paid.party_id}
    assert bank.read(lambda tx: collections.contested(tx, borrowers)) == {paid.id}
    bank.run(contesting.withdraw, WithdrawContest(paid.party_id, opened.contest.id))
    assert bank.read(lambda tx: collections.contested(tx, borrowers)) == set()
    loan = house.funded("500")
    house.sign(loan.id)
    bank.run(contesting.contest_loan, ContestLoan(loan.id, "not_mine", "不是我"))
    house.complete(loan.id)
    assert house.loan(loan.id).state == "funded" and house.loan(loan.id).disbursed_on is None
