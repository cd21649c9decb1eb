"""The evidence of an agreement: the same checker judges it, with nothing of this bank; a stranger gets none."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

from farthing.assurance import agreements_service as packages
from farthing.assurance.agreements_service import PackageAgreement
from farthing.evidence.checker.main import check
from tests.banks import Bank
from tests.parties.people import register_person
from tests.signing.agreements.desk import Desk


def test_an_agreement_is_packaged_and_checked_without_the_bank(bank: Bank, tmp_path: Path) -> None:
    desk = Desk(bank)
    agreement = desk.draw()
    asked = PackageAgreement(desk.elder.id, agreement.id)
    assert desk.refused(packages.package_agreement, asked) == "signing.not_sealed"
    desk.sign(agreement, desk.elder)
    desk.sign(agreement, desk.helper)
    desk.seal(agreement)
    stranger = PackageAgreement(register_person(bank, 3).id, agreement.id)
    assert desk.refused(packages.package_agreement, stranger) == "signing.unknown_agreement"
    made = bank.run(packages.package_agreement, asked)
    content = base64.b64decode(made.content_base64)
    path = tmp_path / "agreement.zip"
    path.write_bytes(content)
    report = check(path)
    assert not report.failed, report.failed
    passed = {each.code for each in report.passed}
    assert {"checkpoint.signature", "checkpoint.timestamp", "leaf.included", "terms.attached"} <= passed, passed
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = json.loads(archive.read("records/identity.json"))
        held = json.loads(archive.read("records/custody.json"))
        form = json.loads(archive.read("records/form.json"))
        standing = json.loads(archive.read("records/standing.json"))
        names = [each for each in archive.namelist() if each.startswith("log/leaves/") and each.endswith(".json")]
        kinds = {json.loads(archive.read(each))["kind"] for each in names}
    assert (standing["state"], standing["ended_on"]) == ("in_force", None) and standing["effective_on"]
    assert [(each["role"], each["custody"]) for each in held] == [
        ("platform", "seal"), ("principal", "session"), ("helper", "session"), ("institution", "seal"),
    ]  # fmt: skip
    assert "page comes from the platform" in held[1]["limit"]["en"] and "页面由平台提供" in held[1]["limit"]["zh"]
    assert [each["role"] for each in said] == ["principal", "helper", "institution"]
    assert desk.elder.number not in json.dumps(said) and form["product"] == "power-of-attorney"
    assert {"signing.contract_prepared", "signing.signed", "signing.agreement_in_force"} <= kinds
    spoilt = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = content.index(b"contract.pdf") + 2_000
    spoilt[at] ^= 1
    path.write_bytes(bytes(spoilt))
    assert check(path).failed
