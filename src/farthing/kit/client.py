"""Own the one HTTP call to a peer: the ports' clients say what they ask and read the answer, the line is here.

A deadline covers the whole call, from looking up the name to the last byte; an answer has a bounded size; TLS is verified
against the machine's authorities; no redirect is followed, for the address is the deployment's choice and not the peer's;
no proxy that the environment names is used. Nothing is asked twice.

Two ways of not answering, which a client tells apart::

    try:
        said = post(address, body, within=1.5, at_most=LARGEST_ANSWER)
    except Refused as refused:    # it answered and said no: ``refused.answer`` holds its status and body
    except Unanswered as problem:  # whether it took note is not known: late, cut off, broken, moved, too large

Both are :class:`PeerFault`. ``Unanswered`` is an ``OSError``, by which an errand knows a silent peer from a wrong answer.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from farthing.kit.errors import InvariantBroken
from farthing.kit.faults import LATE

JSON = "application/json"
PORTS = {"http": 80, "https": 443}
PIECE = 1 << 16
"""Bytes that are read at once, between two looks at the size and the deadline."""


_UNREACHABLE = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN))


class PeerFault(Exception):
    """A peer gave no answer that its client could use; ``status`` is that of the answer, where there was one."""

    status: int | None = None


class Unanswered(PeerFault, OSError):
    """No answer came, or none that can be read: whether the peer took note is not known."""

    def __init__(self, problem: str, status: int | None = None) -> None:
        super().__init__(problem)
        self.status = status


class Refused(PeerFault):
    """The peer took note and said no (a status from 400 to 499): ``answer`` is what it said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"it answered {answer.status}")
        self.answer, self.status = answer, answer.status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said: the status, the content type without its parameters (lower case), the whole body, and its headers by
    their names in lower case; of one that comes twice the last."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class _Call:
    """One call under way, in a thread of its own: whoever waits for it takes ``found``, or lays the line down."""

    method: str
    address: SplitResult
    body: bytes | None
    headers: Mapping[str, str]
    until: float
    at_most: int
    admits: Callable[[str], bool] | None = None
    found: Answer | PeerFault | None = None
    line: socket.socket | None = None
    laid_down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Ask, and keep what came of it; what a peer can break is a fault of the peer."""
        try:
            self.found = self._ask()
        except PeerFault as fault:
            self.found = fault
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.found = Unanswered(cause(problem, self.address.hostname or ""))
            self.found.__cause__ = problem
        finally:
            self.lay_down()

    def lay_down(self) -> None:
        """Close the line, also under a read that waits: a thread whose answer nobody wants ends."""
        with self.lock:
            self.laid_down = True
            if self.line is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self.line, socket.SHUT_RDWR)

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise Unanswered(LATE)
        return left

    def _ask(self) -> Answer:
        host, port = self.address.hostname or "", self.address.port or PORTS[self.address.scheme]
        line = socket.create_connection((self._where(host, port), port), self._left())
        try:
            if self.address.scheme == "https":
                line = authorities().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
            self._hold(line)
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            return self._exchanged(http.client.HTTPConnection(host, port), line)
        finally:
            self._hold(None)
            line.close()

    def _where(self, host: str, port: int) -> str:
        """What is called: the host, or where not every address is admitted, the very address that was looked at, so that
        the name cannot lead elsewhere a moment later."""
        if self.admits is None:
            return host
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not found or not all(map(self.admits, found)):
            raise Unanswered(f"{host} leads to an address that may not be called")
        return found[0]

    def _hold(self, line: socket.socket | None) -> None:
        """What :meth:`lay_down` would close; never a line that is closed already, whose number may be another's."""
        with self.lock:
            self.line = line
            if line is not None and self.laid_down:
                raise Unanswered(LATE)

    def _exchanged(self, connection: http.client.HTTPConnection, line: socket.socket) -> Answer:
        connection.sock = line
        query = f"?{self.address.query}" if self.address.query else ""
        connection.request(self.method, (self.address.path or "/") + query, self.body, dict(self.headers))
        response = http.client.HTTPResponse(line, method=self.method)
        response.begin()
        if 300 <= response.status < 400:
            raise Unanswered(f"it answered {response.status}, and no redirect is followed", response.status)
        body = bytearray()
        while piece := response.read(min(PIECE, self.at_most + 1 - len(body))):
            body += piece
            if len(body) > self.at_most:
                raise Unanswered(f"its answer is longer than {self.at_most} bytes", response.status)
            self._left()
        if response.length:
            raise Unanswered("its answer was cut off", response.status)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, response.headers.get_content_type(), bytes(body), headers)


