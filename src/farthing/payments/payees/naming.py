"""Decide how far a name that a payer typed is the payee's: the same, close, another, or not to be compared. Pure.

Names are compared by whole words. Nothing is cut off an end first: John Thomas is not John Thom, and an Ltd is not the LLC of the
same name (open-bank-oss#1204). A Chinese personal name is the same, or it is somebody else's: one character apart is another
person. Width, case, accents, spaces and the dot inside a name say nothing. The outcomes are those of the European verification
of payee (EPC218-23); a close one says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["match", "close", "other", "not_compared"]
Why = Literal["", "order", "initials", "part", "typing", "legal_form", "script"]


@dataclass(frozen=True, slots=True)
class Named:
    """How a typed name compares: ``why`` is said of a close one, and of one in another script."""

    outcome: Outcome
    why: Why = ""


SAME = Named("match")
OTHER = Named("other")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_APART = re.compile(r"[\W_]+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
_FORMS = {
    "ltd": "ltd", "limited": "ltd", "llc": "llc", "inc": "inc", "incorporated": "inc", "corp": "corp", "corporation": "corp",
    "plc": "plc", "gmbh": "gmbh", "ag": "ag", "sa": "sa", "sarl": "sarl", "bv": "bv", "nv": "nv", "spa": "spa", "srl": "srl",
    "co": "co", "company": "co", "llp": "llp", "lp": "lp",
}  # fmt: skip
_HAN_TITLES = ("先生", "女士", "小姐", "老师")
_HAN_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "股份公司",
    "合伙企业（有限合伙）",
    "专业合作社",
    "合作社",
    "个体工商户",
    "公司",
)
SHORTEST_TYPED = 4
"""Letters below which one wrong letter makes another word."""


def compared(typed: str, known: str, kind: str) -> Named:
    """How a typed name compares with that on file of a ``person`` or an ``organisation``."""
    mine, theirs = _plain(typed), _plain(known)
    if not _APART.sub("", mine):
        return OTHER
    if bool(_HAN.search(mine)) != bool(_HAN.search(theirs)):
        return Named("not_compared", "script")
    if _HAN.search(theirs):
        return _han(_joined(mine), _joined(theirs), kind)
    return _latin(_APART.split(mine), _APART.split(theirs), kind)


def _plain(text: str) -> str:
    """Without width, case and accents."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(each for each in folded if unicodedata.category(each) != "Mn"))


def _joined(text: str) -> str:
    return _APART.sub("", text)


def _han(mine: str, theirs: str, kind: str) -> Named:
    if mine == theirs:
        return SAME
    if kind == "person":
        plain = [_without(each, _HAN_TITLES)[0] for each in (mine, theirs)]
        return SAME if plain[0] == plain[1] else OTHER
    forms = tuple(_joined(_plain(each)) for each in _HAN_FORMS)
    (core, _), (kept, _) = _without(mine, forms), _without(theirs, forms)
    return Named("close", "legal_form") if core == kept else OTHER


def _without(name: str, ends: Sequence[str]) -> tuple[str, str]:
    """A name without the first of these ends that it has, and that end; something is always left."""
    end = next((each for each in ends if name.endswith(each) and len(name) > len(each)), "")
    return name.removesuffix(end), end


def _latin(mine: list[str], theirs: list[str], kind: str) -> Named:
    mine, theirs = [each for each in mine if each], [each for each in theirs if each]
    if kind == "organisation":
        (core, form), (kept, kept_form) = _formed(mine), _formed(theirs)
        if core == kept and form != kept_form:
            return Named("close", "legal_form")
        return SAME if core == kept else (_typed(core, kept) if form == kept_form else OTHER)
    mine, theirs = ([each for each in name if each not in _TITLES] or name for name in (mine, theirs))
    if "".join(mine) == "".join(theirs):
        return SAME
    if sorted(mine) == sorted(theirs):
        return Named("close", "order")
    if _initials(mine, theirs):
        return Named("close", "initials")
    fewer, more = sorted((mine, theirs), key=len)
    if len(fewer) > 1 and len(fewer) < len(more) and _within(fewer, more):
        return Named("close", "part")
    return _typed(mine, theirs)


def _formed(words: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """An organisation's words, and the legal form at their end, spelled one way."""
    core = list(words)
    form: list[str] = []
    while len(core) > 1 and core[-1] in _FORMS:
        form.insert(0, _FORMS[core.pop()])
    return core, tuple(form)


def _initials(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether one says a word by its first letter and the names are the same else: one word at least is whole on both sides."""
    if len(mine) != len(theirs):
        return False
    pairs = list(zip(mine, theirs, strict=True))
    alike = all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs)
    return alike and any(a == b and len(a) > 1 for a, b in pairs)


def _within(fewer: Sequence[str], more: Sequence[str]) -> bool:
    rest = iter(more)
    return all(each in rest for each in fewer)


def _typed(mine: Sequence[str], theirs: Sequence[str]) -> Named:
    """Close where one word of several letters has one wrong, one missing, one too many, or two exchanged."""
    if len(mine) != len(theirs):
        return OTHER
    apart = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    if len(apart) == 1 and min(map(len, apart[0])) >= SHORTEST_TYPED and _one_apart(*apart[0]):
        return Named("close", "typing")
    return SAME if not apart else OTHER


def _one_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        exchanged = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
        return short[at + 1 :] == long[at + 1 :] or exchanged
    return len(long) == len(short) + 1 and short[at:] == long[at + 1 :]
