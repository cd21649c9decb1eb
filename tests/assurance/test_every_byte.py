"""Every byte of a bank is searched for somebody who was erased: of the living one, and of both kinds of copy from before.

Nothing of her was ever written in plain: a name, a number and a phone lie sealed from their first byte on, also in the
write-ahead log and in rows that are dead. So a copy of the database from before shows nothing once the key is destroyed.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.model import ErasePerson
from farthing.cli import app
from farthing.commands.bank import bank as opened
from farthing.db.embedded import Embedded
from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import AskPhoneChange
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.api.test_api import CARD
from tests.conftest import Bank
from tests.hands import by_document
from tests.identity.people import PASSWORD, Person, ask, enrolled
from tests.parties.people import resident_id
from tests.parties.test_erasure import CHIEF, CLERK

HERS = Person("古丽巴哈尔", resident_id(order_code="734"), "139 4417 9062")
HIS = Person("欧阳修远", resident_id(order_code="735"), "139 4417 9063")


def forms(word: str) -> Iterator[bytes]:
    """How a word may stand in a file: encodings, hexadecimal of them, base64 wherever it begins, escapes of JSON."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        plain = word.encode(encoding)
        yield from {plain, plain.hex().encode(), plain.hex().upper().encode()}
        for shift in range(3):  # what a longer text's base64 holds of it: the whole groups of three bytes
            aligned = plain[shift : shift + (len(plain) - shift) // 3 * 3]
            yield base64.b64encode(aligned)
            yield base64.urlsafe_b64encode(aligned)
    yield word.encode("unicode_escape")


def met(folder: Path, words: Sequence[str]) -> set[tuple[str, bytes]]:
    """Which forms of some words stand in which files of a folder, whatever part of a file it is."""
    wanted = {form for word in words for form in forms(word) if len(form) >= 8}
    found = set()
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found |= {(str(file.relative_to(folder)), form) for form in wanted if form in content}
    return found


def used(bank: Bank) -> tuple[Party, Party]:
    """Two people who came in by every way and did what people do; the second one pays the first."""
    known: Party = bank.run(parties.register, Register(HERS.name, HERS.number, HERS.phone), actor=CLERK, key="counter")
    for person in (HERS, HIS):
        enrolled(bank, person)
        entrance.log_in(bank.kernel, LogIn(person.phone, PASSWORD))
    entrance.log_in(bank.kernel, LogIn(HERS.phone, "not the sentence"))
    other = bank.read(lambda tx: parties.search(tx, HIS.name)).parties[0]
    bank.run(parties.verify_identity, VerifyIdentity(known.id), actor=CLERK)
    by_document(bank, known.id, HERS.number, CLERK, CHIEF)
    for each in (known, other):
        bank.run(payments.open_wallet, OpenWallet(each.id), key=f"wallet {each.id}")
        bank.run(payments.top_up, MoveByRail(each.id, Money(500, "CNY"), CARD), key=f"in {each.id}")
    bank.run(payments.transfer, Transfer(other.id, known.id, Money(200, "CNY")), key="pay")
    bank.run(phones.ask_phone_change, AskPhoneChange(known.id, "139 4417 9064"), actor=CLERK)
    ask(bank, HERS)
    return known, other


def words_of(person: Party) -> list[str]:
    return [person.name, person.number, person.phone, person.phone.removeprefix("+86")]


def copied(home: Path, to: Path) -> None:
    """A physical copy: the server's own files, as they lie once it has stopped."""
    Embedded(home).stop()
    laid(home / "postgres", to)


def laid(folder: Path, to: Path) -> None:
    """A folder's copy, owned by whom it was owned: the server runs as a user of its own."""
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)


def verified(*arguments: str) -> str:
    """What `farthing verify` says where it finds nothing."""
    done = CliRunner().invoke(app, ["verify", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.long
def test_an_older_copy_restored_beside_the_keyring_shows_nothing_of_who_was_erased(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("b")
    home, dump, restored, physical = (root / name for name in ("a", "d", "r", "p"))
    monkeypatch.setenv("FARTHING_HOME", str(home))
    monkeypatch.setenv("FARTHING_LANGUAGE", "en")
    monkeypatch.setenv("FARTHING_KEYRING", str(home / "keyring"))
    with opened() as kernel:
        bank = Bank(kernel, kernel.database.url)
        hers, his = used(bank)
        bank.drain()
    runner = CliRunner()
    assert runner.invoke(app, ["backup", str(dump)]).exit_code == 0
    assert runner.invoke(app, ["keyring", "save", str(root / "k")]).exit_code == 0
    copied(home, physical)
    assert met(home / "postgres", [hers.id]), "the search finds what is there"

    with opened() as kernel:
        bank = Bank(kernel, kernel.database.url)
        with psycopg.connect(kernel.database.url, autocommit=True) as owner:
            owner.execute("UPDATE phone_change SET state = 'stopped', phone = ''")
        (wallet,) = bank.read(lambda tx: payments.wallets(tx, hers.id))
        bank.run(payments.pay_out, MoveByRail(hers.id, wallet.balance, CARD), key="out")
        with psycopg.connect(kernel.database.url, autocommit=True) as owner:
            owner.execute("UPDATE bank_clock SET business_date = business_date + 3700")
        pending = bank.run(erasure.erase, ErasePerson(hers.id, "asked in writing"), actor=CLERK)
        assert '"done"' in bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHIEF).result_json
        bank.drain()
        with psycopg.connect(kernel.database.url, autocommit=True) as owner:
            owner.execute("CHECKPOINT")
    assert met(home / "postgres", words_of(hers)) == set(), "not even in the write-ahead log, nor before any vacuum"
    assert met(home / "postgres", words_of(his)) == set(), "nor of who is a customer still"
    verified()

    monkeypatch.setenv("FARTHING_KEYRING", str(home / "keyring"))
    put_back = runner.invoke(app, ["keyring", "put-back", str(root / "k")])
    assert "1 destroyed" in put_back.output or "2 destroyed" in put_back.output, (
        "what was destroyed comes back from nowhere"
    )
    monkeypatch.setenv("FARTHING_HOME", str(restored))
    assert runner.invoke(app, ["restore", str(dump)]).exit_code == 0
    dark(restored, hers, his)
    monkeypatch.setenv("FARTHING_HOME", str(home))
    Embedded(home).stop()
    shutil.rmtree(home / "postgres")
    laid(physical, home / "postgres")
    dark(home, hers, his)


def dark(home: Path, hers: Party, his: Party) -> None:
    """A copy from before, beside the keyring as it is now: whole, and silent about her alone."""
    assert met(home / "postgres", words_of(hers)) == set()
    said = verified()
    assert "whose key is destroyed, as this copy is from before the erasure: " in said
    assert hers.id in said and his.id not in said
    with opened() as kernel:
        assert parties.is_erased(kernel.read(lambda tx: parties.party(tx, hers.id)))
        assert kernel.read(lambda tx: parties.party(tx, his.id)).name == HIS.name
    assert met(home / "postgres", words_of(hers)) == set()
