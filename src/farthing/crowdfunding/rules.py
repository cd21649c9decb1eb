"""Decide about projects: whether one may be proposed and opened, what it takes, what a close makes of it, and its entries.

All or nothing: below the minimum every hold is let go and nothing was ever moved. Pure.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_DOWN
from typing import Any

from farthing.crowdfunding import refusals
from farthing.crowdfunding.model import GIVING, Gift, Give, Milestone, Project, Propose, Stage
from farthing.kit.canonical import canonical
from farthing.kit.ids import bare
from farthing.kit.money import Money, positive, total
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger.chart import in_currency
from farthing.ledger.model import JournalEntry, Posting, Release, Settle
from farthing.ledger.pledges import Pledge
from farthing.payments.wallets import wallet_path
from farthing.products.crowd_rules import CrowdRules

MOST_WAITING = 3
"""So many of an owner's projects wait at a time: whoever proposes without end would hide others' from those who open them."""
MOST_WORDS = 5
"""So often an owner tells in a day: everybody's page carries every word."""
GIVEN, BACK, RELEASED = "crowd-given", "crowd-back", "crowd-released"
FEES = "income:fees:crowdfunding"
KINDS = {
    "reward": Words("reward", "回报"), "donation": Words("donation", "捐赠"), "lending": Words("lending", "借贷"),
}  # fmt: skip


def escrow_account(project_id: str, currency: str, home: str) -> str:
    """Where what backers gave lies until it is released: client money."""
    return in_currency(f"liabilities:escrow:crowd.{bare(project_id)}", currency, home)


def check_proposed(command: Propose, law: CrowdRules, level: int, home: str) -> None:
    """Refuse a project that may not be: its kind, its sums and days, its plan, its owner."""
    if command.kind not in law.kinds:
        article, kind = law.refused[command.kind], KINDS[command.kind]
        raise refusals.KIND_REFUSED(kind=kind.en, kind_zh=kind.zh, article=article.en, article_zh=article.zh)
    for amount in (positive(command.minimum), command.optimum, *(positive(each.amount) for each in command.plan)):
        if amount.currency != home:
            raise refusals.CURRENCY(home=home, currency=amount.currency)
    said = {"article": law.article.en, "article_zh": law.article.zh}
    if command.optimum < command.minimum:
        raise refusals.OPTIMUM(optimum=str(command.optimum), minimum=str(command.minimum))
    if command.optimum > law.goal_max:
        raise refusals.GOAL(most=str(law.goal_max), **said)
    if max(command.days, command.second_days) > law.days_max or command.second_days < 0:
        raise refusals.DAYS(most=law.days_max, **said)
    planned = total([each.amount for each in command.plan], home)
    if planned != command.minimum:
        raise refusals.PLAN(plan=str(planned), minimum=str(command.minimum))
    if level < law.owner_level_min:
        raise refusals.OWNER_LEVEL(least=law.owner_level_min, **said)


def digest_of(project: Project) -> str:
    """The digest of what a backer reads: it is fixed when the project opens, and every gift names it."""
    content = {
        "kind": project.kind, "title": project.title, "words": project.words, "risks": project.risks,
        "gives_back": project.gives_back, "minimum": str(project.minimum), "optimum": str(project.optimum),
        "plan": [[each.name, str(each.amount)] for each in project.plan],
    }  # fmt: skip
    return hashlib.sha256(canonical(content)).hexdigest()


def given_seen(command: Give, result: Gift) -> dict[str, Any]:
    """What somebody must have seen who gives: to which project, as it reads, and how much."""
    return {"project_id": command.project_id, "amount": command.amount, "digest": result.digest}


def check_given(project: Project, law: CrowdRules, party_id: str, amount: Money, had: Money) -> None:
    """Refuse a gift: the project's state, whose it is, how much is left, and what one person may give."""
    if project.state not in GIVING:
        raise refusals.OVER(state=project.state)
    if party_id == project.owner:
        raise refusals.OWN()
    if positive(amount).currency != project.minimum.currency:
        raise refusals.CURRENCY(home=project.minimum.currency, currency=amount.currency)
    left = project.optimum - project.gathered
    if amount > left:
        raise refusals.FULL(left=str(left))
    if had + amount > law.person_max:
        raise refusals.PERSON_MAX(
            most=str(law.person_max), figure=str(had + amount), article=law.article.en, article_zh=law.article.zh
        )


