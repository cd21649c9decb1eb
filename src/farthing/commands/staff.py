"""Own ``farthing staff`` and ``farthing keys``: who may act, without a line of SQL.

At a bank with a real clock a login or a key takes two officers: one asks (``--as``), which leaves a draft; another agrees
(``farthing staff agree``), who is told the password or the key once. Ending one takes nobody's agreement: it is urgent.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

import typer

from farthing.bank.staff import check_made_here, key_of
from farthing.commands import people, shown
from farthing.commands.bank import bank
from farthing.commands.everything import titles
from farthing.commands.language import NOTHING_KEPT, pick, say
from farthing.commands.locale import chinese
from farthing.commands.officers import acting, signed_in, typed
from farthing.commands.people import Login, PersonName, Role, StaffNumber, once
from farthing.commands.savings import DryRun
from farthing.commands.tables import Json, rows, tell
from farthing.db.tx import Tx
from farthing.identity import entrance, roll
from farthing.identity import service as identity
from farthing.identity.model import (
    ApiKey,
    ChangePassword,
    CreateApiKey,
    CreateLogin,
    DisableLogin,
    Ended,
    KeyOnRoll,
    RevokeApiKey,
    StaffMember,
)
from farthing.identity.roles import NOT_STAFF, ROLES
from farthing.identity.rules import LOGIN_UNKNOWN
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide, Decided, Draft
from farthing.kernel.seen import Looked
from farthing.kit.words import Words
from farthing.web import speech
from farthing.web.drafts import told as in_lines

staff = typer.Typer(
    help="Staff: who there is, new logins, roles, an end; what one officer asks another agrees to.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip
keys = typer.Typer(
    help="Keys for programs: list, make, end; a key is shown once.", no_args_is_help=True, rich_markup_mode=None
)

Officer = Annotated[
    str | None, typer.Option("--as", help="The officer who asks, by login; types the password. Else the bank itself.")
]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=100)]
After = Annotated[str | None, typer.Option(help="Continue after this id.")]

DOES: dict[str, Words] = {
    "teller": Words("serves customers at a counter", "柜台为客户办理业务"),
    "operator": Words("runs the day: entries, products, rates, close of day", "日常运营：分录、产品、利率、日终"),
    "risk": Words("decides on credit, answers reviews", "信贷审批、答复人工复核"),
    "auditor": Words("reads everything, changes nothing", "只读全部，不作更改"),
    "regulator": Words("reads sums, limits and counts, no customer", "只读汇总、限额与件数，不见客户"),
    "lender": Words("works at a partner lender, sees what is of that partner", "合作方人员，只看本合作方事务"),
    "security": Words("makes and ends logins and keys, moves no money", "开立与停用登录和密钥，不动资金"),
}


@staff.callback()
def _staff() -> None:
    """Staff: who there is, new logins, roles, an end; what one officer asks another agrees to."""


@keys.callback()
def _keys() -> None:
    """Keys for programs: list, make, end; a key is shown once."""


@staff.command("list")
def listed(after: After = None, limit: Limit = 100, as_json: Json = False) -> None:
    """Who has a login, in which role, and whether it was ended."""
    with bank() as kernel:
        found = kernel.ask(roll.staff, after, limit)
    tell(found, as_json, _members)


@staff.command("roles")
def roles(as_json: Json = False) -> None:
    """The roles that a member of staff can have, and what each may do."""
    found = {name: sorted(ROLES[name]) for name in ROLES if name not in NOT_STAFF}
    tell(found, as_json, _roles)


@staff.command("add")
def add(
    login: Login,
    role: Role,
    name: PersonName,
    number: StaffNumber,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Let a member of staff log in, under a password that works once. At a bank with a real clock --as is needed, and
    another officer agrees."""
    if officer is None:
        people.staff(login, role, name, number, as_json)
        return
    with bank() as kernel, acting(kernel, officer) as actor:
        answer = kernel.run(identity.create_login, CreateLogin(login, role, name, number), actor=actor)
    shown.say(answer, as_json, lambda made: once(made.actor_id, made.password, as_json))


