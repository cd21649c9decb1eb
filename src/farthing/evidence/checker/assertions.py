"""Check confirmations by a person's own key: a challenge over what was shown, and the device's signature over both.

    challenge = SHA-256(nonce || transaction)          signed = authenticator data || SHA-256(client data)

Sources: W3C Web Authentication level 3, section 7.2; RFC 9053 (COSE keys); RFC 8949 (CBOR, of which a key needs little).
What was shown is a personal value: the leaf holds its salted hash, ``records/confirmations.json`` its salt and value.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from . import openssl
from .report import Findings

RECORD = "records/confirmations.json"
PRESENT, VERIFIED = 0x01, 0x04
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_P384 = bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004")
_ED25519 = bytes.fromhex("302a300506032b6570032100")


class Unknown(ValueError):
    """A key of a kind that is not read here: nothing is said about its signature."""


def check(members: Mapping[str, bytes], leaves: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    """Check each confirmation that a leaf holds, that none serves twice, that nothing is shown beside them, and which signatures
    have none."""
    shown = {each["leaf"]: each for each in json.loads(members.get(RECORD, b"[]"))}
    held = [leaf for leaf in leaves if isinstance(leaf["data"], dict) and leaf["data"].get("confirmed")]
    for name in sorted(shown.keys() - {leaf["id"] for leaf in held}):
        findings.failed(
            "confirmation.nobodys", name, "It is shown as confirmed, and no leaf says so.",
            "包内称其已确认，但没有日志条目记载。",
        )  # fmt: skip
    _unconfirmed(leaves, held, findings)
    used: set[str] = set()
    for leaf in held:
        subject = f"{leaf['kind']}, {leaf['id']}"
        said = leaf["data"]["confirmed"]
        if {said["nonce"], said["assertion"]["signature"]} & used:
            findings.failed(
                "confirmation.repeated", subject, "Another leaf holds the same confirmation: one serves once.",
                "另一日志条目含有同一确认；每次确认只能使用一次。",
            )  # fmt: skip
        used |= {said["nonce"], said["assertion"]["signature"]}
        _device(said["assertion"], subject, findings)
        _whose(leaf, said["assertion"], leaves, subject, findings)
        if leaf["id"] not in shown:
            findings.skipped(
                "confirmation.what", subject, "What was shown when it was confirmed is not in the package: erased, or left out.",
                "确认时所显示的内容不在包内：已被删除或未附入。",
            )  # fmt: skip
            continue
        _shown(leaf, said, shown[leaf["id"]], subject, findings)


def _unconfirmed(leaves: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    """Say which signatures of people no passkey confirmed: of them it is not shown that a device of theirs agreed."""
    confirmed = {
        str(leaf["data"]["command"].get("document_digest"))
        for leaf in held
        if isinstance(leaf["data"].get("command"), dict)
    }
    for leaf in leaves:
        data = leaf["data"]
        if leaf["kind"] != "signing.signed" or data.get("custody") == "seal" or data.get("shown_digest") in confirmed:
            continue
        how = str(data.get("custody", "?"))
        findings.skipped(
            "confirmation.none", f"{leaf['kind']}, {data.get('role')}, {leaf['id']}",
            f"No passkey confirmed this signature; its key was held so: {how}. See records/custody.json.",
            f"该签名未经通行密钥确认；其密钥的保管方式为 {how}，见 records/custody.json。",
        )  # fmt: skip


def _whose(
    leaf: Mapping[str, Any], assertion: Mapping[str, str], leaves: Sequence[Mapping[str, Any]], subject: str, findings: Findings
) -> None:  # fmt: skip
    """That the log says whose device it is: a leaf by which the same actor registered the same key under the same id."""
    credential = unbase64(assertion["credential"])
    if passkey_id(credential[18 : 18 + int.from_bytes(credential[16:18], "big")]) != assertion["passkey"]:
        findings.failed(
            "confirmation.whose",
            subject,
            "The key is not the one of the passkey that is named.",
            "密钥与所称的通行密钥不符。",
        )
        return
    for made in leaves:
        data = made["data"]
        if (
            made["kind"] == "identity.keep_passkey" and made["actor"] == leaf["actor"]
            and data["result"].get("id") == assertion["passkey"] and data["command"].get("credential") == assertion["credential"]
        ):  # fmt: skip
            findings.passed(
                "confirmation.whose", subject, f"The log says that {leaf['actor']} registered it at {made['recorded_at']}.",
                f"日志记载 {leaf['actor']} 于 {made['recorded_at']} 登记了该设备。",
            )  # fmt: skip
            return
    findings.skipped(
        "confirmation.whose", subject, "No leaf of the package says who registered this passkey.",
        "包内没有日志条目说明该通行密钥由何人登记。",
    )  # fmt: skip


def _device(assertion: Mapping[str, str], subject: str, findings: Findings) -> None:
    """The device's signature, its person's verification, and that it answered for the site that it says."""
    client, data = unbase64(assertion["client_data"]), unbase64(assertion["authenticator_data"])
    said = json.loads(client)
    origin = str(said.get("origin", ""))
    if said.get("type") != "webauthn.get" or not _of_site(origin, data[:32]):
        findings.failed(
            "confirmation.site", subject, f"The device did not answer for the site that it says ({origin}).",
            f"设备签名所针对的网站与其声称的网站（{origin}）不符。",
        )  # fmt: skip
    if len(data) < 37 or data[32] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        findings.failed(
            "confirmation.person", subject, "The device does not say that it verified its person.",
            "设备未表明已核验使用人。",
        )  # fmt: skip
    try:
        key, digest = spki(unbase64(assertion["credential"]))
    except Unknown as error:
        findings.skipped(
            "confirmation.key", subject, f"A key of a kind that is not read here ({error}): its signature was not checked.",
            f"未识别的密钥类型（{error}），未检查其签名。",
        )  # fmt: skip
        return
    signed = data + hashlib.sha256(client).digest()
    answer = openssl.signed(key, signed, unbase64(assertion["signature"]), digest)
    tell = findings.passed if answer.verified else findings.failed
    tell(
        "confirmation.signature", subject,
        f"The passkey {assertion['passkey']} signed it at {origin}, its person verified at the device."
        if answer.verified else f"The passkey's signature does not verify: {answer.said}",
        f"通行密钥 {assertion['passkey']} 已在 {origin} 签名，设备已核验使用人。"
        if answer.verified else f"通行密钥的签名验证不通过：{answer.said}",
    )  # fmt: skip


def _shown(
    leaf: Mapping[str, Any], said: Mapping[str, Any], opened: Mapping[str, str], subject: str, findings: Findings
) -> None:
    """That what was shown is what the leaf recorded, is what the device signed, and is what was done."""
    value = opened["value"]
    transaction: str = json.loads(value)
    recorded = hashlib.sha256(bytes.fromhex(opened["salt"]) + value.encode()).hexdigest()
    challenge = hashlib.sha256(bytes.fromhex(said["nonce"]) + transaction.encode()).digest()
    signed = unbase64(json.loads(unbase64(said["assertion"]["client_data"]))["challenge"])
    about = json.loads(transaction)
    if recorded != said["transaction"]["personal"]:
        findings.failed(
            "confirmation.recorded", subject, "What the package shows as confirmed is not what the log recorded.",
            "包内所示的确认内容与日志记录不符。",
        )  # fmt: skip
    elif challenge != signed:
        findings.failed(
            "confirmation.what", subject, "The device signed something other than what was shown.",
            "设备所签内容与所显示内容不符。",
        )  # fmt: skip
    elif not _done(about, leaf):
        findings.failed(
            "confirmation.done", subject, "What was confirmed is not what was done, or not by whom it was done.",
            "所确认的事项或办理人与实际不符。",
        )  # fmt: skip
    else:
        findings.passed(
            "confirmation.what",
            subject,
            f"The device signed exactly this: {transaction}",
            f"设备所签内容为：{transaction}",
        )


def _done(about: Mapping[str, Any], leaf: Mapping[str, Any]) -> bool:
    """Whether what was confirmed is what the leaf says was done: operation, actor, power, and each field of the command that the
    leaf holds in plain. A personal field stands there as a salted hash: its value is told by the transaction alone."""
    data = leaf["data"]
    under = data["under"].get("power") if isinstance(data.get("under"), dict) else None
    if (about.get("operation"), about.get("actor"), about.get("under")) != (leaf["kind"], leaf["actor"], under):
        return False
    return _same(about.get("command"), data.get("command"))


def _same(shown: Any, recorded: Any) -> bool:
    if isinstance(recorded, dict) and set(recorded) == {"personal", "subject"}:
        return True
    if isinstance(shown, dict) and isinstance(recorded, dict):
        return shown.keys() <= recorded.keys() and all(_same(value, recorded[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(recorded, list):
        return len(shown) == len(recorded) and all(map(_same, shown, recorded))
    return bool(shown == recorded)


def passkey_id(credential_id: bytes) -> str:
    """The id under which a credential is kept: a UUIDv8 of SHA-256 (RFC 9562 section 5.8), in Crockford's base 32."""
    number = int.from_bytes(hashlib.sha256(f"passkey\n{credential_id.hex()}".encode()).digest()[:16], "big")
    number = number & ~(0xF << 76) | 0x8 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    return "passkey_" + "".join(letters[number >> 5 * at & 31] for at in reversed(range(26)))


