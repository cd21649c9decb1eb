"""Read and write projects, milestones, gifts, votes and words. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.crowdfunding.model import Gift, Milestone, Project, ProjectWord
from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money

INSERT: LiteralString = """
    INSERT INTO crowd_project (id, owner, kind, title, words, risks, gives_back, currency, minimum, optimum, days, second_days,
        state, proposed_on, digest, reason, backers, held, captured, released, fee, refunded)
    VALUES (%(id)s, %(owner)s, %(kind)s, %(title)s, %(words)s, %(risks)s, %(gives_back)s, %(currency)s, %(minimum)s, %(optimum)s,
        %(days)s, %(second_days)s, 'proposed', %(on)s, '', '', 0, 0, 0, 0, 0, 0)
"""
INSERT_PLAN: LiteralString = """
    INSERT INTO crowd_milestone (project_id, number, name, amount, stage, words, agreed, against)
    SELECT %(project_id)s, new.number, new.name, new.amount, 'planned', '', 0, 0
    FROM unnest(%(numbers)s::integer[], %(names)s::text[], %(amounts)s::bigint[]) AS new (number, name, amount)
"""
FIND: LiteralString = "SELECT * FROM crowd_project WHERE id = %(id)s"
LOCK: LiteralString = "UPDATE crowd_project SET reason = reason WHERE id = %(id)s RETURNING *"
PLAN: LiteralString = "SELECT * FROM crowd_milestone WHERE project_id = ANY(%(ids)s) ORDER BY project_id, number"
WORDS: LiteralString = """
    SELECT project_id, said_on, words FROM crowd_word WHERE project_id = ANY(%(ids)s) ORDER BY project_id, id DESC
"""
LIST: LiteralString = """
    SELECT * FROM crowd_project WHERE state = ANY(%(states)s) AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
