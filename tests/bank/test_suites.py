"""A bank keeps to the suites of its policy; its seal may lie in a token; what is sealed is sealed anew when either changes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from farthing.bank.founding import agreed
from farthing.bank.ports import ports_of
from farthing.bank.sealing_service import SealAnew, SealedAnew, seal_anew
from farthing.bank.suites import suited
from farthing.db.keyring.ring import Item, Keyring
from farthing.events import service as events
from farthing.events.model import MakeWebhook
from farthing.evidence.note import VerifierKey
from farthing.evidence.service import ORIGIN
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes
from farthing.kernel.settings import Settings
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.keys.files import fresh, write_key
from farthing.kit.keys.suites import SUITES
from farthing.kit.keys.tokens import make_key
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.parties.vouching import keys_service as token_keys
from farthing.parties.vouching.model import KeepTokenKey
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.sharing.pulling import service as pulling
from farthing.sharing.pulling.model import MakeClientKey
from farthing.signing import service as signing
from farthing.signing.keys import ELSEWHERE, Vault
from tests.conftest import Bank
from tests.identity.people import staff
from tests.identity.test_codes import signed_in
from tests.kit.keys.test_tokens import at, held
from tests.lending.house import House

CN = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")


def settings(**chosen: object) -> Settings:
    """Settings with nothing of this machine's environment in them."""
    return Settings(_env_file=None, **chosen)


def keep(bank: Bank, vault: Vault) -> None:
    """Give a bank another vault, as another start does."""
    bank.kernel.ports = bank.kernel.ports.with_peer("vault", "settings", vault)


def pull_that_runs(bank: Bank, vault: Vault) -> None:
    """A pull of somebody's history, as it is kept."""
    key = vault.wrap(ec.generate_private_key(ec.SECP256R1()))
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO pull_consent (id, party_id, giver_id, from_on, until, state, asked_at, expires_at, state_hash,"
            " bound_key, refresh, holder, due_on) VALUES ('pull_1', 'party_1', 'giver_1', '2026-01-01', '2027-01-01', 'running',"
            " now(), now(), '', %s, %s, 'same', '2026-03-01')",
            (key, vault.seal(b"a token")),
        )


def test_the_policy_chooses_and_what_it_cannot_have_opens_no_bank(bank: Bank, tmp_path: Path) -> None:
    mine = settings(secret="a secret")

    def opened(found: Settings = mine) -> Vault:
        vault: Vault = suited(bank.kernel, found, ports_of(found)).peer("vault")
        return vault

    assert b"p256" in opened().head, "what it always did, before any policy"
    chosen = CN.replace('envelopes = "p256"', 'envelopes = "sm2"')
    agreed(bank.kernel, loan_shelf.publish, Publish(products.POLICY, chosen))
    assert b"sm2" in opened().head
    write_key(tmp_path / "seal.pem", fresh("ed25519"))
    refusals = {}
    for place in ("pkcs11:token=bank", str(tmp_path / "none.pem"), str(tmp_path / "seal.pem")):
        with pytest.raises(Refusal) as refused:
            opened(settings(seal_key=place))
        refusals[place.rpartition("/")[2]] = refused.value.code
    assert list(refusals.values()) == ["keys.malformed_place", "keys.unreadable", "keys.suite_cannot"]
    agreed(bank.kernel, loan_shelf.publish, Publish(products.POLICY, chosen.replace('log = "ed25519"', 'log = "sm2"')))
    with pytest.raises(Refusal) as refused:
        opened()
    assert refused.value.code == "bank.log_suite_differs", "a signer beside the bank makes Ed25519"
    elsewhere = settings(secret="a secret", log_signer=str(tmp_path / "signer.sock"))
    assert opened(elsewhere), "a log without a key takes its signer's"
    (tmp_path / "key.txt").write_text(str(VerifierKey(ORIGIN, fresh("sm2").public, suite="sm2")))
    assert opened(elsewhere)
    (tmp_path / "key.txt").write_text(str(VerifierKey(ORIGIN, fresh("p256").public, suite="p256")))
    with pytest.raises(Refusal) as refused:
        opened(elsewhere)
    assert refused.value.code == "bank.log_suite_differs"


