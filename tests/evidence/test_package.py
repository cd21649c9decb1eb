"""A package is built the same twice, checks out, and every alteration of it is a named failure."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms

from farthing.evidence import note, package, service
from farthing.evidence.checker import Report, check, document, log
from farthing.evidence.model import Personal
from farthing.kit.canonical import canonical
from tests.banks import Shelf
from tests.conftest import DAY
from tests.evidence import authority as authorities
from tests.evidence.authority import Authority
from tests.evidence.conftest import committing
from tests.evidence.made import sealed_package
from tests.log_signers import LOG, sign_checkpoint

Commit = Callable[..., Any]
LOAN = "loan_" + "0" * 25 + "1"


@dataclass
class Sealed:
    """A package in a folder, with what tests need to make others like it."""

    path: Path
    trust: Path
    parts: package.Parts
    leaves: list[str]
    commit: Commit
    authority: Authority

    @property
    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as held:
            return {name: held.read(name) for name in held.namelist()}

    def again(self, leaves: list[str] | None = None, **changed: Any) -> Report:
        """Seal other parts honestly, and check them against the given trust."""
        parts = replace(self.parts, **changed)
        raw = self.commit(lambda tx: sealed_package(tx, parts, leaves or self.leaves, self.authority))
        return self.check_bytes(raw)

    def check_members(self, members: dict[str, bytes], *, trusted: bool = True, manifest: bool = True) -> Report:
        """Check members as an attacker would hand them over: with a manifest made anew."""
        if manifest:
            rest = {name: raw for name, raw in members.items() if name != package.MANIFEST}
            members = {**rest, package.MANIFEST: package.manifest(rest)}
        return self.check_bytes(package.write_zip(members), trusted=trusted)

    def check_bytes(self, raw: bytes, *, trusted: bool = True) -> Report:
        other = self.path.with_name("other.zip")
        other.write_bytes(raw)
        return check(other, self.trust if trusted else None)


def _codes(report: Report) -> set[str]:
    return {finding.code for finding in report.failed}


def _entry(number: int, minor: int) -> dict[str, Any]:
    amounts = [("assets:loans:L1:principal", minor), ("liabilities:wallets:W1", -minor)]
    postings = [{"account": path, "amount": {"currency": "CNY", "minor": value}} for path, value in amounts]
    return {
        "id": f"entry_{number}",
        "reference": f"loan:L1:{number}",
        "effective_on": "2026-11-24",
        "postings": postings,
    }


@pytest.fixture(scope="module")
def made(shelf: Shelf, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    """One package for all of these tests, over the log of one bank."""
    with shelf.bank(DAY) as bank:
        yield _made(tmp_path_factory.mktemp("package"), committing(bank), authority)


@pytest.fixture
def alone(shelf: Shelf, authority: Authority, tmp_path: Path) -> Iterator[Sealed]:
    """A package over a log that no other test writes to."""
    with shelf.bank(DAY) as bank:
        yield _made(tmp_path, committing(bank), authority)


@pytest.fixture
def sealed(made: Sealed) -> Iterator[Sealed]:
    """The package; whoever alters its file is noticed."""
    before = made.path.read_bytes(), made.trust.read_bytes()
    yield made
    assert (made.path.read_bytes(), made.trust.read_bytes()) == before


def _made(tmp_path: Path, commit: Commit, authority: Authority) -> Sealed:
    terms = canonical({"loan": LOAN, "principal": {"currency": "CNY", "minor": 500_000}, "名": "应急贷"})
    people = [authority.issue("Platform"), authority.issue("林小满")]
    contract = authority.sign_pdf(authorities.document(terms), people)
    entries = [_entry(1, 500_000), _entry(2, -41_667)]
    digests = {
        "contract_sha256": hashlib.sha256(contract).hexdigest(),
        "terms_sha256": hashlib.sha256(terms).hexdigest(),
    }
    items: list[tuple[str, object]] = [
        ("signing.sealed", {"loan": LOAN, **digests}),
        ("lending.disburse", {"loan": LOAN, "journal_entries": package.journal_digests(entries[:1])}),
        ("lending.repay", {"loan": LOAN, "result": {"journal_entries": package.journal_digests(entries[1:])}}),
        ("identity.proofed", {"loan": LOAN, "name": Personal("林小满")}),
    ]
    leaves = commit(lambda tx: service.append_many(tx, items))
    parts = package.Parts(
        subject=LOAN,
        title="Loan L1",
        made_at=authority.now,
        contract=contract,
        terms=terms,
        journal=entries,
        journal_text="2026-11-24 loan:L1:1\n",
        records={"decision": {"answer": "approve"}, "consents": []},
        roots=authority.root_pem,
        chain=authority.tsa_pem,
        revocation_lists=(authority.crl(),),
        software={"farthing": "0.1.0"},
    )
    raw = commit(lambda tx: sealed_package(tx, parts, leaves, authority))
    path, trust = tmp_path / "loan.zip", tmp_path / "trusted.pem"
    path.write_bytes(raw)
    signer = LOG
    trust.write_bytes(authority.root_pem + f"{note.VerifierKey(signer.name, signer.public)}\n".encode())
    return Sealed(path, trust, parts, leaves, commit, authority)


def test_a_whole_package_checks_out(sealed: Sealed) -> None:
    report = check(sealed.path, sealed.trust)
    assert [f"{finding.code}: {finding.en}" for finding in report.failed] == []
    assert report.exit_code == 0
    passed = [finding.code for finding in report.passed]
    assert {
        "manifest", "checkpoint.signature", "checkpoint.timestamp", "leaf.included", "inventory", "pdf.sealed",
        "pdf.timestamp", "pdf.signature", "revocation.good", "contract_sha256", "terms_sha256", "terms.attached",
        "journal.balanced",
    } <= set(passed)  # fmt: skip
    assert passed.count("pdf.signature") == 2
    left = {finding.code for finding in report.not_checked}
    assert "limit.truth" in left
    assert not {"trust.roots", "trust.log_key"} & left
    assert all(finding.zh and finding.en for finding in report.findings)


def test_without_given_trust_the_report_says_so(sealed: Sealed) -> None:
    left = {finding.code for finding in check(sealed.path).not_checked}
    assert {"trust.roots", "trust.log_key"} <= left


def test_the_same_parts_give_the_same_bytes(alone: Sealed) -> None:
    made = alone.commit(service.latest_checkpoint)
    ids = [name.split("/")[-1][:-5] for name in alone.members if re.fullmatch(r"log/leaves/.*\.json", name)]
    ordered = sorted(ids, key=lambda ident: ident)
    leaves = [
        (alone.commit(lambda tx, i=i: service.leaf(tx, i)), alone.commit(lambda tx, i=i: service.tlog_proof(tx, i)))
        for i in ordered
    ]
    keys = alone.members["log/keys.txt"].decode().splitlines()
    assert package.build(alone.parts, package.LogParts(made, leaves, keys)) == alone.path.read_bytes()


def test_it_runs_alone(sealed: Sealed, tmp_path: Path) -> None:
    """Isolated Python, another folder: only the checker's own folder, the standard library and openssl."""
    shutil.copytree(Path(log.__file__).parent, tmp_path / "checker")
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from checker.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-I", "-S", "-c", start, str(sealed.path)]
    done = subprocess.run([*command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CHECKED AND FOUND IN ORDER" in done.stdout
    assert "NOT CHECKED / 未检查" in done.stdout
    answered = [*command, "--trust", str(sealed.trust), "--json"]
    done = subprocess.run(answered, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["exit_code"] == 0


def test_a_package_brings_nothing_to_run(sealed: Sealed) -> None:
    assert "__main__.py" not in sealed.members
    first = sealed.members["HOWTO.en.txt"].decode().split("\n\n")[1]
    assert first.startswith("NEVER RUN A PROGRAM OUT OF THE PACKAGE")


def _flipped(members: Mapping[str, bytes], name: str, chosen: random.Random) -> bytes:
    """A member with one bit flipped. Of a time stamp's token a bit of what it stamps: tokens differ from run to run and
    hold bits that no signature covers (RFC 5652: unsigned attributes, certificates nobody needs), which say nothing."""
    raw = bytearray(members[name])
    places = range(len(raw))
    if name.endswith(".tst"):
        stamp = cms.ContentInfo.load(bytes(raw))["content"]["encap_content_info"]["content"].parsed
        imprint = stamp["message_imprint"]["hashed_message"].native
        places = range(raw.index(imprint), raw.index(imprint) + len(imprint))
    raw[chosen.choice(places)] ^= 1 << chosen.randrange(8)
    return bytes(raw)


def _changed(members: Mapping[str, bytes], name: str, chosen: random.Random) -> list[bytes]:
    """A member's content otherwise: a bit, longer at both ends, empty."""
    raw = members[name]
    return [_flipped(members, name, chosen), raw + b"\n", b" " + raw, b""]


@pytest.mark.long
def test_every_change_to_every_member_is_noticed(sealed: Sealed) -> None:
    """With a manifest made anew, as a forger would: changed, removed, renamed, exchanged with the next."""
    chosen = random.Random(13)
    members = {name: raw for name, raw in sealed.members.items() if name != package.MANIFEST}
    more = [name for name in members if name.startswith(("checker/", "log/leaves/"))]
    names = sorted(members.keys() - set(more[2:]) - {"HOWTO.zh.txt"})
    missed = []
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        rest = {key: raw for key, raw in members.items() if key != name}
        tried = [("removed", rest), ("renamed", {**rest, f"{name}.old": members[name]})]
        tried += [("exchanged", {**members, name: members[other], other: members[name]})]
        tried += [(f"changed {n}", {**members, name: each}) for n, each in enumerate(_changed(members, name, chosen))]
        missed += [
            f"{name} {what}" for what, each in tried if each != members and not sealed.check_members(each).failed
        ]
    assert not missed, missed


@pytest.mark.parametrize(
    "name",
    ["extra.txt", "records/extra.json", "log/extra", "log/leaves/x.json", "log/leaves/x.tlog-proof", "log/../../x", "/x",
     "..", "a//b", "a\\b", "log/", "a b", "LOG/KEYS.TXT", "é", "crls/99.crl", "checker/extra.py", "__main__.py", ".x"],
)  # fmt: skip
def test_a_member_too_many_is_noticed(sealed: Sealed, name: str) -> None:
    assert sealed.check_members({**sealed.members, name: b"x"}).failed


def test_the_timestamp_is_not_taken_away(sealed: Sealed) -> None:
    without = {name: raw for name, raw in sealed.members.items() if name != "log/checkpoint.tst"}
    assert "checkpoint.timestamp_gone" in _codes(sealed.check_members(without))
    assert "manifest.missing" in _codes(sealed.check_members(without, manifest=False))


def test_bytes_of_the_zip_itself(sealed: Sealed) -> None:
    """Before, after, between; every byte outside the members' own content; packed again by another program."""
    raw = sealed.path.read_bytes()
    with zipfile.ZipFile(sealed.path) as held:
        content = set()
        for item in held.infolist():
            start = item.header_offset + 30 + len(item.filename)
            content |= set(range(start, start + item.compress_size))
    outside = [at for at in range(len(raw)) if at not in content]
    for at in [*outside[:40], *outside[-120:], *random.Random(5).sample(outside, 60)]:
        flipped = bytearray(raw)
        flipped[at] ^= 1
        assert _codes(sealed.check_bytes(bytes(flipped))) == {"package.unreadable"}, at
    for other in (b"x" + raw, raw + b"x", raw + raw, b"", raw[:100], raw[:-1], b"PK\x03\x04" + raw):
        assert _codes(sealed.check_bytes(other)) == {"package.unreadable"}
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as packed:
        for name, each in sealed.members.items():
            packed.writestr(name, each)
    assert _codes(sealed.check_bytes(again.getvalue())) == {"package.unreadable"}


def test_what_is_given_to_trust_must_be_readable(sealed: Sealed, tmp_path: Path) -> None:
    good = sealed.trust.read_text()
    key = good.splitlines()[-1]
    wrong = key[:-5] + ("A" if key[-5] != "A" else "B") + key[-4:]
    for text, code in [
        ("host\n", "trust.empty"), ("", "trust.empty"), (good.replace(key, wrong), "trust.key"),
        (good.replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n!!!"), "trust.unreadable"),
    ]:  # fmt: skip
        file = tmp_path / "trusted.txt"
        file.write_text(text)
        report = check(sealed.path, file)
        assert code in _codes(report), text
        assert report.exit_code == 1


def test_many_streams_without_an_end_take_no_time(sealed: Sealed) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        assert not document.attached(b"stream\n" * 4 * times, b"terms")
        assert not document.attached(b"stream\nendstream" * times, b"terms")
        return time.process_time() - began

    assert document.attached(b"stream\r\nterms\nendstream", b"terms")
    assert seconds(100_000) < 40 * seconds(10_000) + 0.1, "ten times as much takes a hundred times as long"


@pytest.mark.long
def test_any_flipped_byte_of_any_member_is_named(sealed: Sealed) -> None:
    chosen = random.Random(11)
    members = sealed.members
    plain, anew = [], []
    for name in sorted(members):
        altered = {**members, name: _flipped(members, name, chosen)}
        report = sealed.check_members(altered, manifest=False)
        if not report.failed:
            plain.append(name)
        if name != package.MANIFEST and not sealed.check_members(altered).failed:
            anew.append(name)
    assert (plain, anew) == ([], [])


def test_removed_added_and_torn(sealed: Sealed) -> None:
    members = sealed.members
    leaf = f"log/leaves/{sealed.leaves[0]}"
    without = {name: raw for name, raw in members.items() if not name.startswith(leaf)}
    assert "inventory.leaf" in _codes(sealed.check_members(without))
    assert "manifest.missing" in _codes(sealed.check_members(without, manifest=False))
    unproven = {name: raw for name, raw in members.items() if name != f"{leaf}.tlog-proof"}
    assert "leaf.proof_missing" in _codes(sealed.check_members(unproven))
    assert "inventory.member" in _codes(sealed.check_members({**members, "records/extra.json": b"{}"}))
    assert "manifest.extra" in _codes(sealed.check_members({**members, "extra": b""}, manifest=False))
    no_contract = {name: raw for name, raw in members.items() if name != "contract.pdf"}
    assert "inventory.member" in _codes(sealed.check_members(no_contract))
    stripped = {name: raw for name, raw in members.items() if not name.startswith("log/")}
    assert "log.unreadable" in _codes(sealed.check_members(stripped))
    assert _codes(sealed.check_bytes(sealed.path.read_bytes()[:-40])) == {"package.unreadable"}
    raw = bytearray(sealed.path.read_bytes())
    raw[len(raw) // 2] ^= 1
    assert _codes(sealed.check_bytes(bytes(raw)))
    twice = io.BytesIO(sealed.path.read_bytes())
    with pytest.warns(UserWarning), zipfile.ZipFile(twice, "a") as held:
        held.writestr("terms.json", b"{}")
    assert _codes(sealed.check_bytes(twice.getvalue())) == {"package.unreadable"}


def test_junk_after_the_contract_and_swapped_terms(sealed: Sealed) -> None:
    """Sealed anew by the platform itself, with every digest right: the contract's own signatures still tell."""
    junk = sealed.again(contract=(sealed.parts.contract or b"") + b"\n% junk\n")
    assert _codes(junk) == {"pdf.not_sealed", "contract_sha256"}
    swapped = sealed.again(terms=canonical({"loan": LOAN, "principal": {"currency": "CNY", "minor": 900_000}}))
    assert _codes(swapped) == {"terms_sha256", "terms.attached"}
    assert sealed.parts.contract is not None
    inside = sealed.parts.contract.replace(b"/MediaBox", b"/MediaBex", 1)
    assert "pdf.signature" in _codes(sealed.again(contract=inside))


def test_two_packages_whose_files_are_exchanged(sealed: Sealed) -> None:
    """Both are whole and of one bank, and the manifest is made anew: the log knows which file is whose."""
    people = [sealed.authority.issue("Platform"), sealed.authority.issue("王大同")]
    terms = canonical({"loan": LOAN, "principal": {"currency": "CNY", "minor": 1}})
    other = replace(
        sealed.parts, title="Loan L2", terms=terms, records={"decision": {"answer": "refuse"}, "consents": []},
        contract=sealed.authority.sign_pdf(authorities.document(terms), people),
    )  # fmt: skip
    raw = sealed.commit(lambda tx: sealed_package(tx, other, sealed.leaves, sealed.authority))
    with zipfile.ZipFile(io.BytesIO(raw)) as held:
        theirs = {name: held.read(name) for name in held.namelist()}
    ours = sealed.members
    assert not _codes(sealed.check_bytes(raw)) - {"contract_sha256", "terms_sha256"}
    differ = [
        name for name in sorted(ours) if name in theirs and ours[name] != theirs[name] and name != package.MANIFEST
    ]
    assert {"contract.pdf", "terms.json", "package.json", "records/decision.json", "log/checkpoint.txt"} <= set(differ)
    for name in differ:
        assert _codes(sealed.check_members({**ours, name: theirs[name]})), name
        assert _codes(sealed.check_members({**theirs, name: ours[name]})) - {"contract_sha256", "terms_sha256"}, name


def test_a_checkpoint_signed_by_another_key(sealed: Sealed) -> None:
    """The forger keeps the log's name, ships his own key, and makes the manifest anew."""
    members = sealed.members
    head = note.parse_checkpoint(members["log/checkpoint.txt"].decode())
    forger = note.Ed25519Signer(head.origin, b"\x07" * 32)
    forged = sign_checkpoint(head, forger)
    altered = {
        name: raw.replace(members["log/checkpoint.txt"], forged.encode()) if name.startswith("log/") else raw
        for name, raw in members.items()
    }
    altered["log/keys.txt"] = f"{note.VerifierKey(forger.name, forger.public)}\n".encode()
    altered["log/checkpoint.tst"] = sealed.authority.stamp(hashlib.sha256(forged.encode()).digest())
    assert _codes(sealed.check_members(altered)) == {"checkpoint.signature", "log.keys"}
    unaware = sealed.check_members(altered, trusted=False)
    assert "trust.log_key" in {finding.code for finding in unaware.not_checked}


def test_a_whole_forgery_under_another_root(sealed: Sealed) -> None:
    other = Authority()
    forged = other.sign_pdf(authorities.document(sealed.parts.terms or b""), [other.issue("林小满")])
    changed = {"contract": forged, "roots": other.root_pem, "chain": other.tsa_pem, "revocation_lists": (other.crl(),)}
    assert {"pdf.time", "pdf.timestamp"} <= _codes(sealed.again(**changed))
    half = sealed.authority.sign_pdf(authorities.document(sealed.parts.terms or b""), [other.issue("林小满")])
    assert {"pdf.signature", "revocation.missing"} <= _codes(sealed.again(contract=half))


def test_revocation(sealed: Sealed) -> None:
    ours = sealed.authority
    before = sealed.again(revocation_lists=(ours.crl(made=-timedelta(minutes=1)),))
    assert _codes(before) == {"revocation.too_old"}
    assert _codes(sealed.again(revocation_lists=())) == {"revocation.missing"}
    forged = Authority().crl()
    assert _codes(sealed.again(revocation_lists=(forged,))) == {"revocation.missing"}
    holder = ours.issue("林小满")
    contract = ours.sign_pdf(authorities.document(sealed.parts.terms or b""), [holder])
    revoked = sealed.again(contract=contract, revocation_lists=(ours.crl(revoked=(holder.certificate,)),))
    assert _codes(revoked) == {"revocation.revoked", "contract_sha256"}


def test_an_unsigned_or_unsealed_contract(sealed: Sealed) -> None:
    bare = authorities.document(sealed.parts.terms or b"")
    assert {"pdf.unsigned", "pdf.not_sealed"} <= _codes(sealed.again(contract=bare))
    open_ended = sealed.authority.sign_pdf(bare, [sealed.authority.issue("林小满")], timestamp=False)
    assert _codes(sealed.again(contract=open_ended)) == {"pdf.not_sealed", "contract_sha256"}


def test_the_journal_must_balance_and_be_what_leaves_recorded(sealed: Sealed) -> None:
    first, second = _entry(1, 500_000), _entry(2, -41_667)
    second_short = {**second, "postings": second["postings"][:1]}
    assert _codes(sealed.again(journal=[first, second_short])) == {"journal.unbalanced", "journal.digest"}
    assert _codes(sealed.again(journal=[first, _entry(2, -41_668)])) == {"journal.digest"}
    assert _codes(sealed.again(journal=[first])) == {"journal.missing"}
    late = sealed.again(journal=[first, second, _entry(3, 7)])
    assert _codes(late) == set()
    assert "journal.recorded_late" in {finding.code for finding in late.not_checked}


def test_a_subject_is_packaged_again(alone: Sealed) -> None:
    """The leaves about the loan now hold the first package's inventory; the second has its own and only that."""
    about = [leaf.name for leaf in alone.commit(lambda tx: service.leaves_about(tx, LOAN))]
    assert len(about) == len(alone.leaves) + 1
    assert _codes(alone.again(about)) == set()


def test_a_package_without_contract_or_journal_says_what_it_lacks(sealed: Sealed) -> None:
    report = sealed.again([sealed.leaves[3]], contract=None, terms=None, journal=())
    assert _codes(report) == set()
    assert {"pdf", "journal"} <= {finding.code for finding in report.not_checked}
