"""Own the command line: which commands there are; each is imported when it is asked for, and no sooner.

``farthing --help`` must not wait for a web server, a PDF library and a database driver. Every command's own file is in
:mod:`farthing.commands`; the table here says where, with the first line of its help, which a test compares.
Help is plain text, without boxes: screen readers and logs take it as it is.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import signal
import sys
import traceback
from typing import Any

import typer
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup

from farthing import __version__
from farthing.kit.later import load

COMMANDS: dict[str, tuple[str, str]] = {
    "migrate": ("running:migrate", "Bring the database to the newest schema and found the bank."),
    "serve": ("serving:serve_command", "Serve the API and the pages; prints where they are."),
    "links": ("serving:links_command", "Print new sign-in links of a simulated bank, one a door."),
    "bank": ("opening:app", "A bank with a real clock: open it, make its first two officers."),
    "story": ("stories:story", "Tell a story from end to end on the real bank; told again, it continues or answers the same."),
    "town": ("town:town", "Grow a town in a simulated bank: people, wages, feasts, savings, loans; each day is closed."),
    "close-day": ("running:close", "Close the business date, then the next day begins: what falls due, and a checkpoint."),
    "worker": ("running:worker", "Run jobs: checkpoints of the log and whatever operations enqueued."),
    "bill": ("bills:bill", "Read a bill or certificate of Alipay or WeChat Pay: what became of each row; without a database."),
    "credit": ("credit:app", "Credit models: train, show, score without a bank; bring, shadow, promote, watch in one."),
    "quote": ("quote:app", "Quote a product without a database."),
    "vote": ("votes:app", "Count a secret ballot's box, without a database."),
    "clear": ("clear:clear", "Clear a batch of listings and mandates by its published rule; again the same, whoever does it."),
    "market": ("market:app", "The marketplace: what lending may come to, who may lend, listings, batches, sales."),
    "savings": ("nested:savings_app", "Deposits: open, pay in, draw, read; products, rates, papers."),
    "loans": ("loans:app", "Loans: at risk, classes, provisions, spread; one's story, each act on it, who stands behind it."),
    "partners": ("partners:app", "Partner lenders: list; the programmes by which they lend a part of loans: list, set, end."),
    "staff": ("staff:staff", "Staff: who there is, new logins, roles, an end; what one officer asks another agrees to."),
    "keys": ("staff:keys", "Keys for programs: list, make, end; a key is shown once."),
    "crypto": ("crypto:app", "Algorithms and keys of the bank: list, make, look; seal anew; certificates; a seal beside a file."),
    "keyring": ("keyring:app", "The keyring: people's own keys, outside the database; how it stands, a copy, a copy put back."),
    "webhooks": ("webhooks:app", "Webhooks: list, make, end, resume; the kinds of events; a secret is shown once."),
    "openid": ("openid:app", "OpenID: partners who ask who people are, and the key that signs the answers."),
    "pulls": ("pulls:app", "Pulls: institutions from which people bring their history."),
    "people": ("people:people", "People: register, enrol, show."),
    "wallets": ("people:wallets", "Wallets: open, show, top up."),
    "powers": ("powers:app", "Powers to act for another: list, acts; enter a guardian or a signatory; end, revoke."),
    "till": ("tills:app", "Tills: set up, list; a drawer opened, counted, closed."),
    "packet": ("packets:app", "Red packets: send, open, show; check a packet's paper without a bank."),
    "agents": ("agents:app", "Agents: shops that take cash in and give it out; terms, floats, counts, acts without a network."),
    "merchants": ("merchants:app", "Merchants: who takes money by codes; terms, tills, codes; takings, refunds, payouts."),
    "rails": ("rails:app", "Accounts at other banks: how each stands, statements, differences; one worked off."),
    "codes": ("codes:app", "Payment codes (EMVCo): read and made, without a bank."),
    "requests": ("requests:app", "Requests to pay: ask, list, pay, decline, remind; split a bill."),
    "cards": ("cards:app", "Bound cards and accounts of other banks: bind, prove, unbind; top up, pay out."),
    "later": ("later:app", "Payments that go later: pay, take back, list."),
    "mandates": ("mandates:app", "Mandates: propose, sign, limit, end; debits: announce, stop, have back."),
    "orders": ("orders:app", "Files of payment orders: bring, agree, withdraw, list, show; the answer as a file."),
    "disputes": ("disputes:app", "Disputed payments: open, list, show, answer, contest, withdraw, decide."),
    "agreements": ("agreements:app", "Agreements: forms, publish; draw, list, show, seal, step back; the evidence package."),
    "contests": ("contests:app", "Contested contracts: open, withdraw, decide by two, list, of a party."),
    "supply": ("supply:app", "Supply-chain finance: invoices, confirmed payables, pieces passed on and lent against, payment."),
    "crowd": ("crowd:app", "Projects that many pay for together: propose, open, give, take back, milestones, votes."),
    "exposure": ("exposure:app", "Exposure across lenders without a pool of names: tagger, shelf, both sides; figures."),
    "exchange": ("exchange_persons:app", "A credit-information node: open, serve; its members, their keys, what they furnish."),
    "reports": ("reports:app", "Payments reported as fraud: report, list, show, object, give back or free."),
    "fraud": ("fraud:app", "Payments that wait: list, show, let go, refuse, take back; rules; pairs."),
    "standing": ("standing:app", "Standing payments: on a day, each week or month; stop, list, show."),
    "money": ("money:app", "Where a person's money went: statements brought home, categories, what comes again."),
    "voice": ("nested:voice_app", "Complaints, praise, ideas and questions: speak, list, own, answer, redress, return; topics."),
    "ledger": ("books:app", "Experiments with the ledger."),
    "verify": ("verify:verify", "Derive every balance, deposit and the evidence log again, or check an evidence package."),
    "prove": ("proving:app", "What the bank proves each day: that every customer's money is counted in what it says it owes."),
    "stress": ("stress:app", "Prudence: how the bank stands by each rule, on any day; scenarios, and what breaks it."),
    "appraise": ("appraise:appraise", "Walk an evidence package through conditions of law: the report for a court."),
    "log-signer": ("log_signer:app", "The log's signer: serve, make a key, take one out of a database, hand over to another."),
    "monitor": ("monitor:monitor", "Follow a log from outside; alarm on forks, steps back, standstills, missing cosignatures."),
    "log-witness": ("log_witness:app", "A witness of a log: make its key, serve; without a bank."),
    "export": ("printing:export", "Print the whole journal for a separate accounting program."),
    "backup": ("backups:backup", "Copy the living bank into a folder, with a manifest; the bank goes on meanwhile."),
    "wind-down": ("winddown:app", "The living will: export all claims for a backup servicer, check an export, take one over."),
    "restore": ("backups:restore", "Bring a backup into an empty database; run `farthing verify` afterwards."),
    "errors": ("printing:errors", "Print the page of every refusal code (docs/errors.md)."),
}  # fmt: skip
"""Name, where it is below ``farthing.commands``, and what it does in one line."""
FIRST = re.compile(r"(?<=[.])\s|(?<=。)")
"""Where the first sentence of a help ends."""
COMPLETION = ("install_completion", "show_completion")


def spoken(command: Any) -> Any:
    """A command that speaks the language of the locale; English is as it is written, and costs nothing."""
    return load("farthing.commands.helping:spoken")(command) if load("farthing.commands.locale:chinese")() else command


def misuse(error: Exception) -> Exception:
    """An exception as it is raised on: that of a misuse tells itself in the language of the locale."""
    misused = isinstance(error, UsageError) and load("farthing.commands.locale:chinese")()
    found: Exception = load("farthing.commands.misuse:in_chinese")(error) if misused else error
    return found


def imported(place: str) -> Any:
    """What a command names, its file imported now. What that brings stays until the end: to look meanwhile for what nobody
    holds any more would be a fifth of what importing a server costs."""
    if place.partition(":")[0] in sys.modules:
        return load(place)
    gc.disable()
    try:
        return load(place)
    finally:
        gc.freeze()
        gc.enable()


def listed(command: Any) -> Any:
    """A command whose list of commands tells the first sentence of each, whole; the library would cut it in the middle. What
    makes a shell complete is an option of the program alone."""
    command.params = [each for each in command.params if each.name not in COMPLETION]
    for each in getattr(command, "commands", {}).values():
        each.short_help = each.short_help or FIRST.split(" ".join((each.help or "").split()), maxsplit=1)[0]
        listed(each)
    return command


class Later(TyperCommand):
    """A command by its name and one line of help; the command itself is imported when it is to run."""

    def __init__(self, name: str, place: str, help: str) -> None:
        super().__init__(name, help=help, short_help=help, rich_markup_mode=None)
        self.place = place

    def command(self) -> Any:
        """The command itself, its file imported now."""
        found = imported(f"farthing.commands.{self.place}")
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(self.name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = self.name
        return spoken(command)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself, which runs from here on."""
        return listed(self.command()).make_context(info_name, args, parent, **extra)


