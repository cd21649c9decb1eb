"""Own ``farthing wind-down``: the folder of an export, written, checked without a database, and taken over by an empty bank."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from farthing.assurance.winddown import export_service, import_service
from farthing.assurance.winddown.checking import UNCHECKED
from farthing.assurance.winddown.folder import (
    KEY,
    LEAF,
    MANIFEST,
    PROOF,
    Export,
    coded,
    findings,
    manifest_bytes,
    opened,
    presented,
    request,
    steps,
)
from farthing.assurance.winddown.model import (
    AllowExport,
    BringPart,
    FinishTakeOver,
    SealExport,
    WindDown,
)
from farthing.assurance.winddown.refusals import EXISTS, MISSING, TAKEN_OVER, UNDER_WAY
from farthing.assurance.winddown.tables import LEFT_OUT
from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.language import pick, say
from farthing.commands.officers import acting
from farthing.commands.progress import progress, working
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, as_text, rows, tell
from farthing.kernel.run import Kernel
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.kit.words import Words

app = typer.Typer(
    help="The living will: export all claims for a backup servicer, check an export, take one over.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

Folder = Annotated[Path, typer.Argument(help="A folder that `farthing wind-down export` made.")]
Why = Annotated[str, typer.Option("--why", help="Why; kept with it.")]
SUMS: Mapping[str, Words] = {
    "principal_owed": Words("principal owed", "未还本金"),
    "principal_given_up": Words("of it given up", "其中已核销"),
    "principal_of_own_book": Words("held by the bank itself", "本机构持有"),
    "principal_of_lenders": Words("held by lenders", "出借人持有"),
    "principal_of_partners": Words("held by partners", "合作方持有"),
    "client_money": Words("customers' money that is handed over", "随之移交的客户资金"),
    "wallets": Words("in wallets", "钱包"),
    "escrow": Words("on escrows", "存管账户"),
    "collections": Words("collected and not shared out", "已收待分配"),
    "owed_back": Words("owed back to borrowers", "应退借款人"),
    "protection_fund": Words("protection fund", "风险缓释金"),
}
"""What the sums of a manifest are called."""
STATES = {
    "allowed": Words("allowed, not made yet", "已批准，未写出"), "sealed": Words("made", "已完成"),
    "taking": Words("under way", "进行中"), "done": Words("done", "已完成"),
}  # fmt: skip
WAYS = {"out": Words("export", "导出"), "in": Words("taken over", "接管")}


@app.callback()
def wind_down() -> None:
    """The living will: export all claims for a backup servicer, check an export, take one over."""


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder.")], why: Why, officer: Officer = None, as_json: Json = False
) -> None:  # fmt: skip
    """Write all that a backup servicer needs; two persons must want it. Ask, let another officer agree, and say it again.

    It holds names, identity numbers, phones and contracts of every customer: keep it as you keep the bank.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EXISTS(folder=str(folder))
    with bank(standing=True) as kernel, acting(kernel, officer) as actor:
        allowed = kernel.ask(export_service.export_allowed, actor=actor)
        if allowed is None:
            shown.say(kernel.run(export_service.allow_export, AllowExport(why), actor=actor), as_json, None)
            return
        files = _written(kernel, actor, allowed, folder)
    with working(Words("checking the export", "正在核对")):
        found = opened(files)
        wrong = findings(found)
    _told(found, as_json, Words(f"Written to {folder}", f"已写入 {folder}"), wrong)
    raise typer.Exit(1 if wrong else 0)


def _written(kernel: Kernel, actor: Actor, allowed: WindDown, folder: Path) -> dict[str, bytes]:
    """The files of an export, in their folder. They are there before the log learns of them: who has no room for them, or is
    killed, may make it again."""
    with progress() as going:
        made = kernel.read(
            lambda tx: export_service.write(
                tx, lambda done, of: going(Words("reading the claims", "正在读取债权"), done, of)
            ),
            snapshot=True,
        )
    manifest = manifest_bytes(made.manifest)
    files = {**made.files, MANIFEST: manifest}
    _keep(folder, files)
    entered = SealExport(allowed.id, coded(manifest), coded(made.warrant))
    sealed = kernel.run(export_service.seal_export, entered, actor=actor)
    seal = sealed.seal
    seals = {LEAF: seal.leaf.encode(), PROOF: seal.proof.encode(), KEY: f"{seal.key}\n".encode()}
    _keep(folder, seals)
    return files | seals


def _keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files that nobody else on the machine may read."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def _read(folder: Path, key: str | None) -> Export:
    """An export of its folder; refuses ``wind_down.missing``, and as :func:`opened`."""
    if not (folder / MANIFEST).is_file():
        raise MISSING(folder=str(folder))
    files = {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in sorted(folder.rglob("*"))
        if place.is_file()
    }
    return opened(files, key)


@app.command("check")
def check(
    folder: Folder,
    key: Annotated[str | None, typer.Option(help="The key of the bank's log, got from elsewhere.")] = None,
    as_json: Json = False,
) -> None:
    """Say whether an export is whole and agrees with itself; needs no database. Exit code 1 where it does not."""
    with working(Words("checking the export", "正在核对")):
        found = _read(folder, key)
        wrong = findings(found)
    _told(found, as_json, Words(f"{folder}: {found.manifest.bank}", f"{folder}：{found.manifest.bank}"), wrong, key)
    raise typer.Exit(1 if wrong else 0)


