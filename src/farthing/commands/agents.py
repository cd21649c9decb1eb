"""Own ``farthing agents``: shops that take cash in and give it out; terms, floats, cash, counts, devices and their queues."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from farthing.commands import agent_queue
from farthing.commands.agent_queue import BECAME, owner
from farthing.commands.bank import party_id
from farthing.commands.language import pick, say
from farthing.commands.savings import DAY, Key, On, Person, ask, day, do, money
from farthing.commands.staff import Officer
from farthing.commands.tables import Json, rows
from farthing.commands.words import a_day
from farthing.kernel.run import Kernel
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import queue_service as queues
from farthing.payments.agents import reading_service as reading
from farthing.payments.agents import service as agents
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import (
    Acted,
    ActPage,
    Agent,
    AgentPage,
    AgentTerms,
    AgentView,
    AskCash,
    CashCode,
    ChangeAgent,
    Commission,
    CountBox,
    Counted,
    Desk,
    EndAgent,
    FloatMoved,
    GiveCash,
    Given,
    MoveFloat,
    OpenAgent,
    TakeCash,
)
from farthing.payments.agents.queued_model import DropQueued, Outcome, QueuedLine, RetryQueued, RevokeDevice
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee

WHAT = {
    "in": Words("cash in", "存入"), "out": Words("cash out", "支取"), "bought": Words("float bought", "购买额度"),
    "sold": Words("float sold", "赎回额度"),
}  # fmt: skip

HELP = "Agents: shops that take cash in and give it out; terms, floats, counts, acts without a network."
app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)

AgentId = Annotated[str, typer.Argument(help="An agent's id, agent_...", metavar="AGENT")]
Amount = Annotated[str, typer.Argument(help="How much, such as 50 or 12.50.")]
Phone = Annotated[str, typer.Argument(help="The customer's phone.")]
InRate = Annotated[str, typer.Option(help="What cash taken in earns, a part of it such as 0.002.")]
OutRate = Annotated[str, typer.Option(help="What cash given out earns, a part of it such as 0.003.")]
InFlat = Annotated[str, typer.Option(help="What each cash taken in earns beside that.")]
OutFlat = Annotated[str, typer.Option(help="What each cash given out earns beside that.")]
Ceiling = Annotated[str, typer.Option(help="The most that the float may be.")]
Low = Annotated[str, typer.Option(help="The agent is warned where the float falls below it.")]
Counter = Annotated[
    bool, typer.Option("--counter", help="For cash, in the drawer you have open; else the owner's wallet.")
]
DeviceId = Annotated[str, typer.Argument(help="A device's id, agentdevice_...", metavar="DEVICE")]
Number = Annotated[int, typer.Argument(help="The act's number.", min=1)]

app.command("device")(agent_queue.device)
app.command("note")(agent_queue.note)
app.command("sync")(agent_queue.sync)


@app.callback()
def _agents() -> None:
    """Agents: shops that take cash in and give it out; terms, floats, counts, acts without a network."""


@app.command("list")
def list_agents(
    after: Annotated[str, typer.Option(help="The last id of the page before.")] = "", as_json: Json = False
) -> None:
    """Agents, with what each float holds and how many acts wait for a person."""
    ask(lambda tx: reading.all_agents(tx, after), as_json, _page)


@app.command("show")
def show(agent: AgentId, as_json: Json = False) -> None:
    """One agent: its float, the company's money that it holds, contracts and counts."""
    ask(lambda tx: reading.agent(tx, agent), as_json, _view)


