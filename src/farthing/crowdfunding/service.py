"""Run projects: propose, open by two, give and take back, tell, ask for a milestone, vote, release by two; and how each stands.

Only the close of a day decides (:mod:`farthing.crowdfunding.day_service`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from farthing.crowdfunding import refusals, rules, store
from farthing.crowdfunding.model import (
    GIVING,
    OVER,
    AskRelease,
    Gift,
    GiftId,
    Give,
    Milestone,
    MilestonePaid,
    PlanLine,
    Project,
    ProjectId,
    ProjectOpened,
    Propose,
    RefuseProject,
    Release,
    Tell,
    Vote,
)
from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.limits import service as spending
from farthing.products import crowd_rules
from farthing.products import service as products
from farthing.products.alone import sums_service as sums
from farthing.products.alone import unconfirmed_service as unconfirmed
from farthing.products.crowd_rules import CrowdRules

SEEN = ("open", "capturing", "second", "funded", "failing", "failed", "refunding", "ended")


@dataclass(frozen=True, slots=True)
class ProjectTold:
    """A project with what follows from it today: ``left`` until the optimum, ``shares`` of what was captured by milestone, and
    whether its owner has been silent for longer than the law of the house calls quiet."""

    project: Project
    left: Money
    shares: tuple[Money, ...]
    quiet: bool


def law(tx: Tx) -> CrowdRules:
    """What the policy in force allows; nothing where none was published."""
    policy = products.policy_if_any(tx)
    return (policy.crowdfunding if policy else None) or crowd_rules.before(tx.home, products.HOUSE)


def the_project(tx: Tx, project_id: str, *, lock: bool = False) -> Project:
    """A project; refuses ``crowdfunding.unknown_project``."""
    found = store.find(tx, project_id, lock=lock) if project_id.isprintable() else None
    if found is None:
        raise refusals.UNKNOWN(project_id=project_id)
    return found


@operation(
    "crowdfunding.propose", title=Words("Propose a project", "发起众筹项目"),
    permission="crowdfunding:own", whose=of("owner"),
)  # fmt: skip
def propose(tx: Tx, command: Propose) -> Project:
    """Propose a project, which two of the staff look at before anybody may give.

    Refuses ``crowdfunding.kind_refused`` with its article, ``.currency``, ``.optimum``, ``.goal``, ``.days``, ``.plan``,
    ``.owner_level``, ``.many_wait``, ``money.not_positive`` and ``payments.no_wallet``.
    """
    owner = parties.party(tx, command.owner)
    rules.check_proposed(command, law(tx), owner.verification_level, tx.home)
    if not payments.has_wallet(tx, owner.id):
        raise wallets.NO_WALLET(party=owner.id, currency=tx.home)
    sums.held(tx, [f"projects:{owner.id}"])  # of two at once the second sees the first
    if store.waiting_of(tx, owner.id) >= rules.MOST_WAITING:
        raise refusals.MANY_WAIT(most=rules.MOST_WAITING)
    nothing = Money.zero(tx.home)
    plan = tuple(
        Milestone(number, each.name, each.amount, "planned", "", None, 0, 0)
        for number, each in enumerate(command.plan, 1)
    )
    made = Project(
        tx.new_id("project"), owner.id, command.kind, command.title, command.words, command.risks, command.gives_back,
        command.minimum, command.optimum, command.days, command.second_days, "proposed", None, None, "", "", 0, nothing,
        nothing, nothing, nothing, nothing, plan,
    )  # fmt: skip
    store.insert(tx, made)
    return made


@operation(
    "crowdfunding.open", title=Words("Open a project", "开放众筹项目"),
    permission="crowdfunding:review", four_eyes=True, whose=STAFF,
)  # fmt: skip
def open_project(tx: Tx, command: ProjectId) -> ProjectOpened:
    """Open a proposed project, by two: its text is fixed by its digest, and its first round begins.

    Refuses ``crowdfunding.unknown_project``, ``.not_proposed``, ``parties.own_matter``, and what proposing
    it would be refused for today.
    """
    found = the_project(tx, command.project_id, lock=True)
    if found.state != "proposed":
        raise refusals.NOT_PROPOSED(state=found.state)
    not_own(tx, found.owner)
    again = Propose(
        found.owner, found.kind, found.title, found.words, found.risks, found.gives_back, found.minimum, found.optimum,
        tuple(PlanLine(each.name, each.amount) for each in found.plan), found.days, found.second_days,
    )  # fmt: skip
    rules.check_proposed(again, law(tx), parties.party(tx, found.owner).verification_level, tx.home)
    account = rules.escrow_account(found.id, found.minimum.currency, tx.home)
    ledger.open_accounts(tx, [AccountSpec(account, found.minimum.currency, floor=0)])
    until_on = tx.business_date + timedelta(days=found.days)
    opened = replace(
        found, state="open", opened_on=tx.business_date, ends_on=until_on,
        digest=rules.digest_of(found),
    )  # fmt: skip
    store.save(tx, opened)
    return ProjectOpened(found.id, found.title, until_on)


@operation(
    "crowdfunding.refuse", title=Words("Refuse a project", "不予开放众筹项目"),
    permission="crowdfunding:review", whose=STAFF,
)  # fmt: skip
def refuse(tx: Tx, command: RefuseProject) -> Project:
    """Do not open a project; refuses ``crowdfunding.unknown_project``, ``.not_proposed``, ``parties.own_matter``."""
    found = the_project(tx, command.project_id, lock=True)
    if found.state != "proposed":
        raise refusals.NOT_PROPOSED(state=found.state)
    not_own(tx, found.owner)
    refused = replace(found, state="refused", reason=command.reason)
    store.save(tx, refused)
    return refused


@operation(
    "crowdfunding.give", title=Words("Give to a project", "支持众筹项目"),
    permission="payments:transfer", whose=of("party_id"), confirm=rules.given_seen, by_key=counted,
)  # fmt: skip
def give(tx: Tx, command: Give) -> Gift:
    """Give to a project, from one fen: the money stays in the wallet, held, until the project is decided.

    Refuses ``crowdfunding.unknown_project``, ``.over``, ``.own``, ``.currency``, ``.full``, ``.person_max``,
    ``kernel.key_needed``, ``payments.no_wallet``, ``policy.unconfirmed_out``, and ``ledger.*`` where there is too little.
    """
    found = the_project(tx, command.project_id, lock=True)
    giver = parties.party(tx, command.party_id)
    had = store.given_by(tx, found.id, giver.id)
    rules.check_given(found, law(tx), giver.id, command.amount, Money(had["minor"], found.minimum.currency))
    if not payments.has_wallet(tx, giver.id):
        raise wallets.NO_WALLET(party=giver.id, currency=tx.home)
    unconfirmed.let_out(tx, giver.id, command.amount)
    spending.beside(tx, giver.id, command.amount)
    nothing = Money.zero(found.minimum.currency)
    gift = Gift(tx.new_id("gift"), found.id, giver.id, command.amount, "held", nothing, tx.now, found.digest)
    ledger.must(tx, [pledges.held(rules.pledge(gift, tx.home), tx.business_date)])
    store.insert_gift(tx, gift)
    store.save(tx, replace(found, held=found.held + gift.amount, backers=found.backers + (had["gifts"] == 0)))
    return gift


@operation(
    "crowdfunding.take_back", title=Words("Take a gift back", "撤回众筹支持"),
    permission="payments:transfer", whose=of("gift_id", store.gift_owner),
)  # fmt: skip
def take_back(tx: Tx, command: GiftId) -> Gift:
    """Take a gift back while its project still gathers: it can be spent at once.

    Refuses ``crowdfunding.unknown_gift``, ``crowdfunding.taken``, ``crowdfunding.over``.
    """
    gift = store.find_gift(tx, command.gift_id) if command.gift_id.isprintable() else None
    if gift is None:
        raise refusals.UNKNOWN_GIFT(gift_id=command.gift_id)
    found = the_project(tx, gift.project_id, lock=True)
    if found.state not in GIVING:
        raise refusals.OVER(state=found.state)
    if store.save_gifts(tx, found.id, "held", "back", [(gift.id, 0)]) != 1:
        now = store.find_gift(tx, gift.id)
        raise refusals.TAKEN(state=now.state if now else gift.state)
    ledger.must(tx, [pledges.released(rules.pledge(gift, tx.home).reference)])
    last = store.given_by(tx, found.id, gift.party_id)["gifts"] == 0
    store.save(tx, replace(found, held=found.held - gift.amount, backers=found.backers - last))
    return replace(gift, state="back")


@operation(
    "crowdfunding.tell", title=Words("Tell backers", "发布项目进展"),
    permission="crowdfunding:own", whose=of("project_id", store.project_owner),
)  # fmt: skip
def tell(tx: Tx, command: Tell) -> Project:
    """Tell backers, and everybody, how a project goes; refuses ``crowdfunding.unknown_project``, ``.many_words``."""
    found = the_project(tx, command.project_id, lock=True)
    if store.words_today(tx, found.id) >= rules.MOST_WORDS:
        raise refusals.MANY_WORDS(most=rules.MOST_WORDS)
    store.insert_word(tx, found.id, command.words)
    return the_project(tx, found.id)


@operation(
    "crowdfunding.ask_release", title=Words("Ask for a milestone's money", "申请里程碑付款"),
    permission="crowdfunding:own", whose=of("project_id", store.project_owner),
)  # fmt: skip
def ask_release(tx: Tx, command: AskRelease) -> Project:
    """Say that a milestone is reached; its backers vote for as many days as the law of the house says.

    Refuses ``crowdfunding.unknown_project``, ``.unknown_milestone``, ``.not_funded``, ``.stage``, ``.order``.
    """
    found = the_project(tx, command.project_id, lock=True)
    milestone = rules.require_stage(found, command.number, "planned")
    ends_on = tx.business_date + timedelta(days=law(tx).vote_days)
    store.save_milestone(tx, found.id, replace(milestone, stage="asked", words=command.words, vote_ends_on=ends_on))
    return the_project(tx, found.id)


@operation(
    "crowdfunding.vote", title=Words("Vote on a milestone", "里程碑投票"),
    permission="payments:transfer", whose=of("party_id"),
)  # fmt: skip
def vote(tx: Tx, command: Vote) -> Milestone:
    """Vote once on a milestone's money, whoever gave and however much.

    Refuses ``crowdfunding.unknown_project``, ``.unknown_milestone``, ``.not_funded``, ``.stage``, ``.order``, ``.no_backer``,
    ``.voted``.
    """
    found = the_project(tx, command.project_id, lock=True)
    milestone = rules.require_stage(found, command.number, "asked")
    if not store.given_by(tx, found.id, command.party_id)["captured"]:
        raise refusals.NO_BACKER()
    if not store.vote(tx, found.id, milestone.number, command.party_id, command.agree):
        raise refusals.VOTED()
    agree = bool(command.agree)
    counted_now = replace(milestone, agreed=milestone.agreed + agree, against=milestone.against + (not agree))
    store.save_milestone(tx, found.id, counted_now)
    return counted_now


@operation(
    "crowdfunding.release", title=Words("Pay a milestone", "支付里程碑款项"),
    permission="crowdfunding:review", four_eyes=True, whose=STAFF,
)  # fmt: skip
def release(tx: Tx, command: Release) -> MilestonePaid:
    """Pay a milestone that its backers agreed to, by two, to the owner's wallet; the fee is taken now and of this alone.

    Refuses ``crowdfunding.unknown_project``, ``.unknown_milestone``, ``.not_funded``, ``.stage`` (a second time too), ``.order``,
    ``parties.own_matter``.
    """
    found = the_project(tx, command.project_id, lock=True)
    milestone = rules.require_stage(found, command.number, "approved")
    not_own(tx, found.owner)
    entry, paid, fee = rules.released_entry(found, milestone.number, law(tx), tx.business_date, tx.home)
    if fee:
        path = entry.postings[-1].account
        ledger.open_accounts(tx, [AccountSpec(path, fee.currency)])
    ledger.post_all(tx, [entry])
    store.save_milestone(tx, found.id, replace(milestone, stage="released"))
    last = all(each.stage == "released" or each.number == milestone.number for each in found.plan)
    store.save(tx, replace(
        found, released=found.released + paid, fee=found.fee + fee, state="ended" if last else found.state
    ))  # fmt: skip
    return MilestonePaid(found.id, milestone.name, paid, fee)


@question("crowdfunding.project", permission=PUBLIC, whose=NOBODYS)
def project(tx: Tx, project_id: Id) -> ProjectTold:
    """A project as everybody sees it, with the whole way of its money; refuses ``crowdfunding.unknown_project``."""
    found = the_project(tx, project_id)
    if found.state not in SEEN:
        raise refusals.UNKNOWN(project_id=project_id)
    return told(tx, found)


@question("crowdfunding.projects", permission=PUBLIC, whose=NOBODYS)
def projects(tx: Tx, before: Cursor = "", limit: PageSize = 20) -> list[Project]:
    """Projects that are open or were, the newest first; continue with ``before`` the last id."""
    return store.projects(tx, SEEN, before, limit)


@question("crowdfunding.own_projects", permission="crowdfunding:own", whose=of("party_id"))
def own_projects(tx: Tx, party_id: Id) -> list[Project]:
    """Projects that a person proposed, whatever became of them."""
    return store.projects_of(tx, party_id)


@question("crowdfunding.own_gifts", permission="payments:read", whose=of("party_id"))
def own_gifts(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Gift]:
    """What a person gave, the latest first."""
    return store.gifts_of(tx, party_id, limit)


@question("crowdfunding.waiting", permission="crowdfunding:review", whose=STAFF)
def waiting(tx: Tx, limit: PageSize = 50) -> list[Project]:
    """Projects that wait to be opened, and funded ones, of which milestones wait to be paid."""
    return store.projects(tx, ("proposed", "funded"), "", limit)


def told(tx: Tx, found: Project) -> ProjectTold:
    """A project with what follows from it today."""
    last = max([each.on for each in found.told], default=found.opened_on)
    running = found.state in ("capturing", "second", "funded")
    quiet = running and last is not None and (tx.business_date - last).days > law(tx).quiet_days
    return ProjectTold(
        found, found.optimum - found.gathered, tuple(rules.shares(found)) if found.captured else (), quiet
    )


def standing(tx: Tx, party_id: str) -> list[str]:
    """Projects that are not over, which a person proposed or in which money of hers lies."""
    own = store.projects_of(tx, party_id)
    given = [the_project(tx, each) for each in store.standing_of(tx, party_id)]
    return sorted({each.id for each in (*own, *given) if each.state not in OVER})