LIST_OF: LiteralString = "SELECT * FROM crowd_project WHERE owner = %(owner)s ORDER BY id DESC LIMIT 200"
SAVE: LiteralString = """
    UPDATE crowd_project SET state = %(state)s, opened_on = %(opened_on)s, ends_on = %(ends_on)s, digest = %(digest)s,
        reason = %(reason)s, backers = %(backers)s, held = %(held)s, captured = %(captured)s, released = %(released)s,
        fee = %(fee)s, refunded = %(refunded)s
    WHERE id = %(id)s
"""
SAVE_MILESTONE: LiteralString = """
    UPDATE crowd_milestone SET stage = %(stage)s, words = %(words)s, vote_ends_on = %(vote_ends_on)s, agreed = %(agreed)s,
        against = %(against)s
    WHERE project_id = %(project_id)s AND number = %(number)s
"""
INSERT_GIFT: LiteralString = """
    INSERT INTO crowd_gift (project_id, id, party_id, currency, amount, state, refunded, given_at, digest)
    VALUES (%(project_id)s, %(id)s, %(party_id)s, %(currency)s, %(amount)s, 'held', 0, %(at)s, %(digest)s)
"""
FIND_GIFT: LiteralString = "SELECT * FROM crowd_gift WHERE id = %(id)s"
GIFTS_OF: LiteralString = "SELECT * FROM crowd_gift WHERE party_id = %(party_id)s ORDER BY id DESC LIMIT %(limit)s"
STANDING_OF: LiteralString = """
    SELECT DISTINCT project_id FROM crowd_gift WHERE party_id = %(party_id)s AND state IN ('held', 'captured')
"""
IN_STATE: LiteralString = """
    SELECT * FROM crowd_gift WHERE project_id = %(project_id)s AND state = %(state)s ORDER BY id LIMIT %(limit)s
"""
GIVEN_BY: LiteralString = """
    SELECT coalesce(sum(amount), 0)::bigint AS minor, count(*) FILTER (WHERE state IN ('captured', 'refunded')) AS captured,
        count(*) AS gifts
    FROM crowd_gift WHERE project_id = %(project_id)s AND party_id = %(party_id)s AND state <> 'back'
"""
TO_REFUND: LiteralString = """
    SELECT * FROM (
        SELECT *, (sum(amount) OVER (ORDER BY id) - amount)::bigint AS upto FROM crowd_gift
        WHERE project_id = %(project_id)s AND state IN ('captured', 'refunded')
    ) AS g WHERE g.state = 'captured' ORDER BY g.id LIMIT %(limit)s
"""
SAVE_GIFTS: LiteralString = """
    UPDATE crowd_gift AS g SET state = %(state)s, refunded = new.refunded
    FROM unnest(%(ids)s::text[], %(refunded)s::bigint[]) AS new (id, refunded)
    WHERE g.project_id = %(project_id)s AND g.id = new.id AND g.state = %(was)s
"""
VOTE: LiteralString = """
    INSERT INTO crowd_vote (project_id, number, party_id, agree, voted_at)
    VALUES (%(project_id)s, %(number)s, %(party_id)s, %(agree)s, %(at)s) ON CONFLICT (project_id, number, party_id) DO NOTHING
"""
INSERT_WORD: LiteralString = """
    INSERT INTO crowd_word (project_id, id, said_on, words) VALUES (%(project_id)s, %(id)s, %(on)s, %(words)s)
"""
WAITING_OF: LiteralString = "SELECT count(*) AS found FROM crowd_project WHERE owner = %(owner)s AND state = 'proposed'"
WORDS_ON: LiteralString = (
    "SELECT count(*) AS found FROM crowd_word WHERE project_id = %(project_id)s AND said_on = %(on)s"
)
DUE: LiteralString = """
    SELECT id FROM crowd_project
    WHERE (state IN ('capturing', 'failing', 'refunding') OR (state IN ('open', 'second') AND ends_on <= %(on)s))
        AND id > %(after)s
    ORDER BY id LIMIT 1
"""
VOTES_DUE: LiteralString = """
    SELECT project_id FROM crowd_milestone WHERE stage = 'asked' AND vote_ends_on <= %(on)s AND project_id > %(after)s
    ORDER BY project_id LIMIT %(limit)s
"""
SUMS: LiteralString = """
    SELECT project_id, state, sum(amount)::bigint AS minor, sum(refunded)::bigint AS refunded, count(*) AS gifts
    FROM crowd_gift WHERE project_id = ANY(%(ids)s) GROUP BY project_id, state
"""
BACKERS: LiteralString = """
    SELECT project_id, count(DISTINCT party_id) AS backers FROM crowd_gift
    WHERE project_id = ANY(%(ids)s) AND state <> 'back' GROUP BY project_id
"""
VOTES: LiteralString = """
    SELECT project_id, number, count(*) FILTER (WHERE agree) AS agreed, count(*) FILTER (WHERE NOT agree) AS against
    FROM crowd_vote WHERE project_id = ANY(%(ids)s) GROUP BY project_id, number
"""
PAGE: LiteralString = "SELECT * FROM crowd_project WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"


def insert(tx: Tx, project: Project) -> None:
    """Keep a proposed project with its plan."""
    tx.execute(INSERT, {
        "id": project.id, "owner": project.owner, "kind": project.kind, "title": project.title, "words": project.words,
        "risks": project.risks, "gives_back": project.gives_back, "currency": project.minimum.currency,
        "minimum": project.minimum.minor, "optimum": project.optimum.minor, "days": project.days,
        "second_days": project.second_days, "on": tx.business_date,
    })  # fmt: skip
    tx.execute(INSERT_PLAN, {
        "project_id": project.id, "numbers": rows.int4s([each.number for each in project.plan]),
        "names": rows.texts([each.name for each in project.plan]),
        "amounts": rows.int8s([each.amount.minor for each in project.plan]),
    })  # fmt: skip


def find(tx: Tx, project_id: str, *, lock: bool = False) -> Project | None:
    """A project, whole; with ``lock`` whoever else would change it waits."""
    row = tx.maybe(LOCK if lock else FIND, {"id": project_id})
    return None if row is None else _projects(tx, [row])[0]


