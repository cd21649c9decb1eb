"""Every code block of the guides is run by a test, or stands here with the reason why not; what they name is there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from farthing.bank.day import STEPS
from farthing.cli import Later, app
from farthing.db.tx import Tx
from farthing.evidence import checker
from farthing.evidence import service as evidence
from farthing.evidence.model import Personal
from farthing.evidence.package import Parts
from farthing.funding.clearing.batch_file import digest_of
from farthing.kernel.operation import OPERATIONS, operation_of
from farthing.kernel.question import QUESTIONS
from farthing.kernel.run import Kernel
from farthing.kit.errors import CODES
from farthing.kit.shipped import DATA
from farthing.ledger import guards
from farthing.lending.spread import rates
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import Block, blocks
from tests.evidence.made import publish
from tests.tidy.test_references import MISSING, absolute
from tests.tidy.tree import ROOT, SOURCE, modules, nothing

GUIDES = ROOT / "docs" / "guides"
DOCUMENTS = (*sorted(GUIDES.glob("*.md")), ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md")
NAMING = (*DOCUMENTS, *sorted((GUIDES / "recipes").glob("*.md")), ROOT / "ARCHITECTURE.md")
ALL = typer.main.get_command(app)
HERE = "tests/docs/test_guides.py"


class How(NamedTuple):
    """Which blocks of a document, by language and first words, and what runs them: a test, or why none does."""

    document: str
    language: str
    begins: str
    how: str


BLOCKS = (
    How("agreements.md", "toml", "kind", "tests/products/test_agreement_file.py"),
    How("backup.md", "sh", "farthing backup", "tests/db/test_backup.py"),
    How("backup.md", "sh", "farthing keyring show", "tests/assurance/test_every_byte.py"),
    How("clear.md", "json", "{", "tests/funding/clearing/test_file.py"),
    How("clear.md", "text", "", "tests/funding/clearing/test_file.py"),
    How("exchange-inquiry.md", "sh", "farthing exchange check", "tests/exchange/test_door.py"),
    How("exchange-inquiry.md", "sh", "farthing exchange", "tests/exchange/test_*.py"),
    How("run-an-exchange.md", "sh", "farthing exchange", "tests/commands/test_exchange.py"),
    How("run-an-exchange.md", "sh", "export FARTHING_EXCHANGE", "tests/commands/test_exchange.py reads the settings"),
    How("clear.md", "sh", "farthing clear", HERE),
    How("market.md", "sh", "farthing market", HERE),
    How("codes.md", "sh", "farthing codes", "tests/commands/test_codes.py"),
    How("codes.md", "text", "", "tests/commands/test_codes.py"),
    How("train-a-model.md", "toml", "kind", "tests/commands/test_credit.py"),
    How("train-a-model.md", "sh", "farthing credit", "tests/commands/test_credit.py"),
    How("models-in-use.md", "sh", "farthing credit", "tests/commands/test_models.py"),
    How("crypto.md", "sh", "farthing crypto", "tests/commands/test_crypto.py"),
    How("crypto.md", "sh", "openssl", "tests/commands/test_crypto.py"),
    How("crypto.md", "toml", "[suites]", "tests/commands/test_crypto.py"),
    How("agents.md", "sh", "farthing agents", "tests/commands/test_agents.py"),
    How("counted.md", "sh", "farthing prove", "tests/commands/test_proving.py"),
    How("stress.md", "sh", "farthing stress", "tests/commands/test_stress.py"),
    How("stress.md", "toml", "name = {en", "tests/commands/test_stress.py"),
    How("projects.md", "toml", "kind", "tests/commands/test_crowd.py"),
    How("projects.md", "sh", "farthing crowd", "tests/commands/test_crowd.py"),
    How("exposure.md", "sh", "farthing exposure", "tests/commands/test_exposure.py"),
    How("exposure.md", "text", "", "tests/commands/test_exposure.py"),
    How("complaints.md", "sh", "farthing voice", "tests/commands/test_voice.py"),
    How("topics.md", "sh", "farthing voice topics", "tests/commands/test_topics.py"),
    How("merchants.md", "sh", "farthing disputes", "tests/commands/test_disputes.py"),
    How("merchants.md", "sh", "farthing merchants", "tests/commands/test_merchants.py"),
    How("packets.md", "sh", "farthing packet", "tests/commands/test_packets.py"),
    How("packets.md", "text", "true", "tests/commands/test_packets.py"),
    How("packets.md", "json", "{", "a body of the API; tests/api walks the operation"),
    How("money.md", "sh", "farthing money bring", "tests/commands/test_money.py"),
    How("orders.md", "sh", "farthing orders", "tests/commands/test_orders.py"),
    How("features.md", "sh", "farthing credit features", "tests/credit/test_told.py"),
    How("features.md", "text", "farthing credit features", "tests/credit/test_statements.py"),
    How("fraud.md", "sh", "farthing fraud", "tests/commands/test_fraud.py"),
    How("fraud.md", "sh", "farthing reports", "tests/commands/test_reports.py"),
    How("fraud.md", "toml", "[[fraud.rules]]", "tests/payments/fraud/test_rules.py reads it"),
    How("passkeys.md", "json", "{", "bodies of the API; tests/api/test_passkeys.py sends the like"),
    How("agreements.md", "sh", "farthing agreements draw", "tests/commands/test_agreements.py"),
    How("acting.md", "sh", "farthing powers guardian", "tests/commands/test_powers.py"),
    How("open-banking.md", "sh", "farthing openid", "tests/docs/test_open_banking.py"),
    How("open-banking.md", "sh", "farthing pulls", "tests/docs/test_open_banking.py"),
    How("open-banking.md", "python", "", "tests/docs/test_open_banking.py"),
    How("openid.md", "sh", "farthing openid", "tests/docs/test_openid.py"),
    How("openid.md", "python", "", "tests/docs/test_openid.py"),
    How("openid.md", "toml", "[[provider]]", "tests/docs/test_openid.py"),
    How("paying-limits.md", "sh", "farthing later pay", "tests/commands/test_later.py"),
    How("cards.md", "sh", "farthing cards bind", "tests/commands/test_cards.py"),
    How("standing.md", "sh", "farthing standing make", "tests/commands/test_standing.py"),
    How("mandates.md", "sh", "farthing mandates", "tests/commands/test_mandates.py"),
    How("requests.md", "sh", "farthing requests split", "tests/commands/test_requests.py"),
    How("partners.md", "toml", "[cover]", "tests/funding/cover reads such files"),
    How("wind-down.md", "sh", "farthing wind-down", "tests/commands/test_winddown.py"),
    How("close-day.md", "sh", "python bench/close_day.py", "measures for minutes; tests/bench keeps it able to run"),
    How("evidence.md", "python", "leaf_id = ", HERE),
    How("log.md", "sh", "sudo", "another user of the machine; tests/evidence/signer/test_signing.py starts it as one"),
    How("log.md", "sh", "farthing", "tests/commands/test_log.py"),
    How("guards.md", "toml", "[[guard]]", HERE),
    How("spread.md", "toml", "currency", HERE),
    How("products.md", "toml", "method", "tests/products/test_files.py"),
    How("products.md", "toml", "fees", "tests/products/test_files.py"),
    How("products.md", "toml", "payments_out", "tests/products/test_files.py"),
    How("products.md", "toml", "allocation", "tests/products/test_files.py"),
    How("products.md", "toml", "rate = {reference", HERE),
    How("products.md", "toml", "rate = {by_default", "tests/products/test_by_default.py"),
    How("loans.md", "toml", "rate", "tests/docs/test_loans_guide.py"),
    How("prudence.md", "python", "from decimal", "tests/docs/test_prudence.py"),
    How("quickstart.md", "sh", "", "tests/docs/test_quickstart.py"),
    How("quickstart.md", "python", "", "tests/docs/test_quickstart.py"),
    How("webhooks.md", "sh", "", "tests/docs/test_webhooks.py"),
    How("webhooks.md", "python", "", "tests/docs/test_webhooks.py"),
    How("loans.md", "sh", "", "tests/docs/test_loans_guide.py"),
    How("partners.md", "toml", "programme", "tests/commands/test_partners.py"),
    How("partners.md", "sh", "farthing partners", "tests/commands/test_partners.py"),
    How("settlement.md", "sh", "farthing partners", "tests/commands/test_settling.py"),
    How("settlement.md", "csv", "partner,day", "tests/commands/test_settling.py"),
    How("deployment.md", "sh", "", "needs a machine's own services; the files it names: tests/tidy/test_examples.py"),
    How("upgrade.md", "sh", "farthing", "tests/docs/test_operating.py"),
    How(
        "upgrade.md",
        "sh",
        "python3 -m venv",
        "installs a second release; tests/commands/test_container.py installs one",
    ),
    How("staff.md", "sh", "", "tests/docs/test_operating.py"),
    How("operations-day.md", "sh", "", "tests/docs/test_operating.py"),
    How("providers.md", "python", "", "tests/docs/test_operating.py"),
    How(
        "rails.md",
        "sh",
        "python -m farthing.town.bank_server",
        "a server that stays; tests/town/test_bank_server.py starts it",
    ),
    How("rails.md", "sh", "curl", "tests/town/test_bank_server.py"),
    How("rails.md", "sh", "farthing rails", "tests/commands/test_rails.py"),
    How("quote-deposit.md", "jsonc", '{"currency"', HERE),
    How("quote-deposit.md", "json", '{"product"', "tests/savings/quotes/test_guide.py"),
    How("quote-deposit.md", "text", "", "tests/savings/quotes/test_guide.py"),
    How("quote-deposit.md", "sh", "farthing quote deposit", HERE),
    How("quote-apr.md", "json", "{", "tests/lending/cost/test_guide.py"),
    How("quote-apr.md", "text", "", "tests/lending/cost/test_guide.py"),
    How("quote-apr.md", "sh", "farthing quote apr", HERE),
    How("quote-loan.md", "sh", "farthing quote loan", "tests/lending/quotes/test_guide.py"),
    How("quote-loan.md", "csv", "amount", "tests/lending/quotes/test_many.py"),
    How("quote-loan.md", "json", "{", "tests/lending/quotes/test_guide.py"),
    How("quote-loan.md", "text", "", "tests/lending/quotes/test_guide.py"),
    How("real-bank.md", "sh", "", "tests/bank/test_guide.py"),
    How("replay.md", "sh", "farthing ledger replay", "tests/ledger/test_replay.py"),
    How("replay.md", "jsonl", "", "tests/ledger/test_replay.py"),
    How("replay.md", "json", "", "tests/ledger/test_replay.py"),
    How("running.md", "sh", "pip install", "installs a wheel into a machine; tests/commands/test_wheel.py builds one"),
    How("running.md", "sql", "CREATE ROLE", "a role is the whole server's, which all tests share"),
    How("savings.md", "sh", "export FARTHING_HOME", HERE),
    How("savings.md", "sh", "sed -e", HERE),
    How("savings.md", "sh", "farthing savings rates", HERE),
    How("savings.md", "sh", "farthing till set-up", HERE),
    How("savings.md", "sh", "B=", "needs a server and a teller's token; tests/api/test_savings.py sends the same body"),
    How("scale.md", "sh", "# on every node", "needs a cluster of several nodes"),
    How("town.md", "sh", "export FARTHING_HOME", "tests/town/test_guide.py"),
    How("town.md", "sh", "python bench/town.py", "measures for minutes; tests/bench keeps it able to run"),
    How("README.md", "sh", "make demo", "takes minutes; tests/town tells the same story"),
    How("README.md", "sh", "FARTHING_HOME=var/own", "takes minutes; tests/town tells the same stories"),
    How("README.md", "", " doors", "a picture"),
    How("README.zh.md", "sh", "make demo", "takes minutes; tests/town tells the same story"),
    How("README.zh.md", "sh", "FARTHING_HOME=var/own", "takes minutes; tests/town tells the same stories"),
    How("README.zh.md", "", " 门户", "a picture"),
    How("CONTRIBUTING.md", "sh", "make test", "runs every test, this one too"),
)


def matches(how: How, document: Path, block: Block) -> bool:
    return (how.document, how.language) == (document.name, block.language) and block.text.startswith(how.begins)


def test_each_block_is_run_or_says_why_not() -> None:
    found = [(document, block) for document in DOCUMENTS for block in blocks(document)]
    nothing([
        f"{document.name}:{block.line}: nothing runs this {block.language or 'unnamed'} block"
        for document, block in found
        if not any(matches(how, document, block) for how in BLOCKS)
    ] + [f"{how}: there is no such block" for how in BLOCKS if not any(matches(how, *each) for each in found)])  # fmt: skip


def test_each_guide_with_commands_says_at_its_top_what_farthing_is_in_a_clone() -> None:
    said = "In a clone `farthing` is `.venv/bin/farthing`"
    for path in sorted(GUIDES.glob("*.md")):
        typed = any(
            re.search(r"^(?:\w+=\S+ )*farthing |\$\(farthing ", block.text, re.MULTILINE)
            for block in blocks(path) if block.language == "sh"
        )  # fmt: skip
        assert (path.read_text(encoding="utf-8").partition("\n\n")[2].startswith(said)) == typed, path.name


def test_the_tests_named_are_about_the_document() -> None:
    named = [how for how in BLOCKS if how.how.startswith("tests/") and how.how.endswith(".py")]
    nothing([
        f"{how.document}: {how.how} says nothing of it"
        for how in named
        if not any(how.document.removesuffix(".md") in test.read_text(encoding="utf-8") for test in ROOT.glob(how.how))
    ])  # fmt: skip


def test_every_fence_is_a_block() -> None:
    nothing([
        f"{document.name}: a fence that is not closed, or code that is only indented"
        for document in DOCUMENTS
        if document.read_text(encoding="utf-8").count("\n```") != 2 * len(blocks(document))
        or re.search(r"\n\n    (farthing|python|make|curl) ", document.read_text(encoding="utf-8"))
    ])  # fmt: skip


# What documents name -------------------------------------------------------------------------------------------------


def spoken(document: Path) -> Iterator[str]:
    """Every span of code in the text of a document, and every line of its shell blocks."""
    text = document.read_text(encoding="utf-8")
    for block in blocks(document):
        if block.language == "sh":
            yield from block.text.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?\n```", "", text, flags=re.DOTALL))


@cache
def within(group: Any, name: str) -> Any:
    """A command of a group, its file imported."""
    command = group.commands[name]
    return command.command() if isinstance(command, Later) else command


@cache
def wrong(line: str) -> str:
    """What a command line asks for that the program does not have; nothing where it is right or is no command of ours."""
    found = re.match(r"(?:\w+=\S+ )*(?:\.venv/bin/)?farthing ([a-z].*)", line)
    if found is None:
        return ""
    words = shlex.split(found[1], comments=True)
    command: Any = ALL
    while hasattr(command, "commands"):
        name = words.pop(0) if words and not words[0].startswith("-") else ""
        if name not in command.commands:
            return f"no command {name}" if name else ""
        command = within(command, name)
    options = {each for parameter in command.params for each in parameter.opts} | {"--help"}
    return " ".join(word for word in words if word.startswith("--") and word not in options)


def test_commands_and_options_named_are_there() -> None:
    nothing([f"{each.name}: {line}: {wrong(line)}" for each in NAMING for line in spoken(each) if wrong(line)])


@pytest.mark.parametrize("line", ["farthing savings oepn 1", "FARTHING_HOME=x farthing quote compare --amuont 1"])
def test_a_misspelt_command_is_seen(line: str) -> None:
    assert wrong(line)


def test_targets_of_make_named_are_there() -> None:
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    nothing([
        f"{each.name}: make {target}"
        for each in NAMING
        for line in spoken(each)
        for target in re.findall(r"^make (\w+)", line)
        if target not in made
    ])  # fmt: skip


PLACES = (ROOT, ROOT / "docs", SOURCE, *sorted(each for each in SOURCE.iterdir() if each.is_dir()))
"""A page about one package may leave out its name."""


def test_files_named_are_there() -> None:
    nothing([
        f"{each.name}: {name}"
        for each in NAMING
        for span in spoken(each)
        for name in re.findall(r"(?<![\w./*-])(?:[\w-]+/)+[\w-]+\.(?:py|toml|sql|typ|md)\b", span)
        if not any((place / name).exists() for place in PLACES) and not name.startswith("package/")
    ])  # fmt: skip


def test_dotted_names_are_there() -> None:
    modules()
    packages = {path.name for path in PLACES if path.parent == SOURCE}
    kinds = {"evidence.journal", "evidence.erased", "kernel.posted", "bank.begin"}  # the last: of the tests' fixture
    known = {*OPERATIONS, *QUESTIONS, *CODES, *kinds, *(f"kernel.{name}" for name in vars(Kernel))}
    nothing([
        f"{each.name}: {name}"
        for each in NAMING
        for span in spoken(each)
        for name in re.findall(r"^(?:farthing\.)?([a-z_]+(?:\.[A-Za-z_]+)+)(?:\(.*\))?$", span)
        if name.partition(".")[0] in packages
        and not name.endswith((".py", ".md", ".toml", ".dump"))
        and name not in known
        and absolute(f"farthing.{name}") is MISSING
        and each.parent.name != "recipes"
    ])  # fmt: skip


# What is run here ----------------------------------------------------------------------------------------------------


def the(document: str, begins: str) -> Block:
    """The block of a guide that begins so."""
    (found,) = (block for block in blocks(GUIDES / document) if block.text.startswith(begins))
    return found


def test_the_calls_of_the_guide_to_evidence(bank: Bank, tmp_path: Path) -> None:
    known: dict[str, Any] = {"evidence": evidence, "checker": checker, "Parts": Parts, "Personal": Personal}
    known["path"] = tmp_path / "package.zip"
    code = compile(the("evidence.md", "leaf_id").text, "evidence.md", "exec")

    def work(tx: Tx) -> None:
        publish(tx)  # the log has its key then
        exec(code, known, known.update(tx=tx, signed=lambda size: publish(tx)))

    bank.kernel.tidy(work)
    assert not known["report"].failed
    assert known["report"].passed


def test_the_guard_of_the_guide_is_one_that_is_shipped() -> None:
    (shown,) = guards.decode(the("guards.md", "[[guard]]").text, "CNY")
    assert shown in guards.decode((DATA / "guards" / "bank.toml").read_text(encoding="utf-8"), "CNY")


def test_the_internal_rates_of_the_guide_are_read() -> None:
    found = rates.decode("guide.toml", the("spread.md", "currency").text)
    assert found.currency == "CNY" and found.terms["3y"] == "2.75%" and found.source_zh


def test_the_rate_that_floats_in_the_guide_is_that_of_the_product_it_names() -> None:
    shown = tomllib.loads(the("products.md", "rate = {reference").text)
    shipped = tomllib.loads((DATA / "products" / "shop-growth-loan.toml").read_text(encoding="utf-8"))
    assert shown == {key: shipped[key] for key in shown}


def test_the_guide_to_the_close_names_its_steps_in_their_order() -> None:
    text = (GUIDES / "close-day.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)[: len(STEPS)] == [
        operation_of(each).name for each in STEPS
    ]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], str]:
    """Run a line of a guide in a folder of its own: ours in this process, any other by the shell."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(tmp_path)

    def run(line: str) -> str:
        words = shlex.split(line, comments=True)
        if words[0] != "farthing":
            return subprocess.run(["bash", "-ec", line], check=True, capture_output=True, text=True).stdout
        typed = Path(words.pop()).read_bytes() if words[-2:-1] == ["<"] else None
        done = CliRunner().invoke(app, [word for word in words[1:] if word != "<"], input=typed)
        assert done.exit_code == 0, f"{line}: {done.output} {done.exception!r}"
        return done.output

    return run


