"""Decide whether somebody may lend through the marketplace, and say what lending may come to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from farthing.funding.market.lenders_model import (
    Answer,
    Fan,
    Lender,
    LenderStanding,
    SimulateLoss,
    Step,
)
from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.outcomes import outcomes
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money, positive
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.products.marketplace import Marketplace

NO_MARKETPLACE = declined(
    "market.none",
    "The policy pack in force allows no marketplace; publish one that has the part [marketplace].",
    "现行政策文件未允许撮合平台；请发布含 [marketplace] 部分的政策文件。",
)
TOO_SOON = conflict(
    "market.test_too_soon",
    "The last test was not passed; it may be taken again from {again_on} on. Read what was explained meanwhile.",
    "上次测试未通过，{again_on} 起可再次参加；请先阅读讲解。",
)
ANSWERED_TWICE = malformed(
    "market.test_answered_twice", "Question {question} is answered twice.", "题目 {question} 重复作答。"
)
NEGATIVE = malformed(
    "market.figure_negative",
    "{field} is {amount}; what one earns, has or owes is zero or more.",
    "{field} 为 {amount}；收入、资产与支出均不得为负数。",
)
STEPS: Mapping[Step, Words] = {
    "verification": Words("verified identity", "实名核验"),
    "test": Words("knowledge test", "知识测试"), "simulation": Words("simulated loss", "损失模拟"),
    "warning": Words("acknowledged warning", "风险提示确认"),
}  # fmt: skip
"""What somebody does before lending, in the order in which it is done."""
UNKNOWN_GRADE = not_found(
    "market.unknown_grade", "There is no grade {grade}; the grades are {known}.", "没有等级 {grade}；现有：{known}。"
)


def law_of(market: Marketplace | None) -> Marketplace:
    """What the pack says of a marketplace; refuses ``market.none``."""
    if market is None:
        raise NO_MARKETPLACE()
    return market


def standing(lender: Lender, law: Marketplace, today: date, level: int) -> LenderStanding:
    """What is missing before somebody who is verified to a ``level`` may lend today, in the order in which it is done."""
    done: Mapping[Step, date | None] = {
        "test": lender.passed_on, "simulation": lender.simulated_on, "warning": lender.warned_on,
    }  # fmt: skip
    until = {step: on + timedelta(days=law.valid_days) for step, on in done.items() if on is not None}
    known: tuple[Step, ...] = () if level >= law.verification_min else ("verification",)
    missing = known + tuple(step for step in done if step not in until or until[step] <= today)
    good_until = None if missing else min(until.values())
    worth = None if "simulation" in missing else lender.net_worth
    bears = None if worth is None else borne(worth, law)
    again = again_on(lender, law, today)
    return LenderStanding(lender.party_id, missing, good_until, again, law.warning, law.article, worth, bears)


def again_on(lender: Lender, law: Marketplace, today: date) -> date | None:
    """From when a test may be taken, where the last one was not passed and it is not yet that day."""
    if lender.tested_on is None or lender.tested_on == lender.passed_on:
        return None
    found = lender.tested_on + timedelta(days=law.again_days)
    return found if found > today else None


def check_again(lender: Lender, law: Marketplace, today: date) -> None:
    """Refuse ``market.test_too_soon``."""
    again = again_on(lender, law, today)
    if again is not None:
        raise TOO_SOON(again_on=again)


def by_question(answers: Iterable[Answer]) -> dict[str, str]:
    """The letter that each question is answered with; refuses ``market.test_answered_twice``."""
    found: dict[str, str] = {}
    for each in answers:
        if each.question in found:
            raise ANSWERED_TWICE(question=each.question)
        found[each.question] = each.choice
    return found


def net_worth(command: SimulateLoss, home: str) -> Money:
    """What somebody has by his own figures: a year's income and what is at hand, less a year's commitments (Delegated Regulation
    (EU) 2022/2114). Refuses ``market.figure_negative`` and ``money.currency_mismatch``."""
    for field in ("income", "savings", "commitments"):
        if getattr(command, field).minor < 0:
            raise NEGATIVE(field=field, amount=str(getattr(command, field)))
    return Money.zero(home) + command.income + command.savings - command.commitments


def borne(worth: Money, law: Marketplace) -> Money:
    """What can be borne to be lost of a net worth; nothing of none."""
    return max(Money.rounded(worth.decimal() * law.bears, worth.currency), Money.zero(worth.currency))


def fan(curve: Curve, amount: Money, loans: int, grade: str) -> Fan:
    """What an amount may come to; refuses ``money.not_positive`` and ``market.unknown_grade``."""
    found = curve.by_name.get(grade)
    if found is None:
        raise UNKNOWN_GRADE(grade=grade, known=", ".join(curve.by_name))
    come = outcomes(loans, curve.prospect(found.default_max, found.annual))
    whole = positive(amount).decimal()
    money = [Money.rounded(whole * part, amount.currency) for part in (come.expected, *come.fan, come.worst_year)]
    said = _remains(money[-1], percent(curve.bad_chance, least=0))
    return Fan(
        amount, loans, grade, found.annual, money[0], tuple(money[1:-1]), come.loss, come.remains, money[-1], said
    )


def _remains(bad_year: Money, chance: str) -> Words:
    """What no number of loans takes away, said aloud."""
    if bad_year.minor < 0:
        return Words(
            f"About {chance} of years are bad ones, in which many borrowers fail together: then a loss of {-bad_year} is "
            "expected, however many loans the money is spread over. More loans do not take this away.",
            f"约 {chance} 的年份年景不好，许多借款人会同时违约：届时预计亏损 {-bad_year}，"
            "无论资金分散到多少笔借款。增加笔数不能消除这种风险。",
        )
    return Words(
        f"About {chance} of years are bad ones, in which many borrowers fail together: then a gain of {bad_year} is "
        "expected, however many loans the money is spread over. These are assumptions; a worse year may come, and more loans do "
        "not take that away.",
        f"约 {chance} 的年份年景不好，许多借款人会同时违约：届时预计收益 {bad_year}，"
        "无论资金分散到多少笔借款。以上均为假设，可能出现更差的年份，增加笔数不能消除这种风险。",
    )


def warning_seen(_: Any, result: LenderStanding) -> dict[str, Any]:
    """What somebody must have read who acknowledges the warning."""
    return {"warning": asdict(result.warning), "article": asdict(result.article)}
