"""``farthing log-signer``, ``log-witness`` and ``monitor``: the guide's lines over a real bank and a real signer."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.bank.founding import SECOND
from farthing.cli import app
from farthing.evidence import service as evidence
from farthing.evidence.note import VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.evidence.signer.client import LocalSigner
from farthing.evidence.signer.keeping import key_in
from farthing.evidence.witness import LogWitness
from farthing.evidence.witness_server import new_witness
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.doors import serving
from tests.evidence.peers import serving as witnessing
from tests.log_signers import LOG
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "log.md"


def typed(lines: str, instead: dict[str, str], before: Callable[[str], bool] = lambda _: False) -> list[str]:
    """What the lines of a block print; ``instead``: other words for some; ``before``: does a line in another way."""
    told = []
    for line in lines.splitlines():
        if before(line):
            continue
        words, _, file = line.partition(" > ")
        given = [instead.get(each, each) for each in shlex.split(words)[1:]]
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 0, (done.output, done.exception)
        if file:
            Path(instead.get(file, file)).write_text(done.stdout)
        told.append(done.output)
    return told


@pytest.mark.long
def test_the_guide_from_end_to_end(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key moves out of the database, hands over to another, is witnessed, and a monitor finds nothing."""
    _, take, hand, witness, follow = [each.text for each in blocks(GUIDE) if each.language == "sh"]
    commanded(monkeypatch, bank.url)
    monkeypatch.setenv("FARTHING_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 1}))
    bank.run(assurance.publish_log, PublishLog())
    with bank.superuser() as owner:
        row = [ORIGIN, LOG.seed, LOG.public]
        owner.execute("INSERT INTO evidence_key (id, private, public) VALUES (%s, %s, %s)", row)
    local = LocalSigner(tmp_path / "log-signer")
    first = VerifierKey(ORIGIN, LOG.public)
    places = {"/var/lib/farthing-signer/key": str(local.place(str(first)))}
    assert "the log's key is now in" in typed(take, places)[0]
    assert CliRunner().invoke(app, ["log-signer", "take-key"]).output == "no key of the log lies in the database\n"
    bank.kernel.ports = bank.kernel.ports.with_peer("signer", "log", local)
    try:
        bank.run(assurance.publish_log, PublishLog())
        local.close()
        _handed_over(bank, hand, places, tmp_path)
        after = VerifierKey.parse(bank.read(evidence.log_vkey))
        shutil.move(tmp_path / "second", local.place(str(after)))
        _followed(bank, witness, follow, tmp_path)
    finally:
        local.close()


def _handed_over(bank: Bank, lines: str, places: dict[str, str], folder: Path) -> None:
    words = {
        **places,
        "/var/lib/farthing-signer/key-2": str(folder / "second"),
        "handover.txt": str(folder / "handover.txt"),
    }

    def agree(line: str) -> bool:
        if not line.startswith("farthing staff agree"):
            return False
        (draft,) = bank.kernel.ask(approvals.waiting)
        bank.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=SECOND)
        return True

    lines = lines.replace(" --as wei", "")
    told = typed(lines, words, agree)
    assert (folder / "handover.txt").read_text() == told[0] and "another officer must agree" in told[1]


def _followed(bank: Bank, witness: str, follow: str, folder: Path) -> None:
    vkey = bank.read(evidence.log_vkey)
    make = witness.splitlines()[0]
    (told,) = typed(make, {"witness": str(folder / "witness"), "VKEY": vkey})
    made = VerifierKey.parse(told)
    signer = _Named(made.name, key_in(folder / "witness"))
    peer = LogWitness(signer, VerifierKey.parse(vkey), lambda: 1_800_000_000)
    bank.kernel.ports = bank.kernel.ports.with_peer("witness", "one", peer)
    bank.run(assurance.publish_log, PublishLog())
    (folder / "keys.txt").write_text(f"{vkey}\n{made}\n")
    held = folder / "checkpoint.txt"
    held.write_text(bank.kernel.ask(assurance.log_checkpoint).note)
    with serving(bank) as base, witnessing(peer) as beside:
        words = {
            "http://127.0.0.1:8484": base, "monitor": "monitor", "keys.txt": str(folder / "keys.txt"),
            "held/checkpoint.txt": str(held), "held/package.zip": str(held),
        }  # fmt: skip
        line = follow.replace("--keep monitor", f"--keep {folder / 'kept'}")
        assert "lie on one line" in typed(line, words)[0]
        more = f"{line.strip()} --cosigned 1 --witness {beside} --json"
        assert json.loads(typed(more, words)[0])["clean"] is True
    assert new_witness(folder / "witness", made.name, VerifierKey.parse(vkey)) == made


class _Named:
    """A witness's key under its name."""

    def __init__(self, name: str, key: Any) -> None:
        self.name, self.public, self.sign = name, key.public, key.sign


def test_a_key_is_made_once_and_a_file_that_hands_nothing_over_is_refused(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, bank.url)
    made = [
        CliRunner().invoke(app, ["log-signer", "make-key", str(tmp_path / "key"), "--json"]).output for _ in range(2)
    ]
    assert made[0] == made[1] and VerifierKey.parse(json.loads(made[0])["vkey"]).name == ORIGIN
    bank.kernel.tidy(lambda tx: evidence.append(tx, "test", {"n": 1}))
    bank.run(assurance.publish_log, PublishLog())
    (tmp_path / "note.txt").write_text("junk\n")
    run = CliRunner().invoke(app, ["log-signer", "hand-over", str(tmp_path / "note.txt")])
    assert run.exit_code != 0 and getattr(run.exception, "code", "") == "evidence.malformed_note"
    again = CliRunner().invoke(app, ["log-signer", "new-key", str(tmp_path / "key"), str(tmp_path / "key")])
    assert getattr(again.exception, "code", "") == "evidence.signer_folder"
