"""Keys in tokens (PKCS#11, on SoftHSM): they sign as their suite says, and refuse by name where the token or its PIN does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from farthing.kit.errors import Refusal
from farthing.kit.keys.places import key_at, slot_of
from farthing.kit.keys.suites import SUITES
from farthing.kit.keys.tokens import Token, make_key, token
from tests.kit.keys import hsm

MESSAGE = b"what is signed"
ELSEWHERE = """
import sys
from farthing.kit.keys.places import key_at
key = key_at(sys.argv[1])
for _ in range(50):
    print(key.sign(b"what is signed").hex())
"""


def at(folder: Path, label: str, holder: str = "bank", pin: str = "pin") -> str:
    """The address of a key in one of the tokens."""
    return f"pkcs11:token={holder};object={label}?module-path={hsm.MODULE}&pin-source=file:{quote(str(folder / pin))}"


def held(folder: Path, holder: str = "bank") -> Token:
    """One of the tokens."""
    return token(slot_of(at(folder, "any", holder))[0])


def code(where: str) -> str:
    """What the key at a place is refused by."""
    with pytest.raises(Refusal) as refused:
        key_at(where).sign(MESSAGE)
    return refused.value.code


@pytest.mark.parametrize("algorithm", ["p256", "ed25519"])
def test_a_key_in_a_token_signs_as_its_suite_verifies(tokens: Path, algorithm: str) -> None:
    label = f"a-{algorithm}"
    made = make_key(held(tokens), label, algorithm)
    found = key_at(at(tokens, label))
    assert (found.algorithm, found.public) == (algorithm, made.public)
    with ThreadPoolExecutor(8) as pool:
        signatures = list(pool.map(found.sign, [MESSAGE] * 64))
    assert all(SUITES[algorithm].verify(made.public, each, MESSAGE) for each in signatures)
    assert not SUITES[algorithm].verify(made.public, signatures[0], MESSAGE + b"?")
    with pytest.raises(Refusal) as refused:
        make_key(held(tokens), label, algorithm)
    assert refused.value.code == "keys.label_taken"


def test_what_is_not_there_is_refused_by_name(tokens: Path) -> None:
    make_key(held(tokens), "there", "p256")
    assert code(at(tokens, "nowhere")) == "keys.unreadable"
    assert code(at(tokens, "there", "another")) == "keys.no_token"
    assert key_at(at(tokens, "there")).sign(MESSAGE), "and the token beside it still signs"
    assert code(at(tokens, "there", pin="no-such-file")) == "keys.unreadable"
    assert code(at(tokens, "there").replace("pin-source=file:", "pin-value=")) == "keys.malformed_place"
    assert code("pkcs11:token=bank;object=there") == "keys.malformed_place"
    assert code(at(tokens, "there") + "&slot-id=3") == "keys.malformed_place"


def test_a_wrong_pin_is_tried_once_until_its_file_changes(tokens: Path) -> None:
    make_key(held(tokens), "pinned", "p256")
    wrong = tokens / "wrong"
    wrong.write_text("11111111\n")
    wrong.chmod(0o644)
    assert code(at(tokens, "pinned", pin="wrong")) == "keys.unreadable", "others may read it"
    wrong.chmod(0o600)
    where = at(tokens, "pinned", pin="wrong")
    with pytest.raises(Refusal) as refused:
        key_at(where)
    assert refused.value.code == "keys.pin_wrong"
    assert "11111111" not in str(refused.value)
    assert code(where) == "keys.pin_wrong"
    wrong.write_text(f"{hsm.PIN}\n")
    assert SUITES["p256"].verify(key_at(where).public, key_at(where).sign(MESSAGE), MESSAGE)


def test_a_token_that_was_taken_away_refuses_and_signs_when_it_is_back(tokens: Path) -> None:
    key = make_key(held(tokens, "spare"), "kept", "p256")
    other = make_key(held(tokens), "beside", "p256")
    assert key.sign(MESSAGE)
    shelf = {each: each.stat().st_mtime for each in (tokens / "tokens").iterdir()}
    (lies,) = [each for each in shelf if b"spare" in (each / "token.object").read_bytes()]
    away = tokens / "away"
    shutil.move(lies, away)
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            key.sign(MESSAGE)
        assert refused.value.code in {"keys.no_token", "keys.unreadable"}
    assert other.sign(MESSAGE), "the token beside it goes on"
    shutil.move(away, lies)
    assert SUITES["p256"].verify(key.public, key.sign(MESSAGE), MESSAGE)
    assert other.sign(MESSAGE)


def test_two_processes_use_one_token_at_once(tokens: Path) -> None:
    make_key(held(tokens), "shared", "ed25519")
    where = at(tokens, "shared")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, where], stdout=subprocess.PIPE, text=True, env={**os.environ}
        )
        for _ in range(2)
    ]
    here = [key_at(where).sign(MESSAGE) for _ in range(50)]
    said = [each.communicate(timeout=60)[0].split() for each in both]
    assert [each.returncode for each in both] == [0, 0]
    public = key_at(where).public
    everything = [*here, *(bytes.fromhex(line) for lines in said for line in lines)]
    assert len(everything) == 150
    assert all(SUITES["ed25519"].verify(public, each, MESSAGE) for each in everything)