@staff.command("end")
def end(
    login: Annotated[str, typer.Argument(help="The login's name.")], officer: Officer = None, as_json: Json = False
) -> None:
    """End a login at once: its sessions, drafts and keys too. What it did stays. That of an officer ends once another
    officer agrees."""
    with bank() as kernel:
        actor_id = kernel.read(lambda tx: identity.staff_login(tx, login))
        if actor_id is None:
            raise LOGIN_UNKNOWN(actor_id=login)
        with acting(kernel, officer) as actor:
            ended = kernel.run(identity.disable_login, DisableLogin(actor_id), actor=actor)
    shown.say(ended, as_json, lambda done: tell(done, as_json, _ended))


@staff.command("drafts")
def drafts(
    officer: Annotated[str, typer.Option("--as", help="The officer whose approval they wait for, by login.")],
    as_json: Json = False,
) -> None:
    """What waits for a second person, as one who may decide it sees it."""
    with bank() as kernel, acting(kernel, officer) as actor:
        found = kernel.ask(approvals.waiting, actor=actor)
    tell(found, as_json, _drafts)


@staff.command("agree")
def agree(
    draft: Annotated[str, typer.Argument(help="The draft's id, appr_...")],
    officer: Annotated[str, typer.Option("--as", help="The second officer, by login.")],
    no: Annotated[bool, typer.Option("--no", help="Turn it down.")] = False,
    note: Annotated[str, typer.Option(help="Why; kept with the draft.")] = "",
    dry_run: DryRun = False,
    seen: Annotated[
        str | None, typer.Option(help="What --dry-run gave: refuse what would come to anything else.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Agree to what another officer asked, or turn it down; a password or a key that comes of it is told here, once."""
    wanted = Decide(draft, approve=not no, note=note)
    with bank() as kernel, acting(kernel, officer) as actor:
        if dry_run:
            tell(kernel.look(approvals.decide, wanted, actor=actor, shown=_nothing_told), as_json, _came_to)
            return
        decided = kernel.run(approvals.decide, wanted, actor=actor, seen=seen)
    tell(decided, as_json, _decided)


def _nothing_told(_: Tx, decided: Decided) -> Decided:
    """A dry run's answer without what is told once: nobody has that password or key."""
    return replace(decided, result_json="")


@staff.command("password")
def password(login: Annotated[str, typer.Argument(help="One's own login.")], as_json: Json = False) -> None:
    """Choose a new password for oneself; every session ends. So the password that works once becomes one's own."""
    with bank() as kernel:
        old = typed(login)
        with signed_in(kernel, login, old) as actor:
            fresh = typed(say(f"{login}, new", f"{login}（新）"), twice=True)
            ended = entrance.change_password(kernel, ChangePassword(old, fresh), actor)
    tell(ended, as_json, lambda _: typer.echo(say("the password is changed", "密码已更改")))


@keys.command("list")
def keys_listed(after: After = None, limit: Limit = 100, as_json: Json = False) -> None:
    """Keys of programs, with the days that each has to live; never their text."""
    with bank() as kernel:
        found = kernel.ask(roll.program_keys, after, limit)
    tell(found, as_json, _on_roll)


@keys.command("make")
def make(
    label: Annotated[str, typer.Argument(help="What it is for, such as payroll.")],
    program: Annotated[str, typer.Argument(help="Under which name it acts, such as program:payroll.")],
    role: Annotated[str, typer.Argument(help="What it may do: a role; see `farthing staff roles`.")],
    days: Annotated[int, typer.Option(help="How long it lives.", min=1)] = 90,
    officer: Officer = None,
    as_json: Json = False,
) -> None:
    """Make a key for a program; it is shown once. At a bank with a real clock --as is needed, and another officer agrees."""
    command = CreateApiKey(label, program, role, days=days)
    with bank() as kernel:
        if officer is None:
            check_made_here(kernel)
            answer: Any = key_of(kernel, command)
        else:
            with acting(kernel, officer) as actor:
                answer = kernel.run(identity.create_api_key, command, actor=actor)
    shown.say(answer, as_json, _key)


@keys.command("end")
def end_key(
    key: Annotated[str, typer.Argument(help="The key's id, key_...")], officer: Officer = None, as_json: Json = False
) -> None:
    """End a key at once."""
    with bank() as kernel, acting(kernel, officer) as actor:
        ended = kernel.run(identity.revoke_api_key, RevokeApiKey(key), actor=actor)
    tell(ended, as_json, _ended)


def _members(found: list[StaffMember]) -> None:
    rows(
        Words("Staff", "员工"),
        (Words("login", "登录名"), Words("role", "角色"), Words("name", "姓名"), Words("state", "状态"),
         Words("person", "人员"), Words("since", "开立")),
        ((each.login, each.role, each.person_name, _state(each), each.person_id, each.created_at.date())
         for each in found),
    )  # fmt: skip


def _state(each: StaffMember) -> Words:
    if each.disabled_at is not None:
        return Words("ended", "已停用")
    return Words("must choose a password", "须设置密码") if each.must_change else Words("active", "有效")


def _roles(found: dict[str, list[str]]) -> None:
    rows(
        Words("Roles", "角色"), (Words("role", "角色"), Words("what for", "职责"), Words("may", "权限")),
        ((name, DOES[name], ", ".join(permissions)) for name, permissions in found.items()),
    )  # fmt: skip


def _drafts(found: list[Draft]) -> None:
    called = titles()
    rows(
        Words("Drafts", "待复核"),
        (Words("draft", "编号"), Words("what", "事项"), Words("asked by", "申请人"), Words("since", "时间")),
        ((each.approval_id, called[each.operation], each.maker, each.made_at.isoformat(" ", "minutes"))
         for each in found),
    )  # fmt: skip


def _decided(decided: Decided) -> None:
    made = json.loads(decided.result_json) if decided.result_json else None
    if decided.state == "approved" and isinstance(made, dict):
        if made.get("password"):
            once(made["actor_id"], made["password"], False)
        elif made.get("token"):
            _told(made["id"], made["token"], made["expires_at"])
        elif made.get("secret"):
            signs(made["id"], made["secret"])
    said = f"{decided.approval_id}: {say(decided.state, approvals.STATES_ZH[decided.state])}"
    why = pick(Words(decided.refusal, decided.refusal_zh))
    typer.echo(f"{said}; {why}" if why else said)


def _came_to(looked: Looked) -> None:
    """What a draft would come to, and what confirms it."""
    decided: Decided = looked.answer
    _decided(decided)
    if decided.effects is not None:
        rows(
            Words("What it would move", "将变动的账户"),
            (Words("account", "账户"), Words("counts from", "生效日"), Words("moved", "变动")),
            ((each.account, each.on, each.amount) for each in decided.effects.moved), right=(2,),
        )  # fmt: skip
        with speech.speaking("zh" if chinese() else "en"):
            lines = in_lines(decided.effects.figures_json)
        if decided.effects.figures_json != "null":
            rows(Words("What it comes to", "结果"), (Words("what", "项目"), Words("figure", "数值")), lines)
    typer.echo(pick(NOTHING_KEPT))
    typer.echo(say(f"confirm it with --seen {looked.seen}", f"确认时请附 --seen {looked.seen}"))


def signs(webhook: str, secret: str) -> None:
    """Tell the secret that signs what a webhook sends, once."""
    typer.echo(say(f"{webhook}: its secret, told this once: {secret}", f"{webhook}：签名密钥，仅显示一次：{secret}"))


def _on_roll(found: list[KeyOnRoll]) -> None:
    rows(
        Words("Keys", "密钥"),
        (Words("key", "编号"), Words("for", "用途"), Words("acts as", "身份"), Words("role", "角色"),
         Words("days left", "剩余天数"), Words("made by", "开立人")),
        ((each.id, each.label, each.actor_id, each.role,
          Words("ended", "已停用") if each.revoked_at else each.days_left, each.created_by) for each in found),
        right=(4,),
    )  # fmt: skip


def _key(made: ApiKey) -> None:
    _told(made.id, made.token or "", made.expires_at.date())


def _told(key: str, token: str, until: Any) -> None:
    typer.echo(
        say(f"{key}: a key until {until}, told this once: {token}", f"{key}：密钥，有效至 {until}，仅显示一次：{token}")
    )


def _ended(ended: Ended) -> None:
    typer.echo(say(f"ended: {ended.count} (sessions and keys)", f"已停用：会话与密钥共 {ended.count} 个"))
