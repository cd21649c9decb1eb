"""The pages of whoever asks whether it is true: proofs, the books checked again, decisions, and a package that anybody
brings. They only read."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from farthing.assurance import log_keys_service as log_keys
from farthing.assurance import service as assurance
from farthing.assurance.appraisal.paper import render
from farthing.assurance.appraisal.reporting import reported
from farthing.assurance.service import PublishedCheckpoint
from farthing.credit import service as credit
from farthing.evidence.model import NO_CHECKPOINT
from farthing.kernel.clock import wall_clock
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.model import Group
from farthing.signing.judging.model import Judgement, Verdict
from farthing.signing.judging.reasons import MEANINGS, VERDICTS, sentence
from farthing.signing.judging.service import looks_like_one
from farthing.signing.judging.telling import facts, title
from farthing.web import writing
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars
from farthing.web.forms import comes_back
from farthing.web.ground import HEADERS, Fields, again, ask, current, kernel_of, page, pages, unless, view
from farthing.web.proof import checking
from farthing.web.sheets import attached
from farthing.web.speech import gettext as _
from farthing.web.speech import language

router = pages()
LATEST = 50
MONEY, OWED = ("assets:cash", "assets:placed"), (
    "liabilities:wallets", "liabilities:escrow", "liabilities:in-transit", "liabilities:suspense",
)  # fmt: skip


@router.get("/proof")
def proofs(request: Request) -> Response:
    """Whether customers' money is there, whether the books balance, and what the evidence log last signed."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"totals": ask(overview.totals), "checkpoint": _newest(ask)}

    found = view(request, who, build)
    made, totals = found["checkpoint"], found.pop("totals")
    clock = kernel_of(request).clock()
    signed = None if made is None else made.made_at.astimezone(ZoneInfo(clock.time_zone)).date()
    age = None if signed is None else (clock.business_date - signed).days
    money = client_money(totals, kernel_of(request).home)
    return page(
        request, "proof/proofs.html", who, money=money, age=age, differences=overview.differences(totals), **found
    )


def _newest(ask: Ask) -> PublishedCheckpoint | None:
    """The newest checkpoint; none where nothing is signed yet."""
    found: PublishedCheckpoint | None = unless((NO_CHECKPOINT.name,), lambda: ask(assurance.log_checkpoint))
    return found


def client_money(totals: list[Group], home: str) -> Chart:
    """What wallets and escrow are owed beside the money that is there for it, in the home currency; the title says which
    is more and by how much."""

    def total(beginnings: tuple[str, ...]) -> Money:
        return Money(sum(each.total for each in totals if each.path in beginnings and each.currency == home), home)

    there, owed = total(MONEY), total(OWED)
    over = there - owed
    shown = writing.money(Money(abs(over.minor), home), language())
    covered, missing = (
        _("Customers' money is covered, with %(over)s to spare"),
        _("%(over)s of customers' money is missing"),
    )
    title = covered if over.minor >= 0 else missing
    points = [
        Point(name, Decimal(each.minor), writing.money(each, language()))
        for name, each in ((_("Money that is there for it"), there), (_("Owed to wallets and escrow"), owed))
    ]
    told = _("Two bars from the books of this moment: the first must be no shorter than the second.")
    return bars(title % {"over": shown}, told, Series(_("Amount"), points), _("Figure"))


@router.get("/proof/decisions")
def decisions(request: Request) -> Response:
    """The latest credit decisions with what spoke for and against each."""
    who = current(request)
    return page(request, "proof/decisions.html", who, decisions=ask(request, who, credit.latest_decisions, LATEST))


@router.get("/proof/checkpoint.txt")
def checkpoint(request: Request) -> Response:
    """The newest checkpoint of the evidence log, to keep and to compare with a later one."""
    made = ask(request, current(request), assurance.log_checkpoint)
    return PlainTextResponse(made.note, headers=HEADERS)


@router.get("/proof/log-key.txt")
def log_key(request: Request) -> Response:
    """The key by which checkpoints are verified, from its owner and not from a package."""
    return PlainTextResponse(f"{ask(request, current(request), log_keys.log_key).vkey}\n", headers=HEADERS)


def check_form(request: Request, refusal: Refusal | None = None) -> Response:
    """Where a package or a PDF is chosen; open to anybody, since a court's expert has no login here."""
    return again(
        request, "proof/check.html", current(request), refusal, most=checking.MOST_BYTES // 1024 // 1024, checked=None,
        checkpoint=_newest(partial(ask, request, current(request))),
    )  # fmt: skip


@router.get("/proof/check")
def check(request: Request) -> Response:
    """Check an evidence package or a signed PDF that one was given."""
    return check_form(request)


@router.post("/proof/check")
@comes_back(check_form)
def checked(request: Request, fields: Fields) -> Response:
    """Check it and say what holds, what does not, and what nobody looked at. Nothing of it is kept."""
    content = fields.as_file("package", checking.MOST_BYTES + 1)
    name = str(getattr(fields.get("package"), "filename", "") or "")[:100]
    roots = fields.as_file("roots", checking.MOST_BYTES)
    if looks_like_one(content):
        return judged(request, checking.judge(content, roots), name)
    trust = _own_key(request) + roots
    found = checking.check(content, trust)
    if fields.get("report"):
        report = reported(name, content, found, wall_clock(), given=bool(trust))
        headers = attached(f"appraisal-{report.exhibit.sha256[:16]}.pdf")
        return Response(
            render(report, "zh" if language() == "zh" else "en"), media_type="application/pdf", headers=headers
        )
    return page(
        request, "proof/check.html", current(request), most=0, checked=checking.sorted_out(found), filename=name,
        trouble=None, errors={}, done=(),
    )  # fmt: skip


def judged(request: Request, found: Judgement, filename: str) -> Response:
    """What is said of a PDF: the verdict, and apart from it what is intact, valid and trusted, when and by whom."""
    return page(
        request, "proof/judged.html", current(request), found=found, filename=filename, sentence=sentence,
        sealed=found.verdict is Verdict.SEALED, verdict=VERDICTS[found.verdict], meaning=MEANINGS[found.verdict],
        signatures=[(title(each), facts(each, found.length)) for each in found.signatures],
    )  # fmt: skip


def _own_key(request: Request) -> bytes:
    """The line of this bank's log key; nothing where nothing was signed yet."""
    found = unless((NO_CHECKPOINT.name,), lambda: ask(request, current(request), log_keys.log_key))
    return b"" if found is None else f"{found.vkey}\n".encode("ascii")