@pytest.mark.long
def test_the_seal_lies_in_a_token_and_without_it_nothing_is_sealed(database_url: str, tokens: Path) -> None:
    house = House(database_url)
    key = make_key(held(tokens, "spare"), "seal", "p256")
    place = at(tokens, "seal", "spare")
    (lies,) = [each for each in (tokens / "tokens").iterdir() if b"spare" in (each / "token.object").read_bytes()]
    before, loan = house.active("1000"), house.funded("2000")
    keep(house.bank, Vault("a secret", seal=place))
    shutil.move(lies, tokens / "away")
    assert house.refused(contracts.draw_contract, LoanCommand(loan.id)) == "signing.authority_awaited"
    shutil.move(tokens / "away", lies)
    house.bank.drain()
    shown = house.bank.run(contracts.draw_contract, LoanCommand(loan.id)).document_digest
    house.bank.run(contracts.sign_contract, SignContract(loan.id, shown))
    assert house.bank.run(contracts.complete, LoanCommand(loan.id)).state == "active"
    with house.bank.superuser() as connection:
        rows = connection.execute(
            "SELECT role, key, certificate FROM signing_key WHERE role = 'platform' OR role LIKE 'seal:%' "
            "ORDER BY generation, role"
        ).fetchall()
        revisions = connection.execute("SELECT field FROM contract_revision").fetchall()
    assert len(rows) == 4 and len(revisions) == 8, "the platform's and the institution's, here and then in the token"
    for _, kept, certificate in rows[2:]:
        assert bytes(kept) == ELSEWHERE + key.public, "no key, no address and no PIN is kept"
        public = x509.load_der_x509_certificate(bytes(certificate)).public_key()
        assert public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == SUITES["p256"].spki(key.public)
    keep(house.bank, Vault("the second", "sm2", "a secret", place))
    assert house.bank.run(seal_anew, SealAnew()).signing_keys == 6, (
        "root, issuer, stamps, responder, two seals of before"
    )
    for each in (before, house.loan(loan.id)):
        status = house.bank.read(lambda tx, one=each: signing.status(tx, one.contract_id))
        assert status.sealed and status.findings == ()


def test_everything_that_is_sealed_is_sealed_anew_under_another_suite_and_secret(bank: Bank, tmp_path: Path) -> None:
    keep(bank, Vault("the first"))
    staff(bank, "olga", "operator")
    seed = bank.run(codes.begin_codes, BeginCodes(), actor=signed_in(bank)).seed
    agreed(bank.kernel, events.subscribe, MakeWebhook("books", "https://books.example.org/"))
    bank.run(token_keys.keep_token_key, KeepTokenKey())
    bank.run(pulling.make_client_key, MakeClientKey())
    pull_that_runs(bank, Vault("the first"))
    now = Vault("the second", "sm2", "the first")
    keep(bank, now)
    her = Item(("party_of_hers",), b"her name", "a row")
    (name,) = Keyring(tmp_path, Vault("the first")).seal([her])
    bank.kernel.ports = bank.kernel.ports.with_peer("keyring", "file", Keyring(tmp_path, now))
    assert bank.run(seal_anew, SealAnew(), key="1") == SealedAnew(0, 1, 1, 1, 2, 1)
    assert bank.run(seal_anew, SealAnew(), key="2") == SealedAnew(0, 0, 0, 0, 0, 0)
    assert Keyring(tmp_path, Vault("the second")).open([replace(her, content=name)]) == [b"her name"]
    with bank.superuser() as connection:
        ((sealed,),) = connection.execute("SELECT seed FROM login_code").fetchall()
        ((secret,),) = connection.execute("SELECT secret FROM webhook").fetchall()
        keys = connection.execute("SELECT key FROM telling_key UNION ALL SELECT key FROM pull_key").fetchall()
        ((bound, code, refresh),) = connection.execute("SELECT bound_key, code, refresh FROM pull_consent").fetchall()
    alone = Vault("the second")
    assert len([alone.unwrap(bytes(key)) for key in (bound, *(each for (each,) in keys))]) == 3
    assert code is None and alone.unseal(bytes(refresh)) == b"a token"
    assert alone.unseal(bytes(sealed)).decode() == seed
    assert len(alone.unseal(bytes(secret))) >= 24
    with pytest.raises(InvariantBroken):
        Vault("the first").unseal(bytes(sealed))
