"""Decide whether a password is one that everybody tries first: a common word with digits, a run of keys, a date.

Pure. NIST SP 800-63B-4 section 3.1.1.2 asks for a blocklist; lists of leaked passwords are, at ten letters and more,
all but wholly made of a few hundred words, spelt with digits for letters and followed by digits. So the words are
listed and the spelling is undone.
"""

from __future__ import annotations

import re

LEET = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that people write for letters."""

_WORDS = """
    password passwd passwort passw pass pwd mima secret login admin administrator root user guest test testing
    default changeme change welcome letmein hello access system server qwerty qwertz azerty qwer asdf zxcv qaz
    wsx edc abc abcd abcde abcdef qwertyuiop asdfghjkl zxcvbnm iloveyou loveyou love lovely woaini woaiwojia
    woaiwoziji aini nihao wang zhang monkey dragon football baseball basketball soccer sunshine princess
    master shadow superman batman spiderman michael jordan charlie daniel thomas jessica ashley jennifer
    michelle anthony matthew andrew joshua robert george trustno whatever computer internet samsung google
    facebook wechat weixin alipay taobao apple iphone android windows china chinese zhongguo beijing shanghai
    guangzhou shenzhen summer winter spring autumn january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday freedom flower starwars
    pokemon killer hunter ranger cookie banana orange purple yellow silver golden diamond money bank banking
    farthing bitcoin lucky happy family mother father baby angel jesus christ blessed forever friend friends
    my me i you the is a an your our new old first one two three
"""
WORDS = frozenset(_WORDS.split())
"""Words that are tried first, in small letters without digits."""

RUNS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn",
        "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm")  # fmt: skip
SHORTEST_DIGITS = 16
"""A password of digits alone is a date, a phone or a card: under this length it is guessed."""
SHORTEST_RUN = 4


def is_weak(text: str) -> bool:
    """Whether a password (small letters) is among those that are tried first."""
    if len(set(text)) < 4 or _repeats(text):
        return True
    plain = re.sub(r"[\s._-]", "", text)
    if plain.isdigit():
        return len(plain) < SHORTEST_DIGITS or _runs_only(plain)
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    readings = {plain, plain.translate(LEET), core.translate(LEET)}
    return _runs_only(plain) or any(_words_only(re.sub(r"[\W\d_]", "", reading)) for reading in readings)


def _repeats(text: str) -> bool:
    """Whether a text is a short piece over and over."""
    return re.fullmatch(r"(.{1,4})\1+.{0,3}", text) is not None


def _runs_only(text: str) -> bool:
    """Whether nothing is left of a text but runs along the keyboard, the alphabet or the digits, and three signs more."""
    both = [run for straight in RUNS for run in (straight, straight[::-1])]
    left, at = 0, 0
    while at < len(text):
        longest = max((_common(text, at, run) for run in both), default=0)
        left += 0 if longest >= SHORTEST_RUN else 1
        at += longest if longest >= SHORTEST_RUN else 1
    return left <= 3


def _common(text: str, at: int, run: str) -> int:
    """How far a text goes along a run from a place on."""
    begin = run.find(text[at : at + SHORTEST_RUN])
    if begin < 0:
        return 0
    length = SHORTEST_RUN
    while at + length < len(text) and begin + length < len(run) and text[at + length] == run[begin + length]:
        length += 1
    return length


def _words_only(letters: str) -> bool:
    """Whether letters are common words one after the other, at most four; none at all counts as well."""
    fewest: list[int | None] = [0] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for begin in range(max(0, end - 16), end):
            before = fewest[begin]
            if before is not None and letters[begin:end] in WORDS:
                count = before + 1
                known = fewest[end]
                fewest[end] = count if known is None else min(known, count)
    found = fewest[len(letters)]
    return found is not None and found <= 4
