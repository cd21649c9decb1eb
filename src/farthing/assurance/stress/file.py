"""Read a scenario from its file, strictly: an unknown key is refused by name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files

from farthing.assurance.stress.model import Scenario
from farthing.kit.errors import Refusal, malformed, not_found
from farthing.kit.tables import Fault, Table, parse

FOLDER = files("farthing") / "data" / "stress"
INVALID = malformed(
    "stress.scenario_invalid", "The scenario {name} cannot be used: {problem}.", "情景 {name} 不可用：{problem_zh}。"
)
UNKNOWN = not_found(
    "stress.scenario_unknown", "There is no scenario {name}; there are {known}.", "没有情景 {name}；现有：{known}。"
)
MOST_MONTHS = 120


def known() -> tuple[str, ...]:
    """The scenarios that ship with the program."""
    return tuple(sorted(each.name.removesuffix(".toml") for each in FOLDER.iterdir() if each.name.endswith(".toml")))


def shipped(name: str) -> str:
    """The text of a scenario that ships with the program; refuses ``stress.scenario_unknown``."""
    if name not in known():
        raise UNKNOWN(name=name[:60], known=", ".join(known()))
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def read(text: str, name: str, currency: str) -> Scenario:
    """A scenario; what it does not name does not happen. Refuses ``stress.scenario_invalid``."""

    def refused(fault: Fault) -> Refusal:
        en, zh = (f"{fault.path} {fault.name} {each}".strip() for each in (fault.problem, fault.problem_zh))
        return INVALID(name=name[:60], problem=en, problem_zh=zh)

    table = parse(name, text, refused, quoted=True)
    nothing: Mapping[str, object] = {}
    found = Scenario(
        name=table.words("name"),
        months=table.whole("months", 0, MOST_MONTHS, 0),
        default_factor=Fraction(table.decimal("default_factor", "0", "100", "1")),
        lost=Fraction(table.decimal("lost", "0", "1", "0.6")),
        leaves=_parts(table.table("leaves", nothing)),
        leaves_monthly=_parts(table.table("leaves_monthly", nothing)),
        lost_at_once=table.money("lost_at_once", currency).minor if table.has("lost_at_once") else 0,
        partner_lost=Fraction(table.decimal("partner_lost", "0", "1", "0")),
        rate=table.decimal("rate", "-1", "1", "0"),
        passed_on=Fraction(table.decimal("passed_on", "0", "1", "1")),
        earns=table.flag("earns", False),
        deposit_rate=table.decimal("deposit_rate", "0", "1", "0"),
        cost_monthly=table.money("cost_monthly", currency).minor if table.has("cost_monthly") else 0,
    )
    table.close()
    return found


def _parts(table: Table) -> dict[str, Fraction]:
    wanted = {path: Fraction(table.decimal(path, "0", "1")) for path in table.values}
    for path in wanted:
        if not path.startswith("liabilities:") or path.count(":") != 1:
            raise table.wrong(
                path,
                "is no group of liabilities, such as liabilities:wallets",
                "不是负债科目组，例如 liabilities:wallets",
            )
    table.close()
    return wanted
