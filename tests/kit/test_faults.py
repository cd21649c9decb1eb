"""What is said of a peer that did not answer: words, in both languages, whatever the line broke with."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

import pytest

from farthing.kit.chinese import in_chinese
from farthing.kit.client import cause
from farthing.kit.faults import SENTENCES, words

BROKEN = [
    (socket.gaierror(-2, "Name or service not known"), "the name example.org leads nowhere"),
    (ssl.SSLCertVerificationError(1, "self-signed"), "its certificate is not trusted"),
    (ssl.SSLError(1, "wrong version number"), "it does not speak TLS"),
    (TimeoutError(), "it did not answer in time"),
    (ConnectionRefusedError(111, "Connection refused"), "nothing listens there"),
    (http.client.RemoteDisconnected(), "it cut the line off"),
    (OSError(errno.EHOSTUNREACH, "No route to host"), "its network cannot be reached"),
    (OSError(5, "Input/output error"), "the line failed"),
    (http.client.BadStatusLine("x"), "its answer cannot be read"),
]


@pytest.mark.parametrize(("problem", "said"), BROKEN, ids=[type(each).__name__ for each, _ in BROKEN])
def test_why_a_call_failed_is_one_of_the_sentences(problem: Exception, said: str) -> None:
    assert cause(problem, "example.org") == said
    for kept in (said, repr(OSError(said))):
        found = words(kept)
        assert found.en == said and not any(
            each.isascii() and each.isalpha() for each in found.zh.replace("example.org", "").replace("TLS", "")
        )


def test_each_sentence_is_told_in_chinese_with_its_own_words() -> None:
    for en, zh in SENTENCES:
        found = words(en.replace("{}", "503"))
        assert found.zh == zh.replace("{}", "503") == in_chinese(found.zh), en
    assert words("a stranger's words").zh == "a stranger's words"
