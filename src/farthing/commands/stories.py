"""Own ``farthing story``: a story told from end to end on the real bank."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import bank, node, settings
from farthing.commands.language import say
from farthing.commands.locale import chinese
from farthing.commands.progress import progress
from farthing.exchange.node_service import Node, make_folder
from farthing.town.market.plan import Scale
from farthing.town.story import reported
from farthing.town.story.plan import GRADUATE, PLANS, SHOPKEEPER
from farthing.town.story.telling import (
    DISPUTE,
    LENDER,
    MARKET,
    SAVER,
    SUPPLIER,
    YEAR_MONTHS,
    tell,
    tell_dispute,
    tell_lender,
    tell_market,
    tell_saver,
    tell_supplier,
)

STORIES = (*PLANS, SAVER, LENDER, MARKET, SUPPLIER, DISPUTE)


def story(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(STORIES)}.")],
    bills: Annotated[Path | None, typer.Option(help="A real Alipay or WeChat Pay export to decide on.")] = None,
    person: Annotated[str | None, typer.Option("--name", help="The applicant's name, as on the bill.")] = None,
    run: Annotated[str, typer.Option(help="Another run tells the story of another person.")] = "1",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a step.")] = False,
    partner_delay_ms: Annotated[
        int, typer.Option(help="Make the partner bank slow, to see its deadline.", min=0, max=600_000)
    ] = 0,
    months: Annotated[int, typer.Option(help="Saver: a shorter year.", min=1, max=12)] = YEAR_MONTHS,
    years: Annotated[int, typer.Option(help="Shopkeeper: 1 leaves the hard second year out.", min=1, max=2)] = 2,
    late: Annotated[
        bool, typer.Option("--late", help="Graduate, shopkeeper: end where the first instalment is ten days late.")
    ] = False,
    lenders: Annotated[int, typer.Option(help="Lender: so many lend.", min=20, max=10_000)] = Scale().lenders,
    loans: Annotated[int, typer.Option(help="Lender: so many loans are granted.", min=11, max=3_000)] = Scale().loans,
    out: Annotated[Path, typer.Option(help="Where contract and evidence package are written.")] = Path("var/stories"),
) -> None:
    """Tell a story from end to end on the real bank; told again, it continues or answers the same."""
    if name not in STORIES:
        raise typer.BadParameter(say(f"choose one of {', '.join(STORIES)}", f"请选择 {'、'.join(STORIES)} 之一"))
    if name == DISPUTE:
        with story_node(run) as node, progress() as going:
            tell_dispute(node, typer.echo, out, run=run, as_json=as_json, going=going, chinese=chinese())
        return
    if name == SAVER:
        with bank() as kernel, progress() as going:
            tell_saver(kernel, typer.echo, out, run=run, as_json=as_json, months=months, going=going, chinese=chinese())
        return
    if name == SUPPLIER:
        with bank() as kernel, progress() as going:
            tell_supplier(kernel, typer.echo, out, run=run, as_json=as_json, going=going, chinese=chinese())
        return
    if name == MARKET:
        with bank() as kernel, progress() as going:
            tell_market(kernel, typer.echo, run=run, as_json=as_json, going=going, chinese=chinese())
        return
    if name == LENDER:
        with bank() as kernel, progress() as going:
            scale = Scale(lenders=lenders, loans=loans)
            tell_lender(kernel, typer.echo, run=run, as_json=as_json, scale=scale, going=going, chinese=chinese())
        return
    plan = PLANS[name]
    content = bills.read_bytes() if bills else None
    with bank() as kernel, progress() as going, contextlib.ExitStack() as stack:
        beside = None
        if plan is GRADUATE:
            name = f"graduate {run}"
            node = stack.enter_context(story_node(name, kernel.clock().business_date))
            beside = reported.joined(kernel, node, home_of(name) / "member")
        tell(
            kernel, plan, typer.echo, out, run=run, name=person, bill=content, as_json=as_json,
            partner_delay_ms=partner_delay_ms, going=going, years_told=years if plan is SHOPKEEPER else 1,
            late=late, chinese=chinese(), beside=beside,
        )  # fmt: skip


@contextlib.contextmanager
def story_node(run: str, opens_on: date | None = None) -> Iterator[Node]:
    """A node of a run's own, with a home, an embedded database and a keyring of its own beside the bank's, wherever those lie."""
    home, chosen = home_of(run), {} if opens_on is None else {"opens_on": opens_on}
    found = settings(
        home=home, keyring=home / "keyring", database_url=None, app_database_url=None, clock="simulated", **chosen
    )
    make_folder(found, "exchange.example")
    with node(found) as opened:
        yield opened


def home_of(run: str) -> Path:
    """Where the node of a run has its home, in the bank's."""
    return settings().home / f"story-exchange-{hashlib.sha256(run.encode()).hexdigest()[:8]}"