def _of_site(origin: str, hashed: bytes) -> bool:
    """Whether the hash is of the origin's host, or of a domain that it lies in."""
    host = origin.partition("://")[2].partition("/")[0].rpartition(":")[0] or origin.partition("://")[2]
    labels = host.split(".")
    return any(hashlib.sha256(".".join(labels[at:]).encode()).digest() == hashed for at in range(len(labels)))


def unbase64(text: str) -> bytes:
    """Bytes of base64url without padding."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def spki(credential: bytes) -> tuple[bytes, str]:
    """The public key of attested credential data as SubjectPublicKeyInfo (DER), and what openssl is told of its digest."""
    start = 18 + int.from_bytes(credential[16:18], "big")
    key, _ = _cbor(credential, start)
    kind = (key.get(1), key.get(3), key.get(-1))
    if kind == (2, -7, 1):
        return _P256 + _wide(key[-2], 32) + _wide(key[-3], 32), "-digest sha256"
    if kind == (2, -35, 2):
        return _P384 + _wide(key[-2], 48) + _wide(key[-3], 48), "-digest sha384"
    if kind == (1, -8, 6):
        return _ED25519 + _wide(key[-2], 32), ""
    if kind[:2] == (3, -257):
        return _rsa(key[-1], key[-2]), "-digest sha256"
    raise Unknown(f"kty {kind[0]}, alg {kind[1]}")


def _wide(value: Any, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise ValueError("a coordinate of the key has another length")
    return value


def _rsa(modulus: bytes, exponent: bytes) -> bytes:
    numbers = b"".join(_der(2, (b"\0" if each[:1] > b"\x7f" else b"") + each) for each in (modulus, exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return _der(0x30, algorithm + _der(3, b"\0" + _der(0x30, numbers)))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _cbor(data: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
    """A value of CBOR and where it ends: integers, byte and text strings, arrays and maps of definite length."""
    if depth > 4 or at >= len(data):
        raise ValueError("not CBOR")
    major, small, at = data[at] >> 5, data[at] & 31, at + 1
    if small > 27:
        raise ValueError("not CBOR of definite length")
    if small > 23:
        width = 1 << (small - 24)
        small, at = int.from_bytes(data[at : at + width], "big"), at + width
    if major in (0, 1):
        return (small if major == 0 else -1 - small), at
    if major in (2, 3):
        if at + small > len(data):
            raise ValueError("CBOR that is cut short")
        raw = data[at : at + small]
        return (raw if major == 2 else raw.decode()), at + small
    if major == 5 and small <= 16:
        found: dict[Any, Any] = {}
        for _ in range(small):
            name, at = _cbor(data, at, depth + 1)
            if not isinstance(name, int | str):
                raise ValueError("not a key of COSE")
            found[name], at = _cbor(data, at, depth + 1)
        return found, at
    raise ValueError("not a key of COSE")