class Commands(TyperGroup):
    """All commands; a negative amount, which the parser takes for an option, is told what it is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = {name: Later(name, place, help) for name, (place, help) in COMMANDS.items()}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the whole, whose help is in the language of the locale."""
        spoken(self)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except Exception as error:
            raise misuse(error) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for; refuses ``commands.negative_amount``. Who gives up at a prompt has it refused."""
        try:
            return super().invoke(ctx)
        except (typer.Abort, EOFError):
            typer.echo("", err=True)
            raise typer.Exit(2) from None
        except Exception as error:
            option = str(getattr(error, "option_name", ""))
            if option[:1] == "-" and option[1:2].isdigit():
                raise load("farthing.commands.problems:NEGATIVE")(text=option) from None
            raise misuse(error) from error.__cause__


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"farthing {__version__}")
        raise typer.Exit


@app.callback()
def farthing(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_version, is_eager=True, help="Which release this is."
    ),
) -> None:
    """Farthing: an open platform for inclusive finance.

    Every command speaks to people and, with --json, to programs. Exit codes: 0 done, 1 something was found, 2 refused or
    misused, 3 the surroundings failed.
    """


def _stopped(number: int, _: object) -> None:
    """Leave by the way of an exit, so that the embedded server is stopped on the way out."""
    sys.exit(128 + number)


def main() -> None:
    """Run the command line; a refusal is printed with its code, never as a traceback."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stopped)
    os.umask(0o077)  # what is written here (keys, contracts, backups) is for its owner alone
    try:
        app()
    except Exception as error:
        refusal = load("farthing.commands.problems:refused")(error)
        if refusal is None:
            traceback.print_exc()  # a mistake of our own is not hidden
        else:
            typer.echo(load("farthing.commands.problems:said")(refusal), err=True)
        sys.exit(load("farthing.commands.problems:exit_code")(error))