def pledge(gift: Gift, home: str) -> Pledge:
    """What a gift reserves.

    wallet of who gave   amount
        liabilities:escrow:crowd.P  -amount
    """
    currency = gift.amount.currency
    return Pledge(
        f"crowd:{gift.id}", GIVEN, wallet_path(gift.party_id, currency, home), escrow_account(gift.project_id, currency, home),
        gift.amount,
    )  # fmt: skip


def decided(gift: Gift, on: date, home: str, *, captured: bool) -> Settle | Release:
    """What becomes of a held gift once its project is decided: it moves, or it is let go."""
    reference = pledge(gift, home).reference
    return pledges.settled(reference, f"crowd:{gift.id}:captured", on) if captured else pledges.released(reference)


def after_round(project: Project, on: date) -> Project:
    """What the end of a round makes of a project: gifts are captured where the minimum is reached, else let go."""
    if project.state not in GIVING or project.ends_on is None or project.ends_on > on:
        return project
    reached = project.state == "second" or project.gathered >= project.minimum
    return replace(project, state="capturing" if reached else "failing")


def after_capture(project: Project, on: date) -> Project:
    """What a project is once nothing of it is held any more: a second round begins after the first where it may bring more."""
    if project.state == "failing":
        return replace(project, state="failed")
    first = project.opened_on is not None and project.ends_on == project.opened_on + timedelta(days=project.days)
    if first and project.second_days and project.captured < project.optimum:
        return replace(project, state="second", ends_on=on + timedelta(days=project.second_days))
    return replace(project, state="funded")


def shares(project: Project) -> list[Money]:
    """What each milestone gets of what was captured: in proportion to the plan, to the fen."""
    return project.captured.allocate([each.amount.minor for each in project.plan])


def require_stage(project: Project, number: int, stage: Stage) -> Milestone:
    """The milestone of a number, at a stage; the ones before it are released."""
    found = next((each for each in project.plan if each.number == number), None)
    if found is None:
        raise refusals.UNKNOWN_MILESTONE(number=number)
    if project.state != "funded":
        raise refusals.NOT_FUNDED(state=project.state)
    if found.stage != stage:
        raise refusals.STAGE(number=number, stage=found.stage)
    before = next((each.number for each in project.plan if each.number < number and each.stage != "released"), None)
    if before is not None:
        raise refusals.ORDER(number=before)
    return found


def outcome(milestone: Milestone) -> Stage:
    """What a vote decided: refused by more against than for. Silence agrees: who gave and says nothing has trusted."""
    return "refused" if milestone.against > milestone.agreed else "approved"


def released_entry(
    project: Project, number: int, law: CrowdRules, on: date, home: str
) -> tuple[JournalEntry, Money, Money]:
    """A milestone is paid; answers the entry, what the owner gets and the fee.

    liabilities:escrow:crowd.P     its share
        liabilities:wallets:OWNER  -the rest
        income:fees:crowdfunding   -the fee
    """
    share = shares(project)[number - 1]
    currency = share.currency
    fee = Money.rounded(share.decimal() * law.fee, currency, ROUND_DOWN)
    lines = [
        Posting(escrow_account(project.id, currency, home), share),
        Posting(wallet_path(project.owner, currency, home), fee - share),
        Posting(in_currency(FEES, currency, home), -fee),
    ]
    entry = JournalEntry(
        f"crowd:{project.id}:milestone:{number}", RELEASED, on, tuple(each for each in lines if each.amount),
        project.title[:60],
    )  # fmt: skip
    return entry, share - fee, fee


def refund_of(gift: Gift, upto: int, captured: Money, left: Money) -> Money:
    """What a gift gets back of what is left: pro rata, by the sums of all captured gifts before it (``upto``) and with it, so
    that all together come to what is left exactly, in whatever pieces and order it is done."""
    after = (upto + gift.amount.minor) * left.minor // captured.minor
    return Money(after - upto * left.minor // captured.minor, left.currency)


def refund_entry(gift: Gift, amount: Money, on: date, home: str) -> JournalEntry:
    """What is left of a gift goes back.

    liabilities:escrow:crowd.P  amount
        wallet of who gave      -amount
    """
    currency = amount.currency
    lines = (
        Posting(escrow_account(gift.project_id, currency, home), amount),
        Posting(wallet_path(gift.party_id, currency, home), -amount),
    )
    return JournalEntry(f"crowd:{gift.id}:refund", BACK, on, lines)