def projects(tx: Tx, states: Sequence[str], before: str, limit: int) -> list[Project]:
    """Projects in some states, the newest first."""
    return _projects(tx, tx.rows(LIST, {"states": list(states), "before": before or "~", "limit": limit}))


def projects_of(tx: Tx, owner: str) -> list[Project]:
    """Projects of an owner, the newest first."""
    return _projects(tx, tx.rows(LIST_OF, {"owner": owner}))


def page(tx: Tx, after: str, limit: int) -> list[Project]:
    """All projects by id."""
    return _projects(tx, tx.rows(PAGE, {"after": after, "limit": limit}))


def save(tx: Tx, project: Project) -> None:
    """Keep how a project stands."""
    tx.execute(SAVE, {
        "id": project.id, "state": project.state, "opened_on": project.opened_on, "ends_on": project.ends_on,
        "digest": project.digest, "reason": project.reason, "backers": project.backers, "held": project.held.minor,
        "captured": project.captured.minor, "released": project.released.minor, "fee": project.fee.minor,
        "refunded": project.refunded.minor,
    })  # fmt: skip


def save_milestone(tx: Tx, project_id: str, milestone: Milestone) -> None:
    """Keep how a milestone stands."""
    tx.execute(SAVE_MILESTONE, {
        "project_id": project_id, "number": milestone.number, "stage": milestone.stage, "words": milestone.words,
        "vote_ends_on": milestone.vote_ends_on, "agreed": milestone.agreed, "against": milestone.against,
    })  # fmt: skip


def insert_gift(tx: Tx, gift: Gift) -> None:
    """Keep a gift that is held."""
    tx.execute(INSERT_GIFT, {
        "project_id": gift.project_id, "id": gift.id, "party_id": gift.party_id, "amount": gift.amount.minor,
        "currency": gift.amount.currency,
        "at": gift.given_at, "digest": gift.digest,
    })  # fmt: skip


def find_gift(tx: Tx, gift_id: str) -> Gift | None:
    """A gift, if there is one."""
    row = tx.maybe(FIND_GIFT, {"id": gift_id})
    return None if row is None else _gift(row)


def gift_owner(tx: Tx, gift_id: str) -> str | None:
    """Whose a gift is."""
    found = find_gift(tx, gift_id)
    return None if found is None else found.party_id


def project_owner(tx: Tx, project_id: str) -> str | None:
    """Whose a project is."""
    row = tx.maybe(FIND, {"id": project_id})
    return None if row is None else str(row["owner"])


def gifts_of(tx: Tx, party_id: str, limit: int) -> list[Gift]:
    """What one person gave, the latest first."""
    return [_gift(row) for row in tx.rows(GIFTS_OF, {"party_id": party_id, "limit": limit})]


def in_state(tx: Tx, project_id: str, state: str, limit: int) -> list[Gift]:
    """Gifts of a project that are in a state, by id."""
    return [_gift(row) for row in tx.rows(IN_STATE, {"project_id": project_id, "state": state, "limit": limit})]


def given_by(tx: Tx, project_id: str, party_id: str) -> Mapping[str, int]:
    """What one person has in a project: ``minor``, how many ``gifts``, and how many of them were ``captured``."""
    row = tx.one(GIVEN_BY, {"project_id": project_id, "party_id": party_id})
    return {name: int(row[name]) for name in ("minor", "captured", "gifts")}


def to_refund(tx: Tx, project_id: str, limit: int) -> list[tuple[Gift, int]]:
    """Captured gifts of a project by id, each with what the captured gifts before it came to."""
    found = tx.rows(TO_REFUND, {"project_id": project_id, "limit": limit})
    return [(_gift(row), int(row["upto"])) for row in found]


def save_gifts(tx: Tx, project_id: str, was: str, state: str, changed: Sequence[tuple[str, int]]) -> int:
    """Move gifts from a state to another, with what went back of each; answers how many were in it."""
    return tx.execute(SAVE_GIFTS, {
        "project_id": project_id, "was": was, "state": state, "ids": rows.texts([each[0] for each in changed]),
        "refunded": rows.int8s([each[1] for each in changed]),
    })  # fmt: skip


