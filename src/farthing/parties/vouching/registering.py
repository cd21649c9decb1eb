"""Decide whether a partner can be registered as two of the staff want it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from farthing.identity import jose
from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.words import Words
from farthing.parties.vouching.model import CLAIMS, READS, RegisterRelyingParty
from farthing.parties.vouching.rules import BY_KEY

MOST_PARTNERS, MOST_ADDRESSES = 200, 10
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")

BAD_REGISTRATION = malformed(
    "parties.relying_party_bad", "This partner cannot be registered so: {problem}.", "无法如此登记合作方：{problem}。"
)
TOO_MANY = declined(
    "parties.too_many_relying_parties",
    "{most} partners are registered; end one that no longer asks.",
    "已登记 {most} 个合作方；请先终止不再使用的。",
)
ALREADY_ENDED = conflict(
    "parties.relying_party_ended", "The registration of this partner has ended already.", "该合作方的登记已终止。"
)

ADDRESSES = Words(f"it has 1 to {MOST_ADDRESSES} addresses, each once", f"须有 1 至 {MOST_ADDRESSES} 个互不相同的地址")
KEYS = Words(
    "keys go with private_key_jwt, as a JWKS of P-256, Ed25519 or RSA from 2048 bits",
    "公钥须与 private_key_jwt 同时使用，格式为 JWKS（P-256、Ed25519 或 2048 位以上 RSA）",
)
READING = Words(
    "it reads what there is not, or something twice: accounts, balances, transactions, deposits, loans",
    "读取范围仅限 accounts、balances、transactions、deposits、loans，且不得重复",
)
BAD_ADDRESS = Words(
    "an address is not https, or not plain: no fragment, no star, nobody's name",
    "地址须为 https，且不含片段、星号或用户名",
)


def checked(command: RegisterRelyingParty, *, sandbox: bool) -> tuple[str, tuple[Mapping[str, Any], ...]]:
    """The sector of a partner that is to be registered, and its public keys. Refuses ``parties.relying_party_bad``.

    All its addresses are on one host, so that the name it knows a person by cannot be compared with another partner's.
    """
    if not command.name.strip() or not command.name_zh.strip():
        raise BAD_REGISTRATION(problem=Words("a name is missing", "缺少名称"))
    if not 1 <= len(command.redirect_uris) <= MOST_ADDRESSES or len(set(command.redirect_uris)) != len(
        command.redirect_uris
    ):
        raise BAD_REGISTRATION(problem=ADDRESSES)
    hosts = {_host(each, sandbox=sandbox) for each in command.redirect_uris}
    if len(hosts) != 1:
        raise BAD_REGISTRATION(problem=Words("its addresses are on several hosts", "地址须在同一域名下"))
    strange = set(command.claims) - set(CLAIMS)
    if strange or len(set(command.claims)) != len(command.claims):
        raise BAD_REGISTRATION(
            problem=Words("it asks for what there is not, or for something twice", "请求的信息不存在或重复")
        )
    _check_reading(command, sandbox=sandbox)
    return hosts.pop(), _partners_keys(command)


def _check_reading(command: RegisterRelyingParty, *, sandbox: bool) -> None:
    """Whoever reads accounts proves itself by a key, and is told over TLS that a person stopped it (FAPI 2.0 section 5.3.2.1)."""
    if set(command.reads) - set(READS) or len(set(command.reads)) != len(command.reads):
        raise BAD_REGISTRATION(problem=READING)
    if command.reads and command.authentication != BY_KEY:
        raise BAD_REGISTRATION(problem=Words("whoever reads accounts has keys", "读取账户的机构须登记公钥"))
    if command.notices_to:
        _host(command.notices_to, sandbox=sandbox)


def _partners_keys(command: RegisterRelyingParty) -> tuple[Mapping[str, Any], ...]:
    if (command.authentication == BY_KEY) != bool(command.keys):
        raise BAD_REGISTRATION(problem=KEYS)
    if not command.keys:
        return ()
    try:
        keys = jose.keys_of(json.loads(command.keys))
    except (jose.Untrue, ValueError, RecursionError):
        keys = ()
    if not keys:
        raise BAD_REGISTRATION(problem=KEYS)
    return keys


def _host(address: str, *, sandbox: bool) -> str:
    """The host of an address to which answers may go: over TLS, or of this machine in a simulated bank; no fragment, nobody's
    name in it, nothing that reads in two ways."""
    try:
        parts = urlsplit(address)
        local = sandbox and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
        port = parts.port
    except ValueError:
        raise BAD_REGISTRATION(problem=BAD_ADDRESS) from None
    fits = HOST.fullmatch(parts.hostname or "") is not None and not set(address) & set("#\\*") and port != 0
    plain = not set(parts.netloc) & set("@%") and "/../" not in f"{parts.path}/"
    if not (fits and plain and (local or parts.scheme == "https")):
        raise BAD_REGISTRATION(problem=BAD_ADDRESS)
    return str(parts.hostname) if port is None else f"{parts.hostname}:{port}"
