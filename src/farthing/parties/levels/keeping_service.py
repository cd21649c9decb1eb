"""Keep what shows who parties are, and until when their levels hold. Called inside the operations that bring evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Tx
from farthing.kit.canonical import canonical, digest
from farthing.kit.errors import InvariantBroken
from farthing.parties.levels import rules, store
from farthing.parties.levels.model import Doubted, Evidence, Given, LevelRules

_DECODED: dict[str, LevelRules] = {"": rules.BEFORE}


def put_in_force(tx: Tx, wanted: LevelRules | None) -> None:
    """Let levels follow from evidence by these rules from now on; by those of before where there are none. What is kept of a
    party follows them from its next evidence on."""
    found = rules.BEFORE if wanted is None else wanted
    store.put_in_force(tx, digest(found).hex(), canonical(found).decode())


def in_force(tx: Tx) -> LevelRules:
    """The rules in force."""
    return rules_of(tx, [store.in_force(tx)])[0]


def rules_of(tx: Tx, rule_ids: Sequence[str]) -> list[LevelRules]:
    """The rules of these digests, which never change."""
    unknown = [each for each in rule_ids if each not in _DECODED]
    if unknown:
        found = store.rules(tx, unknown)
        _DECODED.update({each: rules.read(json.loads(body)) for each, body in found.items()})
    lost = [each for each in unknown if each not in _DECODED]
    if lost:
        raise InvariantBroken(f"rules of levels are gone: {', '.join(lost)}")
    return [_DECODED[each] for each in rule_ids]


def record(tx: Tx, given: Sequence[Given], doubted: Sequence[Doubted] = ()) -> dict[str, tuple[date, ...]]:
    """Keep evidence, and doubt what others say against; answers, and lays down, until when the levels of these parties hold.

    An evidence of which the rules in force let nothing follow is not kept. Doubts are about what was there before.
    """
    party_ids = sorted({each.party_id for each in given} | {each.party_id for each in doubted})
    if not party_ids:
        return {}
    law = in_force(tx)
    store.hold(tx, party_ids)
    contradicted = [each for each in doubted if each.kinds]
    if contradicted:
        store.doubt(tx, contradicted)
    today, fresh = tx.business_date, []
    for each in given:
        until = rules.until_of(law, each.kind, each.provider, today)
        if until is not None:
            fresh.append(Evidence(each.id, each.party_id, each.kind, each.provider, tx.now, today, until))
    if fresh:
        store.insert(tx, fresh)
    return lay_down(tx, party_ids)


def hold(tx: Tx, party_id: str) -> None:
    """Let nobody else change how well a party is known until this transaction ends."""
    store.hold(tx, [party_id])


def lay_down(tx: Tx, party_ids: Sequence[str]) -> dict[str, tuple[date, ...]]:
    """Keep until when the levels of parties that are held hold, as their evidence stands now; answers it."""
    rule = store.in_force(tx)
    law, found = rules_of(tx, [rule])[0], store.evidence(tx, party_ids)
    until = {each: rules.until_by_level(law, found[each], tx.now) for each in party_ids}
    store.set_until(tx, rule, until)
    return until
