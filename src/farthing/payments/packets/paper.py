"""Own how the paper of a packet is checked, without a bank: the split is drawn again from the seed it tells. Pure.

What is found is told, each with a code of its own; a paper in which nothing is found is true.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from farthing.kernel.operation import decode
from farthing.kit.errors import Refusal, malformed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.packets import draw
from farthing.payments.packets.model import Paper
from farthing.products.red_packets import MOST_SHARES

FORMAT = draw.FORMAT
LARGEST = 32 << 20
"""Bytes of a paper."""
BAD_PAPER = malformed(
    "packets.bad_paper",
    "This is not the paper of a red packet: {problem}.",
    "这不是红包的验证文件：{problem_zh}。",
)
Code = Literal["packets.commitment_differs", "packets.split_differs", "packets.sum_differs", "packets.still_open"]


@dataclass(frozen=True, slots=True)
class Differs:
    """Something that is not as it must be, and what that means."""

    code: Code
    words: Words


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a paper came to: how many parts were drawn again, and what differs."""

    packet_id: str
    parts: int
    luckiest: int | None
    differs: tuple[Differs, ...]


def read(source: str | bytes) -> Paper:
    """A paper from its JSON; refuses ``packets.bad_paper``."""
    if len(source) > LARGEST:
        raise BAD_PAPER(problem="it is too large", problem_zh="文件过大")
    try:
        found: Paper = decode(Paper, json.loads(source))
    except (ValueError, RecursionError):
        raise BAD_PAPER(problem="it is not JSON", problem_zh="不是 JSON") from None
    except Refusal as refusal:
        raise BAD_PAPER(problem=refusal.detail.rstrip("."), problem_zh=refusal.detail_zh.rstrip("。")) from None
    if found.format != FORMAT:
        raise BAD_PAPER(problem=f"its format is not {FORMAT}", problem_zh=f"格式不是 {FORMAT}")
    if found.seed is not None and re.fullmatch(r"[0-9a-f]{64}", found.seed) is None:
        raise BAD_PAPER(problem="its seed is not 64 hexadecimal digits", problem_zh="种子不是 64 位十六进制数")
    if not 1 <= found.shares <= min(found.total.minor, MOST_SHARES):
        raise BAD_PAPER(problem="its parts do not fit its total", problem_zh="份数与总额不符")
    return found


def check(paper: Paper) -> Checked:
    """Draw the split again and compare: the commitment, each part, and that all of it is accounted for."""
    if paper.seed is None:
        return Checked(paper.packet_id, 0, None, (_open(),))
    seed, differs = bytes.fromhex(paper.seed), list[Differs]()
    if draw.commitment(paper.packet_id, paper.kind, paper.total, paper.shares, seed) != paper.commitment:
        differs.append(Differs("packets.commitment_differs", Words(
            "the seed is not the one to which the bank bound itself, or the packet was another",
            "种子与事先公布的承诺值不符，或红包内容被改动",
        )))  # fmt: skip
    drawn = draw.parts(paper.kind, paper.total.minor, paper.shares, seed)
    places = [part.place for part in paper.parts]
    if places != list(range(1, len(places) + 1)) or len(places) > paper.shares:
        differs.append(Differs("packets.split_differs", Words(
            "the parts are not the first ones, each once", "各份不是从第一份起依次领取",
        )))  # fmt: skip
    wrong = [part.place for part in paper.parts if not _is(part.amount, drawn, part.place, paper)]
    if wrong:
        differs.append(Differs("packets.split_differs", Words(
            f"the parts at {_some(wrong)} are not those that the seed gives", f"第 {_some(wrong)} 份与种子计算结果不符",
        )))  # fmt: skip
    back = paper.given_back or Money(0, paper.total.currency)
    whole = sum(part.amount.minor for part in paper.parts) + back.minor
    if whole != paper.total.minor or back.currency != paper.total.currency:
        differs.append(Differs("packets.sum_differs", Words(
            f"what was taken and what went back come to {Money(whole, paper.total.currency)}, not to {paper.total}",
            f"领取与退回合计 {Money(whole, paper.total.currency)}，不等于 {paper.total}",
        )))  # fmt: skip
    best = draw.luckiest(drawn[: len(places)]) if paper.kind == "lucky" else None
    return Checked(paper.packet_id, len(places), None if best is None else best + 1, tuple(differs))


def _open() -> Differs:
    return Differs("packets.still_open", Words(
        "the packet was open when this paper was made, so its seed is not told yet", "出具文件时红包尚未结束，种子未公布",
    ))  # fmt: skip


def _is(amount: Money, drawn: tuple[int, ...], place: int, paper: Paper) -> bool:
    return 1 <= place <= len(drawn) and amount == Money(drawn[place - 1], paper.total.currency)


def _some(places: list[int]) -> str:
    return ", ".join(map(str, places[:5])) + (" …" if len(places) > 5 else "")
