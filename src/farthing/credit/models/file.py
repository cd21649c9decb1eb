"""Own the file of a model: canonical JSON, a binary fraction in it the shortest text that reads back as the same double. Pure.

Read strictly: what does not hold together is refused as ``credit.model_invalid``, never repaired. The digest is of the bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from farthing.credit.models.artefact import Artefact, Chance
from farthing.credit.models.model import INVALID, Asked, Better, Model
from farthing.credit.models.paths import MOST_ON_A_PATH, longest
from farthing.credit.models.points import Bins, Card
from farthing.credit.models.shipped import Shipped
from farthing.credit.models.trees import MOST_LEAVES, Seen, Split, Tree, Trees, spans_of
from farthing.credit.scorecard import load as load_card
from farthing.kit.canonical import written
from farthing.kit.errors import Refusal
from farthing.kit.tables import Fault, Table, opened

FORMAT = "farthing-model-1"
MOST_POINTS = 10**6
MOST_DOUBLE = 1e9
"""No weight, leaf or offset is larger, so that no score is endless; a step may be anywhere."""
Member = Card | Trees


@lru_cache(maxsize=32)
def load(text: str, name: str = "model") -> Model:
    """A model of either form: an artefact of JSON, or a scorecard of TOML. Refuses ``credit.model_invalid``,
    ``credit.scorecard_invalid``."""
    if not text.lstrip().startswith("{"):
        return Shipped(load_card(text, name))
    return load_artefact(text, name)


def load_artefact(text: str, name: str = "model") -> Artefact:
    """An artefact; refuses ``credit.model_invalid`` saying what is wrong."""
    try:
        table = opened(name, json.loads(text), _refused)
    except (ValueError, RecursionError) as error:
        raise INVALID(name=name, problem=f"it is no JSON: {error}", problem_zh=f"不是有效的 JSON：{error}") from None
    table.choice("format", (FORMAT,))
    named = table.many("figures", lambda one: _figure(one.table("figures")))
    members = table.many("members", lambda one: _member(one.table("members"), len(named)))
    found = Artefact(
        name=table.text("name"),
        version=table.text("version"),
        subject=table.choice("subject", ("person", "shop", "any")),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        refuse_below=table.whole("refuse_below", -MOST_POINTS, MOST_POINTS),
        figures=tuple(_asked(at, each, members) for at, each in enumerate(named)),
        members=members,
        chances=_chances(table),
        about=dict(table.table("about").values),
    )
    table.close()
    return found


def text_of(
    name: str, version: str, subject: str, refuse_below: int, figures: Sequence[tuple[str, Better, Mapping[str, int] | None]],
    members: Sequence[tuple[float, Member]], chances: Sequence[Chance], about: Mapping[str, Any],
) -> str:  # fmt: skip
    """The text of an artefact: the same parts give the same bytes."""
    return written(
        {
            "format": FORMAT, "name": name, "version": version, "subject": subject, "refuse_below": refuse_below,
            "figures": [
                {"name": each, "better": better} if codes is None else {"name": each, "better": better, "codes": dict(codes)}
                for each, better, codes in figures
            ],
            "members": [{"weight": repr(weight), **_told(member)} for weight, member in members],
            "chances": [[each.at_least, each.probability, each.low, each.high] for each in chances],
            "about": dict(about),
        }
    )  # fmt: skip


def _told(member: Member) -> dict[str, Any]:
    if isinstance(member, Card):
        bins = [
            {"figure": each.figure, "edges": _reprs(each.edges), "points": list(each.points), "missing": each.missing}
            for each in member.bins
        ]
        return {"kind": "card", "constant": member.constant, "bins": bins}
    trees = [
        {
            "splits": [[each.seen, each.step, int(each.missing_left), each.left, each.right] for each in tree.splits],
            "leaves": _reprs(tree.leaves), "rows": list(tree.rows),
        }
        for tree in member.trees
    ]  # fmt: skip
    return {
        "kind": "trees", "offset": repr(member.offset), "per_log_odds": repr(member.per_log_odds),
        "seen": [
            {"figure": each.figure, "steps": _reprs(each.steps)} | ({} if each.code is None else {"code": each.code})
            for each in member.seen
        ],
        "trees": trees,
    }  # fmt: skip


def _reprs(values: Sequence[float]) -> list[str]:
    return [repr(float(value)) for value in values]


def _refused(fault: Fault) -> Refusal:
    problem, problem_zh = f"{fault.name} {fault.problem}".strip(), f"{fault.name} {fault.problem_zh}".strip()
    return INVALID(name=fault.file, problem=problem, problem_zh=problem_zh)


Named = tuple[str, Better, dict[str, int] | None]


def _figure(table: Table) -> Named:
    name, better = table.text("name"), table.choice("better", ("higher", "lower", "either"))
    codes = None
    if table.has("codes"):
        places = table.table("codes")
        codes = {each: places.whole(each) for each in places.values}
    table.close()
    return name, "higher" if better == "higher" else "lower" if better == "lower" else "either", codes


def _asked(at: int, named: Named, members: Sequence[tuple[float, Member]]) -> Asked:
    steps: set[float] = set()
    for _, member in members:
        steps.update(member.steps(at))
    return Asked(*named, steps=tuple(Decimal(repr(step)) for step in sorted(steps)))


def _member(table: Table, figures: int) -> tuple[float, Member]:
    weight = _double(table, "weight", table.text("weight"))
    member: Member
    if table.choice("kind", ("card", "trees")) == "card":
        constant = table.whole("constant", -MOST_POINTS, MOST_POINTS)
        member = Card(constant, table.many("bins", lambda one: _bins(one.table("bins"), figures)))
    else:
        member = _trees(table, figures)
    table.close()
    return weight, member


def _bins(table: Table, figures: int) -> Bins:
    edges = _rising(table, "edges", table.texts("edges"))
    points = _wholes(table, "points", table.take("points"), -MOST_POINTS, MOST_POINTS)
    if len(points) != len(edges) + 1:
        raise table.wrong("points", "must be one more than the edges", "须比分界多一个")
    found = Bins(
        table.whole("figure", 0, figures - 1), edges, points, table.whole("missing", -MOST_POINTS, MOST_POINTS)
    )
    table.close()
    return found


def _trees(table: Table, figures: int) -> Trees:
    seen = table.many("seen", lambda one: _seen(one.table("seen"), figures))
    return Trees(
        seen=seen,
        trees=table.many("trees", lambda one: _tree(one.table("trees"), seen)),
        offset=_double(table, "offset", table.text("offset")),
        per_log_odds=_double(table, "per_log_odds", table.text("per_log_odds")),
    )


def _seen(table: Table, figures: int) -> Seen:
    figure, code = table.whole("figure", 0, figures - 1), table.maybe("code", table.whole)
    found = Seen(figure, code, _rising(table, "steps", table.texts("steps")))
    table.close()
    return found


def _tree(table: Table, seen: tuple[Seen, ...]) -> Tree:
    splits = []
    for written_split in table.take("splits"):
        at, step, missing, left, right = _wholes(table, "splits", written_split, -MOST_LEAVES, MOST_POINTS, 5)
        if not (0 <= at < len(seen) and 0 <= step < len(seen[at].steps) and missing in (0, 1)):
            raise table.wrong("splits", "name a figure or a step that there is none of", "引用了不存在的指标或分界")
        splits.append(Split(at, step, missing == 1, left, right))
    leaves = tuple(_double(table, "leaves", each) for each in table.texts("leaves"))
    rows = _wholes(table, "rows", table.take("rows"), 1, 10**9)
    if not 1 <= len(leaves) <= MOST_LEAVES or len(leaves) != len(splits) + 1 or len(rows) != len(leaves):
        problem, problem_zh = (
            f"must be one more than the splits, at most {MOST_LEAVES}",
            f"须比分裂多一个，至多 {MOST_LEAVES} 个",
        )
        raise table.wrong("leaves", problem, problem_zh)
    found = Tree(tuple(splits), leaves, rows)
    if not _stands(found):
        problem, problem_zh = (
            "do not make one tree, its leaves from the left to the right",
            "未构成叶节点自左至右的一棵树",
        )
        raise table.wrong("splits", problem, problem_zh)
    if longest(found) > MOST_ON_A_PATH:
        problem, problem_zh = (
            f"look at more than {MOST_ON_A_PATH} figures on a way",
            f"同一路径的指标超过 {MOST_ON_A_PATH} 个",
        )
        raise table.wrong("splits", problem, problem_zh)
    table.close()
    return found


def _stands(tree: Tree) -> bool:
    """Whether each split but the root, and each leaf, hangs on exactly one split that stands before it, the leaves in order."""
    below = [child for split in tree.splits for child in (split.left, split.right)]
    wanted = [*range(1, len(tree.splits)), *(-1 - leaf for leaf in range(len(tree.leaves)))]
    if tree.splits and sorted(below) != sorted(wanted):
        return False
    if any(0 <= child <= at for at, split in enumerate(tree.splits) for child in (split.left, split.right)):
        return False
    try:
        spans = spans_of(tree)
    except ValueError:
        return False
    return not spans or (spans[0][0], spans[0][2]) == (0, len(tree.leaves))


def _chances(table: Table) -> tuple[Chance, ...]:
    found = []
    for each in table.take("chances"):
        if not isinstance(each, list) or len(each) != 4 or type(each[0]) is not int:
            raise table.wrong("chances", "must be a score and three probabilities", "须为一个分数和三个概率")
        chance, low, high = (_chance(table, one) for one in each[1:])
        found.append(Chance(each[0], chance, low, high))
    wrong = any(one.at_least >= two.at_least or one.probability < two.probability for one, two in pairwise(found))
    if not found or wrong:
        raise table.wrong("chances", "must rise in the score and not in the probability", "须按分数递增、概率不递增")
    return tuple(found)


def _chance(table: Table, text: object) -> Decimal:
    value = _double(table, "chances", text)
    if not isinstance(text, str) or not 0 <= value <= 1:
        raise table.unfit("chances", text, "a probability as text", "以文本写的概率")
    return Decimal(text)


def _rising(table: Table, key: str, texts: Sequence[object]) -> tuple[float, ...]:
    if not isinstance(texts, list | tuple):
        raise table.unfit(key, texts, "a list of numbers as text", "以文本写的数列")
    found = [_double(table, key, each) for each in texts]
    if any(one >= two for one, two in pairwise(found)):
        raise table.wrong(key, "must rise", "须递增")
    return tuple(found)


def _double(table: Table, key: str, text: object) -> float:
    try:
        value = float(text) if isinstance(text, str) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (key != "steps" and abs(value) > MOST_DOUBLE):
        raise table.unfit(key, text, "a number as text", "以文本写的数")
    return value


def _wholes(table: Table, key: str, values: object, low: int, high: int, count: int | None = None) -> tuple[int, ...]:
    if not isinstance(values, list) or any(type(each) is not int or not low <= each <= high for each in values):
        raise table.unfit(key, values, "a list of whole numbers", "整数列表")
    if count is not None and len(values) != count:
        raise table.wrong(key, f"must be {count} numbers each", f"每项须为 {count} 个数")
    return tuple(values)