@app.command("open")
def open_agent(
    merchant: Annotated[str, typer.Argument(help="A merchant's id, merchant_...", metavar="MERCHANT")],
    ceiling: Ceiling, low: Low = "0", in_rate: InRate = "0", out_rate: OutRate = "0", in_flat: InFlat = "0",
    out_flat: OutFlat = "0",
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Agree with a merchant that the shop takes cash in and gives it out; it waits for a second person."""

    def command(kernel: Kernel) -> OpenAgent:
        terms = _typed(kernel, in_rate, in_flat), _typed(kernel, out_rate, out_flat)
        return OpenAgent(merchant, *terms, money(ceiling, kernel), money(low, kernel))

    do(agents.open_agent, command, _agent, dry_run=False, as_json=as_json, officer=officer)


@app.command("terms")
def change_terms(
    agent: AgentId,
    from_on: Annotated[
        datetime, typer.Argument(help="The first day, later than today: 2027-01-01.", parser=a_day, metavar=DAY)
    ],
    ceiling: Ceiling, low: Low = "0", in_rate: InRate = "0", out_rate: OutRate = "0", in_flat: InFlat = "0",
    out_flat: OutFlat = "0",
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Agree on other terms from a day on; it waits for a second person."""

    def command(kernel: Kernel) -> ChangeAgent:
        terms = _typed(kernel, in_rate, in_flat), _typed(kernel, out_rate, out_flat)
        return ChangeAgent(agent, from_on.date(), *terms, money(ceiling, kernel), money(low, kernel))

    do(agents.change_contract, command, _contract, dry_run=False, as_json=as_json, officer=officer)


def _typed(kernel: Kernel, rate: str, flat: str) -> Commission:
    return Commission(money(flat, kernel), rate)


@app.command("end")
def end(agent: AgentId, officer: Officer = None, as_json: Json = False) -> None:
    """Let an agent take and give no more cash, at once; the float that is left is sold as before."""
    do(agents.end_agent, EndAgent(agent), _agent, dry_run=False, as_json=as_json, officer=officer)


@app.command("buy")
def buy(agent: AgentId, amount: Amount, counter: Counter = False, key: Key = None, as_json: Json = False) -> None:
    """Buy float for an agent, out of the owner's wallet or for cash."""
    _moved(agent, amount, "buy", counter, key, as_json)


@app.command("sell")
def sell(agent: AgentId, amount: Amount, counter: Counter = False, key: Key = None, as_json: Json = False) -> None:
    """Sell an agent's float, into the owner's wallet or for cash."""
    _moved(agent, amount, "sell", counter, key, as_json)


def _moved(agent: str, amount: str, which: str, counter: bool, key: str | None, as_json: bool) -> None:
    def command(kernel: Kernel) -> MoveFloat:
        return MoveFloat(owner(kernel, agent), agent, money(amount, kernel))

    if counter:
        by_hand = floats.float_for_cash if which == "buy" else floats.cash_for_float
        do(by_hand, command, _float, dry_run=False, as_json=as_json, key=key)
    else:
        function = floats.buy_float if which == "buy" else floats.sell_float
        do(function, command, _float, dry_run=False, as_json=as_json, key=key)


@app.command("in")
def cash_in(agent: AgentId, phone: Phone, amount: Amount, key: Key = None, as_json: Json = False) -> None:
    """Take a customer's cash into the customer's wallet, out of the agent's float."""

    def command(kernel: Kernel) -> TakeCash:
        cashier, customer = _customer(kernel, agent, phone)
        return TakeCash(cashier, agent, customer, money(amount, kernel))

    do(serving.cash_in, command, _acted, dry_run=False, as_json=as_json, key=key)


@app.command("code")
def code(person: Person, amount: Amount, as_json: Json = False) -> None:
    """Make a customer's code for cash at an agent: for so much, once, for some minutes."""

    def command(kernel: Kernel) -> AskCash:
        party = party_id(kernel, person)
        return AskCash(party, money(amount, kernel))

    def made(found: CashCode) -> None:
        typer.echo(f"{found.text}  {found.amount}")

    do(serving.ask_cash, command, made, dry_run=False, as_json=as_json)


@app.command("out")
def cash_out(
    agent: AgentId, phone: Phone, amount: Amount,
    told: Annotated[str, typer.Argument(help="The customer's code for cash.", metavar="CODE")],
    key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Give a customer cash against the customer's code."""

    def command(kernel: Kernel) -> GiveCash:
        cashier, customer = _customer(kernel, agent, phone)
        return GiveCash(cashier, agent, customer, money(amount, kernel), told)

    def given(found: Given) -> None:
        _acted(serving.require_given(found))

    do(serving.cash_out, command, given, dry_run=False, as_json=as_json, key=key)


def _customer(kernel: Kernel, agent: str, phone: str) -> tuple[str, str]:
    """The agent's owner, and his word for whoever answers to a phone."""
    party = owner(kernel, agent)
    return party, payees.require_found(kernel.run(payees.find_payee, FindPayee(party, phone))).id


@app.command("count")
def count(
    agent: AgentId,
    counted: Annotated[str, typer.Argument(help="What was counted in the box.")],
    put_in: Annotated[str, typer.Option(help="The agent's own cash that was put in since the last count.")] = "0",
    taken_out: Annotated[str, typer.Option(help="The same, taken out.")] = "0",
    as_json: Json = False,
) -> None:
    """Count an agent's box: what should be there, what is over or short."""

    def command(kernel: Kernel) -> CountBox:
        amounts = (money(each, kernel) for each in (counted, put_in, taken_out))
        return CountBox(owner(kernel, agent), agent, *amounts)

    do(serving.count, command, _counted, dry_run=False, as_json=as_json)


@app.command("acts")
def acts(
    agent: AgentId, on: On = None, before: Annotated[str, typer.Option(help="The last id of the page before.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """An agent's acts of a day, the latest first."""
    ask(lambda tx: reading.acts_of(tx, agent, day(on), before, 50), as_json, _acts)


@app.command("queue")
def queue(agent: AgentId, as_json: Json = False) -> None:
    """Acts without a network that came in: those that wait for a person first."""
    ask(lambda tx: reading.queue_of(tx, agent), as_json, _queue)


@app.command("retry")
def retry(agent: AgentId, device: DeviceId, number: Number, key: Key = None, as_json: Json = False) -> None:
    """Try an act that waits for a person once more."""

    def command(kernel: Kernel) -> RetryQueued:
        return RetryQueued(owner(kernel, agent), agent, device, number)

    do(queues.retry, command, _outcome, dry_run=False, as_json=as_json, key=key)


@app.command("drop")
def drop(
    agent: AgentId, device: DeviceId, number: Number,
    why: Annotated[str, typer.Argument(help="Why it is not applied; the agent reads it.")],
    officer: Officer = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Decide that an act that waits is not applied."""
    command = DropQueued(agent, device, number, why)
    do(queues.drop_queued, command, _outcome, dry_run=False, as_json=as_json, officer=officer)


@app.command("revoke")
def revoke(agent: AgentId, device: DeviceId, as_json: Json = False) -> None:
    """Let a device sign no more, at once."""

    def command(kernel: Kernel) -> RevokeDevice:
        return RevokeDevice(owner(kernel, agent), agent, device)

    do(
        queues.revoke_device, command, lambda found: typer.echo(f"{found.id}  {say('revoked', '已停用')}"), dry_run=False,
        as_json=as_json,
    )  # fmt: skip


def _terms(agreed: AgentTerms) -> str:
    def earns(each: Commission) -> str:
        return f"{each.rate} + {each.flat}"

    between = say(", ", "，")
    return between.join(
        (
            f"{say('in', '存入')} {earns(agreed.cash_in)}", f"{say('out', '支取')} {earns(agreed.cash_out)}",
            f"{say('ceiling', '上限')} {agreed.ceiling}", f"{say('warned below', '预警线')} {agreed.low}",
        )
    )  # fmt: skip


def _agent(made: Agent) -> None:
    ended = f"  {say('ended', '已终止')} {made.ended_on}" if made.ended_on else ""
    typer.echo(f"{made.id}  {made.merchant_id}{ended}")
    _contract(made.terms)


def _contract(made: AgentTerms) -> None:
    typer.echo(f"{say('from', '自')} {made.from_on}  {_terms(made)}")


def _float(made: FloatMoved) -> None:
    typer.echo(f"{made.id}  {made.amount}  {say('float', '备付额度')} {made.float_now}")


def _acted(made: Acted) -> None:
    typer.echo(
        f"{made.id}  {made.customer}  {made.amount}  {say('earned', '佣金')} {made.commission}  "
        f"{say('float', '备付额度')} {made.float_now}"
    )


def _counted(made: Counted) -> None:
    over = made.difference.minor
    told = say("over", "长款") if over > 0 else say("short", "短款") if over else say("right", "相符")
    apart = f" {Money(abs(over), made.difference.currency)}" if over else ""
    typer.echo(
        f"{made.on}  {say('should be', '应有')} {made.expected}  {say('counted', '实点')} {made.counted}  {told}{apart}"
    )


def _outcome(made: Outcome) -> None:
    typer.echo(f"{made.number}  {pick(BECAME[made.became])}  {made.problem}".rstrip())


def _page(found: AgentPage) -> None:
    heads = (
        Words("agent", "代理点"), Words("name", "名称"), Words("owner", "户主"), Words("float", "备付额度"),
        Words("wait", "待处理"), Words("ended", "终止"),
    )  # fmt: skip
    lines = [
        (each.agent.id, each.name, each.owner, each.float_now, each.waiting, each.agent.ended_on)
        for each in found.agents
    ]
    rows(Words("Agents", "代理点"), heads, lines, right=(3, 4))
    if found.next_after:
        typer.echo(f"{say('more, with', '更多：')} --after {found.next_after}")


def _view(found: AgentView) -> None:
    desk: Desk = found.desk
    _agent(desk.agent)
    typer.echo(f"{desk.name}  {say('owner', '户主')} {found.owner}")
    held = say("company money held", "持有的业务资金")
    typer.echo(f"{held} {desk.held}  {say('float', '备付额度')} {desk.float_now}  {say('cash', '现金')} {desk.box}")
    for each in found.counts[:1]:
        _counted(each)


def _acts(found: ActPage) -> None:
    heads = (
        Words("act", "业务"), Words("at", "时间"), Words("what", "类型"), Words("customer", "客户"), Words("amount", "金额"),
        Words("earned", "佣金"), Words("number", "编号"),
    )  # fmt: skip
    lines = [
        (
            each.id,
            f"{each.at:%Y-%m-%d %H:%M} UTC",
            WHAT[each.what],
            each.customer,
            each.amount,
            each.commission,
            each.number,
        )
        for each in found.acts
    ]
    rows(Words(f"Acts of {found.on}", f"{found.on} 业务"), heads, lines, right=(4, 5, 6))
    if found.next_before:
        typer.echo(f"{say('more, with', '更多：')} --before {found.next_before}")


def _queue(found: list[QueuedLine]) -> None:
    heads = (
        Words("device", "设备"), Words("number", "编号"), Words("what", "类型"), Words("customer", "客户"),
        Words("amount", "金额"), Words("became", "结果"), Words("why", "原因"),
    )  # fmt: skip
    lines = [
        (
            each.device_id,
            each.number,
            WHAT[each.way],
            each.customer,
            each.amount,
            BECAME[each.became],
            each.note or each.problem,
        )
        for each in found
    ]
    rows(Words("Acts without a network", "离线业务"), heads, lines, right=(1, 4))
