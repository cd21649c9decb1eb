"""Read and write ``credit_model``, ``credit_model_turn``, ``credit_model_score``; read outcomes of decisions. Never decides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.credit.succession.model import ModelTurn
from farthing.db import rows
from farthing.db.tx import Row, Tx

INSERT_MODEL: LiteralString = """
    INSERT INTO credit_model (id, slot, name, version, kind, source, measures, brought_on, brought_by)
    VALUES (%(id)s, %(slot)s, %(name)s, %(version)s, %(kind)s, %(source)s, %(measures)s, %(on)s, %(by)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND_MODEL: LiteralString = """
    SELECT id, slot, name, version, kind, source, measures, brought_on, brought_by FROM credit_model WHERE id = %(id)s
"""
SOURCE: LiteralString = "SELECT source FROM credit_model WHERE id = %(id)s"
MODELS: LiteralString = """
    SELECT id, slot, name, version, kind, brought_on, brought_by FROM credit_model ORDER BY slot, brought_on, id
"""
INSERT_TURN: LiteralString = """
    INSERT INTO credit_model_turn
        (slot, number, act, model, champion, happened_on, happened_at, done_by, reason)
    VALUES (%(slot)s, %(number)s, %(act)s, %(model)s, %(champion)s, %(on)s, %(at)s, %(by)s, %(reason)s)
    ON CONFLICT (slot, number) DO NOTHING
"""
TURNS: LiteralString = """
    SELECT slot, number, act, model, champion, happened_on, happened_at, done_by, reason
    FROM credit_model_turn WHERE slot = %(slot)s ORDER BY number
"""
CHAMPION: LiteralString = """
    SELECT champion FROM credit_model_turn WHERE slot = %(slot)s ORDER BY number DESC LIMIT 1
"""
SCORED_UNTIL: LiteralString = "SELECT max(decided_at) AS until FROM credit_model_score WHERE model = %(model)s"
NOT_SCORED: LiteralString = """
    SELECT d.id, d.party_id, d.decided_at, (d.decision ->> 'approved')::boolean AS approved,
           (d.decision ->> 'score')::integer AS score,
           (d.decision ->> 'probability_of_default')::numeric AS probability, d.inputs -> 'features' AS features
    FROM credit_decision d
    WHERE d.decided_at >= %(since)s AND d.decision ->> 'scorecard_sha256' = %(champion)s
      AND NOT EXISTS (SELECT 1 FROM credit_model_score s WHERE s.decision_id = d.id AND s.model = %(model)s)
    ORDER BY d.decided_at, d.id LIMIT %(limit)s
"""
INSERT_SCORES: LiteralString = """
    INSERT INTO credit_model_score
        (decision_id, model, champion, party_id, decided_at, approved, score, probability, champion_score,
         champion_probability, figures)
    SELECT new.decision_id, %(model)s, %(champion)s, new.party_id, new.decided_at, new.approved = 1, new.score,
           new.probability::numeric, new.champion_score, new.champion_probability::numeric, new.figures::jsonb
    FROM unnest(%(decision_ids)s::text[], %(party_ids)s::text[], %(decided_at)s::timestamptz[], %(approved)s::integer[],
                %(scores)s::integer[], %(probabilities)s::text[], %(champion_scores)s::integer[],
                %(champion_probabilities)s::text[], %(figures)s::text[])
        AS new (decision_id, party_id, decided_at, approved, score, probability, champion_score, champion_probability, figures)
    ON CONFLICT (decision_id, model) DO NOTHING
"""
SCORES: LiteralString = """
    SELECT decision_id, party_id, decided_at, approved, score, probability, champion_score, champion_probability, figures
    FROM credit_model_score WHERE model = %(model)s AND champion = %(champion)s
    ORDER BY decided_at DESC, decision_id DESC LIMIT %(limit)s
"""
OUTCOMES: LiteralString = """
    SELECT decision_id, max(worst_days_late) AS late FROM credit_commitment
    WHERE decision_id = ANY(%(ids)s) AND drawn_on <= %(until)s GROUP BY decision_id
"""


def insert_model(tx: Tx, values: Mapping[str, Any]) -> bool:
    """Keep a model; false where it is there already."""
    row = {**values, "measures": Jsonb(values["measures"]), "on": tx.business_date, "by": tx.actor.id}
    return tx.execute(INSERT_MODEL, row) == 1


def find_model(tx: Tx, model: str) -> Row | None:
    """A model with its text and measures, or none."""
    return tx.maybe(FIND_MODEL, {"id": model})


def source(tx: Tx, model: str) -> str:
    """The text of a model that was brought."""
    return str(tx.one(SOURCE, {"id": model})["source"])


def models(tx: Tx) -> list[Row]:
    """All models that were brought, without their texts."""
    return tx.rows(MODELS)


def turns(tx: Tx, slot: str) -> list[ModelTurn]:
    """The acts in a slot, the oldest first."""
    return [ModelTurn(**row) for row in tx.rows(TURNS, {"slot": slot})]


def insert_turn(tx: Tx, slot: str, number: int, act: str, model: str, champion: str, reason: str) -> bool:
    """Keep an act; false where somebody else acted at the same moment."""
    values = {
        "slot": slot, "number": number, "act": act, "model": model, "champion": champion, "on": tx.business_date,
        "at": tx.now, "by": tx.actor.id, "reason": reason,
    }  # fmt: skip
    return tx.execute(INSERT_TURN, values) == 1


def champion(tx: Tx, slot: str) -> str:
    """Which model decides in a slot; empty: the one that ships with the program."""
    row = tx.maybe(CHAMPION, {"slot": slot})
    return str(row["champion"]) if row else ""


def scored_until(tx: Tx, model: str) -> datetime | None:
    """The newest decision of which a model said something."""
    found: datetime | None = tx.one(SCORED_UNTIL, {"model": model})["until"]
    return found


def not_scored(tx: Tx, model: str, champion_digest: str, since: datetime, limit: int) -> list[Row]:
    """Decisions by a champion of which a model has said nothing, the oldest first."""
    return tx.rows(NOT_SCORED, {"model": model, "champion": champion_digest, "since": since, "limit": limit})


def insert_scores(
    tx: Tx, model: str, champion_digest: str, found: Sequence[Row], said: Sequence[tuple[int, Decimal]],
    figures: Sequence[Mapping[str, str | None]],
) -> None:  # fmt: skip
    """Keep what a model says of decisions."""
    tx.execute(
        INSERT_SCORES,
        {
            "model": model, "champion": champion_digest, "decision_ids": rows.texts([each["id"] for each in found]),
            "party_ids": rows.texts([each["party_id"] for each in found]),
            "decided_at": rows.instants([each["decided_at"] for each in found]),
            "approved": rows.int4s([int(each["approved"]) for each in found]),
            "scores": rows.int4s([score for score, _ in said]),
            "probabilities": rows.texts([str(chance) for _, chance in said]),
            "champion_scores": rows.int4s([each["score"] for each in found]),
            "champion_probabilities": rows.texts([str(each["probability"]) for each in found]),
            "figures": rows.texts([json.dumps(each) for each in figures]),
        },
    )  # fmt: skip


def scores(tx: Tx, model: str, champion_digest: str, limit: int) -> list[Row]:
    """What a model said beside a champion, the newest first."""
    return tx.rows(SCORES, {"model": model, "champion": champion_digest, "limit": limit})


def outcomes(tx: Tx, decision_ids: list[str], until: date) -> dict[str, int]:
    """The most days that loans on decisions were ever late, of those that were paid out by a day."""
    found = tx.rows(OUTCOMES, {"ids": rows.texts(decision_ids), "until": until}) if decision_ids else []
    return {row["decision_id"]: row["late"] for row in found}