def vote(tx: Tx, project_id: str, number: int, party_id: str, agree: bool) -> bool:
    """Keep a vote; false where that person voted already."""
    values = {"project_id": project_id, "number": number, "party_id": party_id, "agree": agree, "at": tx.now}
    return tx.execute(VOTE, values) == 1


def waiting_of(tx: Tx, owner: str) -> int:
    """How many projects of an owner wait to be opened."""
    return int(tx.one(WAITING_OF, {"owner": owner})["found"])


def words_today(tx: Tx, project_id: str) -> int:
    """How often was told of a project today."""
    return int(tx.one(WORDS_ON, {"project_id": project_id, "on": tx.business_date})["found"])


def insert_word(tx: Tx, project_id: str, words: str) -> None:
    """Keep a word to backers."""
    tx.execute(INSERT_WORD, {"project_id": project_id, "id": str(tx.uuid()), "on": tx.business_date, "words": words})


def due(tx: Tx, on: date, after: str) -> str | None:
    """The next project of which something is to be decided or moved."""
    row = tx.maybe(DUE, {"on": on, "after": after})
    return None if row is None else str(row["id"])


def votes_due(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Projects whose milestone's vote is over."""
    return [str(row["project_id"]) for row in tx.rows(VOTES_DUE, {"on": on, "after": after, "limit": limit})]


def sums(tx: Tx, ids: Sequence[str]) -> list[Row]:
    """What gifts come to by project and state."""
    return tx.rows(SUMS, {"ids": list(ids)})


def backers(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """How many people have a gift in each project."""
    return {str(row["project_id"]): int(row["backers"]) for row in tx.rows(BACKERS, {"ids": list(ids)})}


def votes(tx: Tx, ids: Sequence[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """How votes stand by project and milestone."""
    found = tx.rows(VOTES, {"ids": list(ids)})
    return {(str(row["project_id"]), int(row["number"])): (int(row["agreed"]), int(row["against"])) for row in found}


def _projects(tx: Tx, found: Sequence[Row]) -> list[Project]:
    ids = [str(row["id"]) for row in found]
    plans: dict[str, list[Any]] = {}
    for row in tx.rows(PLAN, {"ids": ids}) if ids else ():
        plans.setdefault(str(row["project_id"]), []).append(row)
    words: dict[str, list[ProjectWord]] = {}
    for row in tx.rows(WORDS, {"ids": ids}) if ids else ():
        words.setdefault(str(row["project_id"]), []).append(ProjectWord(row["said_on"], row["words"]))
    return [_project(row, plans.get(row["id"], []), tuple(words.get(row["id"], ()))) for row in found]


def _project(row: Row, plan: Sequence[Row], told: tuple[ProjectWord, ...]) -> Project:
    def money(name: str) -> Money:
        return Money(row[name], row["currency"])

    milestones = tuple(
        Milestone(
            each["number"], each["name"], Money(each["amount"], row["currency"]), each["stage"], each["words"],
            each["vote_ends_on"], each["agreed"], each["against"],
        )
        for each in plan
    )  # fmt: skip
    return Project(
        row["id"], row["owner"], row["kind"], row["title"], row["words"], row["risks"], row["gives_back"], money("minimum"),
        money("optimum"), row["days"], row["second_days"], row["state"], row["opened_on"], row["ends_on"], row["digest"],
        row["reason"], row["backers"], money("held"), money("captured"), money("released"), money("fee"), money("refunded"),
        milestones, told,
    )  # fmt: skip


def _gift(row: Row) -> Gift:
    currency = row["currency"]
    return Gift(
        row["id"], row["project_id"], row["party_id"], Money(row["amount"], currency), row["state"],
        Money(row["refunded"], currency), row["given_at"], row["digest"],
    )  # fmt: skip


def standing_of(tx: Tx, party_id: str) -> list[str]:
    """Projects in which money of a person lies, or is to be paid out still."""
    return [row["project_id"] for row in tx.rows(STANDING_OF, {"party_id": party_id})]
