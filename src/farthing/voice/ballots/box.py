"""Own the box of a ballot as it is published at its end, its count, and the receipt that names no choice. Pure.

Two lists, each in the order of its random numbers, which is no order of time: the tokens that were cast, each with the
signature that the roll gave blind, and the choices, each beside a tracker that its voter drew. Nothing joins the lists: not
here and not in what the bank keeps. As many choices as tokens, no more tokens than the roll gave out: none was put in.
She who voted finds her choice beside her tracker; to whoever wants to see it she may show the tracker of any other.

Never counts what it did not check: :func:`count` refuses a box with one bad line. ``checker`` counts the same file again and
shares no code with this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from farthing.evidence.merkle import leaf_hash, root_of
from farthing.kit import strict_json
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal, declined, malformed
from farthing.kit.keys import blind
from farthing.kit.words import Words

UNREADABLE = malformed(
    "ballots.box_unreadable",
    "The box of votes cannot be counted: {problem}.",
    "票箱无法计票：{problem}。",
)
CHOICE = declined(
    "ballots.choice_refused",
    "{chosen} is no vote here: {problem}.",
    "{chosen} 不是有效的选票：{problem}。",
)
METHODS = ("approval", "points")
"""Approve as many options as one likes, or spread points over them."""
MOST_OPTIONS = 50
MOST_POINTS = 1000
_NUMBER = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"ballot", "options", "method", "points", "quorum", "key", "issued", "tokens", "choices", "root"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a vote must keep: ``points`` are what each voter spreads, 0 where options are approved."""

    options: tuple[str, ...]
    method: str
    points: int
    quorum: int


@dataclass(frozen=True, slots=True)
class Count:
    """What a box holds: ``totals`` in the order of the options; ``winners`` are those with the most, several when they tie
    and none below the quorum."""

    voters: int
    issued: int
    quorum: int
    totals: tuple[tuple[str, int], ...]
    winners: tuple[str, ...]
    root: str

    @property
    def reached(self) -> bool:
        """Whether enough voted."""
        return self.voters >= self.quorum


def check_choice(rules: Rules, chosen: Mapping[str, int]) -> None:
    """Refuse ``ballots.choice_refused`` what is no vote by a ballot's rules; to choose nothing is one.

    Approved options count 1 each; points are whole, none below 1, and together at most what a voter has.
    """
    for option, weight in chosen.items():
        if option not in rules.options:
            raise _refused(chosen, f"{option} is not among the options", f"{option} 不在选项之列")
        most = 1 if rules.method == "approval" else rules.points
        if type(weight) is not int or not 1 <= weight <= most:
            raise _refused(chosen, f"an option takes 1 to {most}", f"每个选项为 1 至 {most}")
    if rules.method == "points" and sum(chosen.values()) > rules.points:
        raise _refused(chosen, f"there are {rules.points} points in all", f"总共 {rules.points} 点")


def _refused(chosen: Mapping[str, int], problem: str, problem_zh: str) -> Refusal:
    said = ", ".join(f"{option}: {weight}" for option, weight in chosen.items())
    return CHOICE(chosen=said[:200], problem=Words(problem, problem_zh))


def published(ballot: str, rules: Rules, key: bytes, issued: int, tokens: Mapping[bytes, bytes],
              choices: Mapping[bytes, Mapping[str, int]]) -> dict[str, Any]:  # fmt: skip
    """The box as a document: ``tokens`` with their signatures, ``choices`` by tracker, ``key`` as DER."""
    box: dict[str, Any] = {
        "ballot": ballot, "options": list(rules.options), "method": rules.method, "points": rules.points,
        "quorum": rules.quorum, "key": key.hex(), "issued": issued,
        "tokens": [{"token": each.hex(), "signature": tokens[each].hex()} for each in sorted(tokens)],
        "choices": [{"tracker": each.hex(), "chosen": dict(choices[each])} for each in sorted(choices)],
    }  # fmt: skip
    return {**box, "root": root_of(leaves(box)).hex()}


def read(body: bytes) -> dict[str, Any]:
    """A published box out of its bytes; refuses ``ballots.box_unreadable``."""
    try:
        found = strict_json.parse(body)
    except strict_json.Unreadable as error:
        raise UNREADABLE(problem=Words(f"the file {error.en}", f"文件{error.zh}")) from None
    _rules(found)
    return dict(found)


def leaves(box: Mapping[str, Any]) -> list[bytes]:
    """What the root covers: the ballot's own words first, then each token, then each choice: the hash of its canonical JSON."""
    head = {name: box[name] for name in sorted(_FIELDS - {"tokens", "choices", "root"})}
    return [leaf_hash(canonical(each)) for each in (head, *box["tokens"], *box["choices"])]