def _told(
    found: Export, as_json: bool, title: Words, wrong: Any = (), key: str | None = None
) -> None:  # fmt: skip
    manifest = found.manifest
    said = {
        "bank": manifest.bank, "credit_code": manifest.credit_code, "business_date": manifest.business_date,
        "made_at": manifest.made_at, "manifest_sha256": found.sha256, "log_key": found.seal.key, "sums": manifest.sums,
        "files": len(found.files), "findings": list(wrong), "unchecked": list(_unchecked(key)), "left_out": _left_out(manifest),
    }  # fmt: skip
    if as_json:
        typer.echo(as_text(said))
        return
    rows(title, [Words("what", "项目"), Words("figure", "数值")], [
        (say("day of the bank", "营业日"), manifest.business_date), (say("files", "文件数"), len(found.files)),
        *((_name(name), _money(name, minor)) for name, minor in manifest.sums.items()),
        (say("SHA-256 of the manifest", "清单 SHA-256"), found.sha256), (say("key of the log", "日志密钥"), found.seal.key),
    ])  # fmt: skip
    for each in wrong:
        typer.echo(f"  {say('FOUND', '发现')} {each}")
    for heading, several in (
        (Words("Not checked:", "未核对："), _unchecked(key)), (Words("Not carried:", "未移交："), _left_out(manifest)),
    ):  # fmt: skip
        typer.echo(pick(heading))
        for text in several:
            typer.echo(f"  {pick(text)}")


def _name(name: str) -> str:
    what = name.partition(":")[0]
    return pick(SUMS[what]) if what in SUMS else what


def _money(name: str, minor: int) -> Money:
    return Money(minor, name.partition(":")[2])


def _unchecked(key: str | None) -> tuple[Words, ...]:
    return UNCHECKED if key is None else UNCHECKED[:-1]


def _left_out(manifest: Any) -> list[Words]:
    return [LEFT_OUT[name] for name in manifest.left_out if name in LEFT_OUT]


@app.command("import")
def taken(
    folder: Folder,
    key: Annotated[str, typer.Option(help="The key of the other bank's log, got from its pages or the supervisor.")],
    why: Why,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Take an export over in an empty bank; two persons must want it. Ask, let another officer agree, and say it again.

    Broken off, the same command goes on. Then run `farthing verify`, and close days as ever.
    """
    with working(Words("checking the export", "正在核对")):
        found = _read(folder, key)
        wrong = findings(found)
    if wrong:
        _told(found, as_json, Words(f"{folder}: {found.manifest.bank}", f"{folder}：{found.manifest.bank}"), wrong, key)
        raise typer.Exit(1)
    with bank(standing=True) as kernel, acting(kernel, officer) as actor:
        begun = kernel.ask(import_service.taking_over, actor=actor)
        if begun is None or (begun.state == "allowed" and begun.manifest_sha256 != found.sha256):
            shown.say(kernel.run(import_service.take_over, request(found, why), actor=actor), as_json, None)
            return
        if begun.state == "done":
            raise TAKEN_OVER(bank=begun.bank, on=begun.begun_on)
        if begun.manifest_sha256 != found.sha256:
            raise UNDER_WAY(sha256=begun.manifest_sha256)
        kernel.run(import_service.present_manifest, presented(found, begun.id), actor=actor)
        done = _brought(kernel, actor, found, begun.id)
    tell(done, as_json, lambda each: _listed([each]))


def _brought(kernel: Kernel, actor: Actor, found: Export, takeover: str) -> WindDown:
    wanted = steps(found.manifest)
    with progress() as going:
        for number, (name, settling) in enumerate(wanted):
            content = coded(found.files[name])
            kernel.run(import_service.bring_part, BringPart(takeover, name, content, settling), actor=actor)
            going(Words("bringing the claims", "正在移入债权"), number + 1, len(wanted) + 1)
        done: WindDown = kernel.run(import_service.finish_take_over, FinishTakeOver(takeover), actor=actor)
        going(Words("bringing the claims", "正在移入债权"), len(wanted) + 1, len(wanted) + 1)
    return done


@app.command("list")
def listed(as_json: Json = False) -> None:
    """Exports that were made or allowed here, and what was taken over, the latest first."""
    with bank(standing=True) as kernel:
        found = kernel.ask(export_service.wind_downs)
    tell(found, as_json, _listed)


def _listed(found: Any) -> None:
    heads = (
        Words("day", "日期"), Words("what", "事项"), Words("state", "状态"), Words("bank", "机构"),
        Words("customers' money", "客户资金"), Words("manifest", "清单"), Words("why", "事由"),
    )  # fmt: skip
    rows(Words("Exports and take-overs", "移交与接管"), heads, [
        (
            each.begun_on, pick(WAYS[each.way]), pick(STATES[each.state]), each.bank, _client(each.sums),
            (each.manifest_sha256 or "")[:12], each.why,
        )
        for each in found
    ], right=(4,))  # fmt: skip


def _client(sums: Mapping[str, int] | None) -> str:
    found = [str(_money(name, minor)) for name, minor in (sums or {}).items() if name.startswith("client_money:")]
    return ", ".join(found)
