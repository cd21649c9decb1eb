"""Own ``farthing people level`` and ``farthing people ending``: how well somebody is known, and whose level ends soon."""

from __future__ import annotations

from typing import Annotated

import typer

from farthing.assurance.erasure import service as erasures
from farthing.assurance.erasure.model import ErasureOutlook
from farthing.commands.language import pick, say
from farthing.commands.savings import Person, ask
from farthing.commands.tables import Json, rows
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.levels import service as levels
from farthing.parties.levels.model import Endings, Evidence, LevelTold

NO_END = Words("no end", "长期")
KINDS = {
    "document": Words("number under the name", "姓名与证件号码"), "phone": Words("phone", "手机"),
    "card": Words("bank card", "银行卡"), "deposit": Words("small amounts told", "小额打款"),
    "counter": Words("seen by two of the staff", "柜台双人面核"),
}  # fmt: skip
OUTLOOK = {
    "done": Words("done: it can be erased now", "可以删除"), "erased": Words("erased", "已删除"),
    "restricted": Words("restricted: the law keeps it, and it is shown to nobody meanwhile", "限制处理：依法保存，期间不予展示"),
    "refused": Words("refused: it is needed for what is open", "不予删除：尚有未了事项"),
}  # fmt: skip
WHY = {
    "officer": Words("doubted by two officers", "经两人复核质疑"),
    "provider": Words("its source said otherwise", "来源后续答复不符"), "phone": Words("the phone was changed", "手机已更换"),
}  # fmt: skip
"""Why an evidence counts for nothing."""


def level(person: Person, as_json: Json = False) -> None:
    """How well a person is known, by which evidence and until when; by id, phone or identity number."""
    ask(lambda tx: levels.level(tx, parties.the_party(tx, person).id), as_json, _level)


def erasure(person: Person, as_json: Json = False) -> None:
    """What would be answered if a person's erasure were asked for today: done, restricted until a day, or refused, and why."""
    ask(lambda tx: erasures.erasure_outlook(tx, parties.the_party(tx, person).id), as_json, _outlook)


def _outlook(told: ErasureOutlook) -> None:
    typer.echo(pick(OUTLOOK[told.answer]))
    if told.until is not None and told.law is not None:
        typer.echo(say(f"until {told.until}: {told.law.en}", f"至 {told.until}：{told.law.zh}"))
    for each in told.standing:
        typer.echo(f"  {pick(each)}")


def ending(
    days: Annotated[int, typer.Option(help="Within so many days; as many as the policy calls soon.", min=0)] = 0,
    after: Annotated[str, typer.Option(help="Continue behind this place.")] = "",
    as_json: Json = False,
) -> None:
    """Whose verification level ends soon, the earliest first."""
    ask(lambda tx: levels.ending(tx, days, after, 100), as_json, _endings)


def _level(told: LevelTold) -> None:
    until = str(told.until) if told.until else pick(NO_END) if told.level else "-"
    typer.echo(say(f"level {told.level}, until {until}", f"核验等级 {told.level}，有效期至 {until}"))
    rows(
        Words("Evidence", "核验凭据"),
        (
            Words("kind", "种类"),
            Words("by", "来源"),
            Words("given", "日期"),
            Words("until", "有效期至"),
            Words("doubted", "质疑"),
        ),
        [_line(each) for each in told.evidence],
    )  # fmt: skip


def _line(each: Evidence) -> tuple[str, ...]:
    until = pick(NO_END) if each.until_on.year == 9999 else str(each.until_on)
    return pick(KINDS[each.kind]), each.provider, str(each.given_on), until, pick(WHY[each.why]) if each.why else ""


def _endings(found: Endings) -> None:
    rows(
        Words("Levels that end", "即将到期的核验等级"),
        (Words("id", "编号"), Words("name", "姓名"), Words("level", "等级"), Words("until", "有效期至")),
        [(each.party_id, each.name, each.level, str(each.until)) for each in found.endings],
        right=(2,),
    )  # fmt: skip
    if found.next:
        typer.echo(say(f"more: --after {found.next}", f"更多：--after {found.next}"))
