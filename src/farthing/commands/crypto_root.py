"""Own what ``farthing crypto`` does with the built-in root's key: copied into a file, taken out of the bank, brought back."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import bank
from farthing.commands.language import say
from farthing.commands.savings import do
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, tell
from farthing.kernel.run import Kernel
from farthing.kit.keys.files import P256Key, file_key, write_key
from farthing.kit.keys.places import key_at
from farthing.signing import root_service as roots
from farthing.signing.root_service import BringRootBack, RootTold, TakeRootOffline

RootFile = Annotated[Path, typer.Argument(help="The file of the root's key, for its owner alone.", metavar="FILE")]


def root_copy(file: RootFile, as_json: Json = False) -> None:
    """Copy the root's key into a new file, for the ceremony that takes it out of the bank."""
    with bank(standing=True) as kernel:
        key, _ = kernel.read(roots.root_key)
        found = kernel.read(roots.told)
    write_key(file, P256Key(key))
    tell(found, as_json, _told)


def root_offline(
    place: Annotated[str, typer.Argument(help="Where the root's key is from now on: the file, or a token (pkcs11:).")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Forget the root's key in the bank, once its copy signed that it is the root's; it waits for a second person."""

    def command(kernel: Kernel) -> TakeRootOffline:
        signed = key_at(place).sign(roots.possession(kernel.read(roots.certificate)))
        return TakeRootOffline(base64.b64encode(signed).decode())

    do(roots.take_offline, command, _told, dry_run=False, as_json=as_json, officer=officer)


def root_back(file: RootFile, officer: Officer = None, as_json: Json = False) -> None:
    """Bring the root's key back from its file, to certify what is to be renewed."""
    command = BringRootBack(base64.b64encode(file_key(file).pkcs8).decode())
    do(roots.bring_back, command, _told, dry_run=False, as_json=as_json, officer=officer)


def _told(found: RootTold) -> None:
    where = say("not in the bank", "不在本系统内") if found.offline else say("in the bank", "在本系统内")
    typer.echo(f"{say('root', '根证书')}\tsha256:{found.certificate}\t{where}")
    if found.list_until:
        typer.echo(say(f"its revocation list holds until {found.list_until}", f"其吊销列表有效期至 {found.list_until}"))
