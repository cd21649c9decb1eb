"""A checkpoint is signed by the log's signer, asked with no transaction open; what is lost on the way is asked again."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from farthing.assurance import agreements_service as packages
from farthing.assurance import log_keys_service as log_keys
from farthing.assurance import rules
from farthing.assurance import service as assurance
from farthing.assurance.agreements_service import PackageAgreement
from farthing.assurance.log_keys_service import HandOverLog
from farthing.assurance.service import PublishLog
from farthing.bank.founding import agreed
from farthing.bank.log_key import require_signer, take_key
from farthing.evidence import note
from farthing.evidence import service as evidence
from farthing.evidence.audit.service import compare
from farthing.evidence.checker.main import check
from farthing.evidence.model import Seen
from farthing.evidence.note import NoteStatus, VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer.client import SIGNER_AWAY, LocalSigner, SocketSigner
from farthing.evidence.signer.handing import handed_over
from farthing.evidence.signer.keeping import Kept, private_in, vkey_in
from farthing.kernel import errands
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.keys.files import fresh, write_key
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.log_signers import LOG, VKEY, Inside
from tests.signing.agreements.desk import Desk

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"


@dataclass
class Watched:
    """The signer, with what is open when it is asked; ``away``: so many times; so many answers are ``lost`` once it signed."""

    bank: Bank
    inner: Inside
    away: int = 0
    lost: int = 0
    open_transactions: list[int] = field(default_factory=list)

    def key(self, origin: str) -> str:
        return self.inner.key(origin)

    def sign(self, vkey: str, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        with psycopg.connect(self.bank.url) as looking:
            self.open_transactions.append((looking.execute(OPEN).fetchone() or (0,))[0])
        if self.away:
            self.away -= 1
            raise SIGNER_AWAY(place="planted", problem="planted")
        said = self.inner.sign(vkey, old_size, proof, text)
        if self.lost:
            self.lost -= 1
            raise TimeoutError("planted")
        return said


@pytest.fixture
def signer(bank: Bank) -> Watched:
    watched = Watched(bank, Inside())
    bank.kernel.ports = bank.kernel.ports.with_peer("signer", "log", watched)
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 1}))
    return watched


def published(bank: Bank, key: str | None = None) -> int:
    made = bank.run(assurance.publish_log, PublishLog(), key=key)
    return int(made.size)


def log_vkey(bank: Bank) -> str:
    return str(bank.kernel.ask(log_keys.log_key).vkey)


def test_a_signer_that_is_away_is_asked_again(bank: Bank, signer: Watched) -> None:
    signer.away = 1
    with pytest.raises(Refusal) as caught:
        published(bank, "p")
    assert caught.value.code == rules.LOG_UNSIGNED.name == "assurance.log_unsigned" and "planted" in caught.value.detail
    assert bank.read(evidence.latest_checkpoint) is None
    size = published(bank, "p")
    assert size == 1 and set(signer.open_transactions) == {0}
    made = bank.read(lambda tx: evidence.checkpoint_of(tx, size))
    assert note.verify(made.note, VKEY) is NoteStatus.VERIFIED and bank.read(evidence.verify).findings == ()


def test_an_answer_that_was_lost_comes_again_and_so_does_one_for_a_larger_log(bank: Bank, signer: Watched) -> None:
    """It signed and we did not write it: the next try names the same tree, or a larger one meets it where it stands."""
    signer.lost = 1
    with pytest.raises(Refusal, match=r"assurance\.log_unsigned"):
        published(bank, "p")
    assert signer.inner.last.head.size == 1
    assert published(bank, "p") == 1
    signer.lost = 1
    with pytest.raises(Refusal, match=r"assurance\.log_unsigned"):
        published(bank, "q")
    lost = signer.inner.last.head.size
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 2}))
    larger = published(bank, "r")
    assert larger > lost
    assert published(bank, "q") == larger, "whoever waited for less is told of the one that covers it"
    bank.drain()
    assert bank.read(errands.unanswered) == []


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_collisions_and_lost_commits_sign_nothing_twice(
    bank: Bank, signer: Watched, monkeypatch: pytest.MonkeyPatch, disturb
) -> None:
    with monkeypatch.context() as disturbed:
        disturb(bank, disturbed)
        size = published(bank, "p")
    assert size == 1 and signer.inner.last.head.size == 1
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM evidence_checkpoint").fetchone() == (1,)


def test_a_log_that_was_set_back_is_not_signed(bank: Bank, signer: Watched) -> None:
    """A backup from before the last checkpoint was restored, or a hand made the log shorter: the signer knows more."""
    published(bank)
    bank.kernel.tidy(lambda tx: evidence.append_many(tx, [("test", {"n": n}) for n in range(9)]))
    grown = published(bank)
    with bank.superuser() as owner:
        owner.execute("DELETE FROM evidence_checkpoint WHERE id = %s", [grown])
    signer.inner = Inside(note.TreeHead(ORIGIN, 10**6, b"x" * 32))
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 3}))
    with pytest.raises(Refusal, match=r"assurance\.log_unsigned"):
        published(bank, "p")
    (waiting,) = bank.read(errands.unanswered)
    assert (
        waiting.problem.startswith(f"{rules.SIGNER_SAW_MORE.name}:")
        and rules.SIGNER_SAW_MORE.name == "assurance.signer_saw_more"
    )


@pytest.fixture
def process(bank: Bank, tmp_path: Path) -> Iterator[LocalSigner]:
    """A bank over the real process."""
    local = LocalSigner(tmp_path / "log-signer")
    bank.kernel.ports = bank.kernel.ports.with_peer("signer", "log", local)
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 1}))
    yield local
    local.close()


def test_the_real_process_signs_and_its_key_is_nowhere_in_the_database(bank: Bank, process: LocalSigner) -> None:
    require_signer(bank.kernel)
    size = published(bank)
    vkey = log_vkey(bank)
    made = bank.read(lambda tx: evidence.checkpoint_of(tx, size))
    assert note.verify(made.note, VerifierKey.parse(vkey)) is NoteStatus.VERIFIED
    require_signer(bank.kernel)
    seed = private_in(process.place(vkey)).private_bytes_raw()
    with bank.superuser() as owner:
        for (table,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            text = "\n".join(row[0] for row in owner.execute(f"SELECT t::text FROM {table} t").fetchall())
            assert seed.hex() not in text, table
    place = process.place(vkey)
    process.close()
    shutil.move(place, place.with_name("away"))
    with pytest.raises(Refusal) as caught:
        require_signer(bank.kernel)
    assert caught.value.code == "evidence.signer_away"
    socket = SocketSigner(place / "signer.sock")
    with pytest.raises(Refusal) as caught:
        socket.key(ORIGIN)
    assert caught.value.code == "evidence.signer_folder"


def test_a_key_in_the_database_of_an_older_installation_moves_out_once(
    bank: Bank, process: LocalSigner, tmp_path: Path
) -> None:
    """The log goes on under the same key, from the last tree that it signed."""
    bank.kernel.ports = bank.kernel.ports.with_peer("signer", "log", Inside())
    published(bank)
    with bank.superuser() as owner:
        owner.execute(
            "INSERT INTO evidence_key (id, private, public) VALUES (%s, %s, %s)", [ORIGIN, LOG.seed, LOG.public]
        )
    assert [each.what for each in bank.read(evidence.verify).findings] == ["key.private"]
    (place,) = take_key(bank.kernel, Settings(home=tmp_path, _env_file=None))
    assert take_key(bank.kernel, Settings(home=tmp_path, _env_file=None)) == []
    assert place == process.place(str(VKEY)) and bank.read(evidence.verify).findings == ()
    kept = Kept(place)
    assert kept.head == note.parse_checkpoint(bank.read(evidence.latest_checkpoint).note)
    kept.close()
    bank.kernel.ports = bank.kernel.ports.with_peer("signer", "log", process)
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 2}))
    made = bank.read(lambda tx, size=published(bank): evidence.checkpoint_of(tx, size))
    assert note.verify(made.note, VKEY) is NoteStatus.VERIFIED


def test_one_key_hands_over_to_another_by_a_note_that_both_signed(
    bank: Bank, process: LocalSigner, tmp_path: Path
) -> None:
    first = published(bank)
    before = log_vkey(bank)
    process.close()
    text = handed_over(process.place(before), tmp_path / "fresh")
    after = (tmp_path / "fresh" / "key.txt").read_text().strip()
    shutil.move(tmp_path / "fresh", process.place(after))
    for wrong, code in (
        (text.replace("handover", "handovers"), "evidence.handover_unfit"),
        (text.replace(f"\n{first}\n", f"\n{first + 1}\n"), "evidence.handover_unfit"),
        ("".join(text.splitlines(keepends=True)[:-1]), "evidence.handover_unfit"),
        ("junk", "evidence.malformed_note"),
    ):
        with pytest.raises(Refusal) as caught:
            agreed(bank.kernel, log_keys.hand_over_log, HandOverLog(wrong))
        assert caught.value.code == code, wrong
    told = agreed(bank.kernel, log_keys.hand_over_log, HandOverLog(text))
    assert told["vkey"] == after == log_vkey(bank) and told["handovers"] == [text]
    second = published(bank)
    for size, vkey in ((first, before), (second, after)):
        made = bank.read(lambda tx, size=size: evidence.checkpoint_of(tx, size))
        assert note.verify(made.note, VerifierKey.parse(vkey)) is NoteStatus.VERIFIED
    assert bank.read(evidence.verify).findings == ()
    with pytest.raises(Refusal, match=r"evidence\.handover_unfit"):
        agreed(bank.kernel, log_keys.hand_over_log, HandOverLog(text))


@pytest.mark.long
@pytest.mark.parametrize("suite", ["p256", "sm2"])
def test_a_log_goes_on_under_a_key_of_another_suite(
    bank: Bank, process: LocalSigner, tmp_path: Path, suite: str
) -> None:
    """From one that was made in its folder to one that lies elsewhere; the checker judges a package under it."""
    published(bank)
    before, place = process.place(log_vkey(bank)), tmp_path / "elsewhere.pem"
    process.close()
    write_key(place, fresh(suite))
    text = handed_over(before, tmp_path / "fresh", str(place))
    after = vkey_in(tmp_path / "fresh")
    shutil.move(tmp_path / "fresh", process.place(str(after)))
    agreed(bank.kernel, log_keys.hand_over_log, HandOverLog(text))
    desk = Desk(bank)
    agreement = desk.draw()
    desk.sign(agreement, desk.elder)
    desk.sign(agreement, desk.helper)
    desk.seal(agreement)
    made = bank.run(packages.package_agreement, PackageAgreement(desk.elder.id, agreement.id))
    (tmp_path / "agreement.zip").write_bytes(base64.b64decode(made.content_base64))
    report = check(tmp_path / "agreement.zip")
    assert not report.failed, report.failed
    assert "checkpoint.signature" in {each.code for each in report.passed} and after.suite == suite
    newest = bank.read(evidence.latest_checkpoint)
    assert note.verify(newest.note, after) is NoteStatus.VERIFIED
    assert bank.read(evidence.verify).findings == ()
    assert bank.read(lambda tx: compare(tx, newest.note), snapshot=True) == []