def test_the_command_lines_of_clearing(say: Callable[[str], str]) -> None:
    """Each on the guide's own batch, the last with its digest."""
    batch = the("clear.md", "{").text
    Path("BATCH.json").write_text(batch, encoding="utf-8")
    for line in the("clear.md", "farthing clear").text.splitlines():
        assert say(line.replace("HEX", digest_of(json.loads(batch))))


@pytest.mark.long
def test_the_command_lines_of_the_marketplace(say: Callable[[str], str]) -> None:
    for line in the("market.md", "farthing market").text.splitlines():
        assert say(line)


def test_the_command_lines_of_quotes(say: Callable[[str], str]) -> None:
    """Each on the guide's own case for it, the first with the guide's own board."""
    cases = [block.text for block in blocks(GUIDES / "quote-deposit.md") if block.text.startswith('{"product"')]
    (pledge,) = (case for case in cases if '"pledge"' in case)
    board = the("quote-deposit.md", '{"currency"').text
    for line in the("quote-deposit.md", "farthing quote").text.splitlines():
        case = pledge if " pledge " in line else cases[0].replace('"boc-2015-06-28"', board)
        Path("CASE.json").write_text(case, encoding="utf-8")
        assert say(line)


def test_the_command_lines_of_costs(say: Callable[[str], str]) -> None:
    """Each on the guide's first file."""
    Path("FLOWS.json").write_text(blocks(GUIDES / "quote-apr.md")[1].text, encoding="utf-8")
    for line in the("quote-apr.md", "farthing quote apr").text.splitlines():
        assert "9.69%" in say(line)


@pytest.mark.long
def test_a_day_at_a_branch_as_the_guide_tells_it(
    database_url: str, say: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All lines on one new bank, in their order; a line that is no command is what the one before it printed.

    Ids of deposits differ from bank to bank: the guide's stand for those that were opened, in their order.
    """
    commanded(monkeypatch, database_url)
    monkeypatch.setenv("FARTHING_OPENS_ON", "2026-11-26")
    opened: list[str] = []
    told: list[str] = []
    printed = ""
    lines = [
        block.text for block in blocks(GUIDES / "savings.md") if block.language == "sh" and "curl" not in block.text
    ]
    for line in "".join(lines).replace("\\\n", " ").splitlines():
        if line.startswith("export"):
            continue
        if not line.startswith(("farthing", "sed")):
            assert line in printed
            continue
        told += [each for each in re.findall(r"dep_[0-9a-z]{26}", line) if each not in told]
        for each, real in zip(told, opened, strict=False):
            line = line.replace(each, real)
        printed = say(line)
        if line.startswith("farthing savings open"):
            opened += re.findall(r"dep_[0-9a-z]{26}", printed)[:1]
    assert len(told) == len(opened) == 2
