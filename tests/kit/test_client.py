"""The one HTTP call against real servers: what is handed back, and every way of not answering."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from farthing.kit import client
from farthing.kit.client import Answer, Refused, Unanswered, get, post
from farthing.kit.errors import InvariantBroken

Serve = Callable[[socket.socket], None]


def said(status: str, body: bytes = b"", **headers: str) -> bytes:
    """An answer as it travels, its length named unless the headers name another."""
    named = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def heard(line: socket.socket) -> bytes:
    """A request, read up to its end."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += line.recv(65536)
    head, _, body = text.partition(b"\r\n\r\n")
    lengths = [int(each.split(b":")[1]) for each in head.splitlines() if each.lower().startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def peer(serve: Serve | bytes, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes], list[str]]]:
    """A server for one call: its address, what it heard, and how its end of the line ended."""
    requests: list[bytes] = []
    ends: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def run() -> None:
            try:
                line, _ = listening.accept()
                line.settimeout(10)
                with line if context is None else context.wrap_socket(line, server_side=True) as spoken:
                    if callable(serve):
                        serve(spoken)
                    else:
                        requests.append(heard(spoken))
                        spoken.sendall(serve)
                ends.append("answered")
            except OSError as problem:
                ends.append(type(problem).__name__)

        thread = threading.Thread(target=run)
        thread.start()
        scheme = "http" if context is None else "https"
        yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", requests, ends
        thread.join()


def test_what_is_asked_and_answered_travels_whole() -> None:
    body = bytes(range(256)) * 4096
    with peer(said("200 OK", body, Content_Type="Application/JSON; charset=utf-8")) as (url, requests, _):
        assert post(f"{url}/ask?x=1", b"{}", within=10, at_most=len(body)) == Answer(200, "application/json", body)
    assert requests[0].startswith(b"POST /ask?x=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nContent-Type: application/json\r\n" in requests[0] and requests[0].endswith(b"\r\n\r\n{}")


def test_an_answer_in_chunks_or_until_the_line_ends_is_whole() -> None:
    for answer in (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nabc",
    ):
        with peer(answer) as (url, requests, _):
            assert get(url, within=10, at_most=3).body == b"abc"
        assert requests[0].startswith(b"GET / HTTP/1.1\r\n")


def test_a_peer_that_says_no_is_told_from_one_that_says_nothing() -> None:
    with (
        peer(said("409 Conflict", b"7\n", Content_Type="text/x.tlog.size")) as (url, _, _),
        pytest.raises(Refused) as no,
    ):
        post(url, b"", within=10, at_most=100)
    assert no.value.answer == Answer(409, "text/x.tlog.size", b"7\n")
    assert not isinstance(no.value, OSError), "an errand takes it for this errand's fault and not for silence"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (said("302 Found", Location="http://127.0.0.1:1/"), "302, and no redirect"),
        (said("307 Temporary Redirect", Location="http://127.0.0.1:1/"), "307, and no redirect"),
        (said("503 Service Unavailable"), "answered 503"),
        (said("200 OK", b"x" * 101), "longer than 100 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101, "longer than 100 bytes"),
        (said("200 OK", b"abc", Content_Length="9"), "cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab", "cannot be read"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "cannot be read"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "cannot be read"),
        (b"not http at all\r\n\r\n", "cannot be read"),
        (b"", "cut the line off"),
        (said("200 OK", b"{}", Content_Type="text/html"), "answered text/html"),
    ],
)
def test_what_is_no_answer(answer: bytes, problem: str) -> None:
    with peer(answer) as (url, _, _), pytest.raises(Unanswered, match=problem) as silent:
        post(url, b"{}", within=10, at_most=100, expects="application/json")
    assert isinstance(silent.value, OSError), "an errand knows a silent peer by it"


def drip(line: socket.socket) -> None:
    """Never a whole head, and never a silence that a timeout of one read would see."""
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X: y\r\n"[:1])
        time.sleep(0.02)


def drip_body(line: socket.socket) -> None:
    heard(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("serve", [drip, drip_body])
def test_the_deadline_is_of_the_whole_call_and_lays_the_line_down(serve: Serve) -> None:
    with peer(serve) as (url, _, ends):
        began = time.monotonic()
        with pytest.raises(Unanswered, match="in time"):
            post(url, b"{}", within=0.3, at_most=10**6)
        assert 0.3 <= time.monotonic() - began < 5
    assert ends[0] in ("ConnectionResetError", "BrokenPipeError"), "the server found its line closed"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "ftp://peer.example/",
        "http://",
        "http://[::1/",
        "http://a:99999/",
        "http://user@peer.example/",
    ],
)
def test_only_addresses_of_the_web_are_asked(address: str) -> None:
    with pytest.raises(Unanswered, match="not an http or https address"):
        get(address, within=1, at_most=10)
    with pytest.raises(InvariantBroken):
        client.host_of(address)


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with peer(said("200 OK", b"straight")) as (url, _, _):
        assert get(url, within=10, at_most=100).body == b"straight"


def test_a_peer_over_tls_is_believed_only_by_its_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = over_tls(tmp_path)
    client.authorities.cache_clear()
    unknown = pytest.raises(Unanswered, match="its certificate is not trusted")
    with peer(said("200 OK", b"{}"), context) as (url, requests, _), unknown:
        post(url, b"a secret", within=10, at_most=100)
    assert requests == [], "nothing is told to whom nobody vouches for"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    client.authorities.cache_clear()
    try:
        with peer(said("200 OK", b"{}"), context) as (url, _, _):
            assert post(url, b"{}", within=10, at_most=100).body == b"{}"
        with peer(said("200 OK", b"{}"), context) as (url, _, _), pytest.raises(Unanswered, match="certificate"):
            post(url.replace("127.0.0.1", "localhost"), b"{}", within=10, at_most=100)
    finally:
        client.authorities.cache_clear()


def over_tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1 alone, and its certificate as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, certificate