def count(box: Mapping[str, Any]) -> Count:
    """Check every line of a box and count it; refuses ``ballots.box_unreadable``, ``ballots.choice_refused``."""
    rules = _rules(box)
    key = _key(box["key"])
    tokens = _numbered(box["tokens"], "token", "signature")
    choices = _numbered(box["choices"], "tracker", "chosen")
    if len(tokens) != len(choices):
        raise _bad(
            f"{len(choices)} choices for {len(tokens)} tokens", f"{len(tokens)} 个凭证对应 {len(choices)} 张选票"
        )
    issued = _whole(box, "issued")
    if len(tokens) > issued:
        raise _bad(
            f"{len(tokens)} tokens and only {issued} were given out", f"签发 {issued} 个凭证，却有 {len(tokens)} 个"
        )
    for each in tokens:
        _check_signed(key, each)
    totals = dict.fromkeys(rules.options, 0)
    for each in choices:
        if not isinstance(each["chosen"], dict):
            raise _bad("a choice is no table", "选票不是表")
        check_choice(rules, each["chosen"])
        for option, weight in each["chosen"].items():
            totals[option] += weight
    if box["root"] != root_of(leaves(box)).hex():
        raise _bad("its root is not that of its lines", "根哈希与内容不符")
    most = max(totals.values())
    won = tuple(name for name, total in totals.items() if total == most > 0 and len(tokens) >= rules.quorum)
    return Count(len(tokens), issued, rules.quorum, tuple(totals.items()), won, box["root"])


def _check_signed(key: rsa.RSAPublicKey, each: Mapping[str, Any]) -> None:
    signature = each["signature"]
    if not isinstance(signature, str) or not re.fullmatch(r"([0-9a-f]{2})+", signature):
        raise _bad("a signature is not hexadecimal", "签名不是十六进制")
    try:
        blind.check(key, bytes.fromhex(each["token"]), bytes.fromhex(signature))
    except Refusal:
        raise _bad(f"token {each['token'][:12]} is not signed", f"凭证 {each['token'][:12]} 未经签名") from None


def _rules(box: Mapping[str, Any]) -> Rules:
    if not isinstance(box, dict) or set(box) != _FIELDS:
        raise _bad(f"its fields must be {', '.join(sorted(_FIELDS))}", f"字段应为 {', '.join(sorted(_FIELDS))}")
    if not isinstance(box["ballot"], str):
        raise _bad("its ballot is no text", "投票编号不是文本")
    options, method = box["options"], box["method"]
    texts = isinstance(options, list) and all(isinstance(each, str) and each for each in options)
    if not texts or not 2 <= len(options) <= MOST_OPTIONS or len(set(options)) != len(options):
        raise _bad(f"it needs 2 to {MOST_OPTIONS} different options", f"应有 2 至 {MOST_OPTIONS} 个互不相同的选项")
    if method not in METHODS:
        raise _bad(f"its method must be one of {', '.join(METHODS)}", f"计票方式应为 {', '.join(METHODS)} 之一")
    points = _whole(box, "points")
    if points > MOST_POINTS or (points > 0) != (method == "points"):
        raise _bad("its points do not go with its method", "点数与计票方式不符")
    return Rules(tuple(options), method, points, _whole(box, "quorum"))


def _whole(box: Mapping[str, Any], name: str) -> int:
    value = box[name]
    if type(value) is not int or not 0 <= value <= 10**9:
        raise _bad(f"{name} is no whole number", f"{name} 不是整数")
    return value


def _key(written: object) -> rsa.RSAPublicKey:
    try:
        key = load_der_public_key(bytes.fromhex(str(written)))
    except ValueError:
        key = None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise _bad("its key is no RSA key of 2048 bits or more", "密钥不是 2048 位以上的 RSA 公钥")
    return key


def _numbered(lines: object, name: str, other: str) -> Sequence[Mapping[str, Any]]:
    """Lines that each hold a random number and one thing more, in the order of the numbers, none twice."""
    if not isinstance(lines, list) or any(not isinstance(each, dict) or set(each) != {name, other} for each in lines):
        raise _bad(f"each line must hold {name} and {other}", f"每行应含 {name} 和 {other}")
    numbers = [each[name] for each in lines]
    if any(not isinstance(each, str) or not _NUMBER.fullmatch(each) for each in numbers):
        raise _bad(f"a {name} is not 32 bytes in hexadecimal", f"{name} 不是 32 字节的十六进制")
    if any(one >= two for one, two in pairwise(numbers)):
        raise _bad(f"a {name} stands twice or out of order", f"{name} 重复或次序不对")
    return lines


def _bad(problem: str, problem_zh: str) -> Refusal:
    return UNREADABLE(problem=Words(problem, problem_zh))