def cause(problem: Exception, host: str) -> str:
    """Why a call to a host failed, as one of :data:`farthing.kit.faults.SENTENCES`."""
    if isinstance(problem, socket.gaierror):
        return f"the name {host} leads nowhere"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    if isinstance(problem, ssl.SSLError):
        return "it does not speak TLS"
    if isinstance(problem, TimeoutError):
        return LATE
    if isinstance(problem, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(problem, (ConnectionError, EOFError)):
        return "it cut the line off"
    if isinstance(problem, OSError):
        return "its network cannot be reached" if problem.errno in _UNREACHABLE else "the line failed"
    return "its answer cannot be read"


@functools.cache
def authorities() -> ssl.SSLContext:
    """Who may vouch for a peer: the machine's authorities, read once. The name is checked too."""
    return ssl.create_default_context()


def post(
    address: str,
    body: bytes,
    *,
    within: float,
    at_most: int,
    sends: str = JSON,
    expects: str | None = None,
    headers: Mapping[str, str] | None = None,
    admits: Callable[[str], bool] | None = None,
) -> Answer:
    """Send a body of the type ``sends``; ``expects``: the type that an answer must have. Raises :class:`PeerFault`.

    ``admits``: which network addresses may be called, where the host is somebody else's choice than the deployment's: all
    to which its name leads must be, and the call goes to one of those and asks no second time.
    """
    said = {"Content-Type": sends, "Accept": expects or "*/*", **(headers or {})}
    call = _Call("POST", _taken_apart(address), body, said, time.monotonic() + within, at_most, admits)
    return _called(call, expects)


def get(
    address: str,
    *,
    within: float,
    at_most: int,
    headers: Mapping[str, str] | None = None,
    admits: Callable[[str], bool] | None = None,
) -> Answer:
    """Fetch what stands at an address; ``admits`` as for :func:`post`. Raises :class:`PeerFault`."""
    until = time.monotonic() + within
    return _called(_Call("GET", _taken_apart(address), None, headers or {}, until, at_most, admits), None)


def host_of(address: str) -> str:
    """The host that a deployment's setting names; one that is no address of the web is set up wrongly."""
    try:
        return str(_taken_apart(address).hostname)
    except Unanswered as problem:
        raise InvariantBroken(f"a peer cannot be asked: {problem}") from None


def _taken_apart(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        fits = parts.scheme in PORTS and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise Unanswered(f"{address} is not an http or https address")
    return parts


def _called(call: _Call, expects: str | None) -> Answer:
    """The call's answer, waited for until its deadline and not longer, whatever its thread hangs on."""
    worker = threading.Thread(target=call.run, name=f"asks {call.address.hostname}", daemon=True)
    worker.start()
    worker.join(max(0.0, call.until - time.monotonic()))
    found = call.found
    if found is None:
        call.lay_down()
        raise Unanswered(LATE)
    if isinstance(found, PeerFault):
        raise found
    if 400 <= found.status < 500:
        raise Refused(found)
    if not 200 <= found.status < 300:
        raise Unanswered(f"it answered {found.status}", found.status)
    if expects is not None and found.kind != expects:
        raise Unanswered(f"it answered {found.kind}", found.status)
    return found
