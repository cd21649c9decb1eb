"""Own the commands of ``farthing crypto`` that need no bank: certificates of P-256 and SM2 keys, and a seal beside any file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.language import colon, pick, say
from farthing.commands.tables import Json, tell
from farthing.kit.errors import declined
from farthing.kit.keys import certificates
from farthing.kit.keys.certificates import ChainStatus, Issue
from farthing.kit.keys.places import key_at
from farthing.kit.keys.suites import SUITES
from farthing.kit.words import Words

OTHER_KEY = declined(
    "commands.certificate_of_another_key",
    "The certificate in {file} is not of the key at {place}; name the certificate that was issued for it.",
    "{file} 中的证书与 {place} 处的密钥不符；请指定为该密钥签发的证书。",
)
Key = Annotated[str, typer.Option(help="Where the key lies: a file, or a token's key (pkcs11:).")]
Chain = Annotated[Path, typer.Option(help="PEM: the signer's certificate, then those that issued it.")]
SIGNATURE = ".sig"
SAID = {
    ChainStatus.VERIFIED: Words("the chain leads to a root that you trust", "证书链通向您信任的根证书"),
    ChainStatus.UNTRUSTED: Words("the chain leads to no root that you trust", "证书链未通向您信任的根证书"),
    ChainStatus.FORGED: Words("a signature of the chain does not verify", "证书链中有签名验证不通过"),
    ChainStatus.OUT_OF_TIME: Words("a certificate is not valid at that time", "证书链中有证书在该时间无效"),
    ChainStatus.NO_AUTHORITY: Words(
        "a certificate of the chain may not issue others", "证书链中有证书无权签发其他证书"
    ),
    ChainStatus.NOT_UNDERSTOOD: Words(
        "a certificate makes a condition that is not understood", "证书链中有无法理解的限制条件"
    ),
}


@dataclass(frozen=True, slots=True)
class SealFound:
    """What checking a seal beside a file found, by which suite, and what was not looked at."""

    signature: bool
    chain: str
    suite: str
    not_checked: tuple[str, ...] = ("revocation", "when it was signed")

    @property
    def good(self) -> bool:
        """Whether the signature and its chain hold."""
        return self.signature and self.chain == ChainStatus.VERIFIED.name.lower()


def request(
    name: Annotated[str, typer.Argument(help="Who asks: the name in the certificate.")],
    key: Key,
    as_json: Json = False,
) -> None:
    """Print a request for a certificate (PKCS#10), signed by a key on P-256 or of SM2."""
    _pem("CERTIFICATE REQUEST", certificates.request(key_at(key), name), as_json)


def certify(
    key: Key,
    days: Annotated[int, typer.Option(min=1, max=36_500, help="For how long.")] = 365,
    of: Annotated[Path | None, typer.Option("--request", help="The request that is granted.")] = None,
    issuer: Annotated[Path | None, typer.Option(help="The certificate of the authority whose key it is.")] = None,
    root: Annotated[str, typer.Option(help="Instead of a request: the name of a new root, of the key itself.")] = "",
    authority: Annotated[
        bool, typer.Option("--authority", help="Who is certified may issue certificates too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print a certificate: for a request, by an authority; or a root's own. An authority of one's own is no third party."""
    if bool(root) == bool(of) or bool(of) != bool(issuer):
        raise typer.BadParameter(
            say("give --root, or --request and --issuer", "请给出 --root，或同时给出 --request 与 --issuer")
        )
    held, now = key_at(key), datetime.datetime.now(datetime.UTC)
    ends = now + datetime.timedelta(days=days)
    if root:
        suite = SUITES[held.algorithm]
        made = certificates.issue(Issue(root, now, ends, authority=True), suite.spki(held.public), held)
    else:
        name, spki = certificates.requested(_first(of))
        made = certificates.issue(Issue(name, now, ends, authority), spki, held, _first(issuer))
    _pem("CERTIFICATE", made, as_json)


def seal(
    file: Annotated[Path, typer.Argument(help="Any file, such as an evidence package.")],
    key: Key,
    chain: Chain,
    as_json: Json = False,
) -> None:
    """Write a signature beside a file: FILE.sig, DER, of the suite of the key; openssl checks it too."""
    held = key_at(key)
    found, public = certificates.public_key(_first(chain))
    if (found.name, public) != (held.algorithm, held.public):
        raise OTHER_KEY(file=str(chain), place=key)
    made = file.with_name(file.name + SIGNATURE)
    made.write_bytes(held.sign(file.read_bytes()))
    tell({"signature": str(made), "suite": found.name}, as_json, lambda _: typer.echo(str(made)))


def check(
    file: Annotated[Path, typer.Argument(help="The file beside which FILE.sig lies.")],
    chain: Chain,
    roots: Annotated[Path, typer.Option(help="PEM: the root certificates that you trust.")],
    as_json: Json = False,
) -> None:
    """Check the signature beside a file, and its chain now. Exit 1 where either does not hold."""
    given, trusted = certificates.read_pem(chain.read_bytes()), certificates.read_pem(roots.read_bytes())
    suite, public = certificates.public_key(given[0])
    status = certificates.check_chain(given, trusted, datetime.datetime.now(datetime.UTC))
    good = suite.verify(public, file.with_name(file.name + SIGNATURE).read_bytes(), file.read_bytes())
    found = SealFound(good, status.name.lower(), suite.name)

    def show(_: SealFound) -> None:
        held = (
            Words("holds", "有效")
            if good
            else Words("does not hold: another file, key or suite", "无效：文件、密钥或套件不符")
        )
        typer.echo(colon(Words(f"signature ({suite.name})", f"签名（{suite.name}）"), pick(held)))
        typer.echo(colon(Words("certificates", "证书"), pick(SAID[status])))
        typer.echo(say("not checked: revocation; when it was signed", "未核验：是否已吊销；签署时间"))

    tell(found, as_json, show)
    if not found.good:
        raise typer.Exit(1)


def _pem(kind: str, der: bytes, as_json: bool) -> None:
    text = certificates.write_pem(kind, der)
    tell({"pem": text}, as_json, lambda _: typer.echo(text, nl=False))


def _first(path: Path | None) -> bytes:
    """The first block of a PEM file."""
    return certificates.read_pem(path.read_bytes())[0] if path else b""
