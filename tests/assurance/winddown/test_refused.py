"""What is no export, or not for this bank: each is refused by its code, and nothing is taken over; killed, it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.assurance.winddown import export_service, store
from farthing.assurance.winddown.checking import disagreements
from farthing.assurance.winddown.claims import claims, papers
from farthing.assurance.winddown.export_service import allow_export, seal_export, wind_downs
from farthing.assurance.winddown.folder import (
    KEY,
    LEAF,
    MANIFEST,
    PROOF,
    Export,
    coded,
    findings,
    lines_of,
    manifest_bytes,
    opened,
    presented,
    request,
    steps,
    text_of,
)
from farthing.assurance.winddown.import_service import bring_part, finish_take_over, present_manifest, take_over
from farthing.assurance.winddown.model import AllowExport, BringPart, FinishTakeOver, Part, SealExport
from farthing.assurance.winddown.tables import LEFT_OUT, TABLES
from farthing.bank.founding import agreed
from farthing.db.distribute import DISTRIBUTED_BY, REFERENCE
from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from tests.assurance.winddown.test_going_on import Going, same, stopped, told
from tests.assurance.winddown.two import WHY, begin, bring, empty, exported, taken_over, verified
from tests.banks import Bank, Shelf
from tests.funding.market.test_life import living
from tests.lending.house import House, yuan
from tests.log_signers import Inside
from tests.parties.people import register_person


@dataclass
class Old:
    """A bank that stopped, and its export."""

    house: House
    export: Export

    @property
    def files(self) -> dict[str, bytes]:
        return dict(self.export.files)


@pytest.fixture(scope="module")
def old(shelf: Shelf) -> Iterator[Old]:
    with shelf.database() as url:
        house = House(url, lived=stopped)
        yield Old(house, opened(exported(house.bank)))
        house.bank.kernel.database.close()


def sealing(bank: Bank, export_id: str, manifest: bytes) -> SealExport:
    """What a bank is told to enter, with its own word that it made it."""
    warrant = bank.read(lambda tx: export_service.warrant_of(tx, export_id, manifest))
    return SealExport(export_id, coded(manifest), coded(warrant))


def code(caught: pytest.ExceptionInfo[Refusal]) -> str:
    return caught.value.code


@pytest.mark.long
def test_an_export_is_for_two_persons_and_once(old: Old) -> None:
    bank = old.house.bank
    assert isinstance(bank.run(allow_export, AllowExport(WHY)), Pending)
    (made, *_) = bank.read(wind_downs)
    assert (made.way, made.state, made.manifest_sha256) == ("out", "sealed", old.export.sha256)
    again = sealing(bank, made.id, old.export.manifest_bytes)
    assert old.house.refused(seal_export, again) == "wind_down.not_allowed"
    assert bank.read(export_service.export_allowed) is None


def test_one_officer_enters_no_manifest_but_the_banks_own(old: Old) -> None:
    """Two let it export; what one of them then brings must be what the bank itself wrote."""
    bank = old.house.bank
    allowed = agreed(bank.kernel, allow_export, AllowExport(WHY))
    mine = sealing(bank, allowed["id"], old.export.manifest_bytes)
    other = coded(manifest_bytes(replace(old.export.manifest, sums={"client_money:CNY": 1})))
    for changes, refusal in (
        ({"manifest": other}, "wind_down.not_made_here"), ({"warrant": ""}, "wind_down.not_made_here"),
        ({"warrant": coded(bytes(64))}, "wind_down.not_made_here"), ({"warrant": "?"}, "wind_down.damaged"),
    ):  # fmt: skip
        assert old.house.refused(seal_export, replace(mine, **changes)) == refusal
    assert bank.run(seal_export, mine).manifest_sha256 == old.export.sha256


@pytest.mark.parametrize("name", ["books/journal.0001.jsonl", "papers/claims.csv", MANIFEST])
def test_a_changed_byte_is_seen(old: Old, name: str) -> None:
    content = bytearray(old.files[name])
    place = content.index(b"1", len(content) // 2)
    content[place : place + 1] = b"2"
    with pytest.raises(Refusal) as caught:
        opened(old.files | {name: bytes(content)})
    assert code(caught) == ("wind_down.unsealed" if name == MANIFEST else "wind_down.damaged")


@pytest.mark.parametrize("name", ["records/loan.0001.jsonl", MANIFEST, PROOF])
def test_a_missing_file_is_missed(old: Old, name: str) -> None:
    with pytest.raises(Refusal, match=f"{name} is missing") as caught:
        opened({each: content for each, content in old.files.items() if each != name})
    assert code(caught) == "wind_down.damaged"


def test_a_file_too_many_is_seen(old: Old) -> None:
    with pytest.raises(Refusal, match="is in no manifest"):
        opened(old.files | {"records/loan.0002.jsonl": b"{}\n"})


@pytest.mark.parametrize("content", [b"\xff", b"", b"{}", b"[" * 100_000, b"1" * 5_000])
@pytest.mark.parametrize("name", [LEAF, PROOF, KEY])
def test_a_seal_of_whatever_bytes_is_refused(old: Old, name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        opened(old.files | {name: content})
    assert code(caught) == "wind_down.unsealed"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "records/../../x.0001.jsonl"])
def test_a_manifest_names_no_file_outside_its_folder(old: Old, name: str) -> None:
    parts = (*old.export.manifest.parts, Part(name, 1, 1, "0" * 64))
    with pytest.raises(Refusal, match="is missing") as caught:
        resealed(old, parts=parts)
    assert code(caught) == "wind_down.damaged"


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_lines_are_read_as_they_were_written_whatever_else_ends_a_line(lines: list[str]) -> None:
    """A row is JSON, in which a line separator of Unicode stands as it is."""
    assert lines_of(text_of(lines)) == lines


def test_what_anybody_is_called_is_no_formula_in_a_paper(old: Old) -> None:
    records = old.export.records
    people = [json.loads(line) | {"name": "=HYPERLINK(1)", "phone": "@SUM(1)"} for line in records.lines["party"]]
    lines = {**records.lines, "party": [json.dumps(each) for each in people]}
    written = papers(replace(records, lines=lines), claims(records), old.house.today)
    for name in ("people.csv", "lenders.csv"):
        assert b",'=HYPERLINK" in written[name] and b",=" not in written[name] and b",@" not in written[name]


def test_a_manifest_that_another_log_knows_is_another_banks(old: Old, shelf: Shelf) -> None:
    """A forger signs a manifest of the own making with a log of the own making: it is whole, and not the bank's."""
    with empty(shelf, old.house.today) as forger:
        forger.kernel.ports = forger.kernel.ports.with_peer("signer", "log", Inside(seed=b"f" * 32))
        allowed = agreed(forger.kernel, allow_export, AllowExport(WHY))
        manifest = manifest_bytes(replace(old.export.manifest, software="forged"))
        seal = forger.run(seal_export, sealing(forger, allowed["id"], manifest)).seal
    forged = {MANIFEST: manifest, LEAF: seal.leaf.encode(), PROOF: seal.proof.encode(), KEY: seal.key.encode()}
    assert findings(opened(old.files | forged)) == []
    with pytest.raises(Refusal) as caught:
        opened(old.files | forged, old.export.seal.key)
    assert code(caught) == "wind_down.another_bank"


def test_what_does_not_agree_is_named(old: Old) -> None:
    """Rows that a bank would have found by itself: each is found without one."""
    records = old.export.records
    obligations = [json.loads(line) for line in records.lines["loan_obligation"]]
    row = next(each for each in obligations if each["component"] == "principal" and each["open"])
    row["paid_minor"], row["left_minor"] = row["paid_minor"] + 1, row["left_minor"] - 1
    notes = [json.loads(line) for line in records.lines["funding_lender_note"]]
    notes[0]["principal_minor"] += 1
    for table, rows, says in (
        ("loan_obligation", obligations, "and its events say"),
        ("funding_lender_note", notes, "lenders' notes of"),
        ("journal", [json.loads(line) for line in records.lines["journal"][1:]], "and its entries come to"),
        ("market_claim", [], ""),
    ):
        lines = {**records.lines, table: [json.dumps(each) for each in rows]}
        found, _, _ = disagreements(old.export.manifest, replace(records, lines=lines))
        assert any(says in str(each) for each in found) if says else not found, table


def resealed(old: Old, **changes: Any) -> Export:
    """An export whose manifest says something else, known to the bank's own log."""
    bank = old.house.bank
    allowed = agreed(bank.kernel, allow_export, AllowExport(WHY))
    manifest = manifest_bytes(replace(old.export.manifest, **changes))
    seal = bank.run(seal_export, sealing(bank, allowed["id"], manifest)).seal
    return opened(old.files | {MANIFEST: manifest, LEAF: seal.leaf.encode(), PROOF: seal.proof.encode()})


def refused(bank: Bank, export: Export, **changes: Any) -> str:
    """The code by which a take-over is refused that two persons want."""
    with pytest.raises(Refusal) as caught:
        begin(bank, export, **changes)
    return code(caught)


@pytest.mark.long
def test_it_is_taken_over_by_an_empty_bank_under_the_same_terms_alone(old: Old, shelf: Shelf) -> None:
    export, on = old.export, old.house.today
    wanted = request(export, WHY)
    assert refused(old.house.bank, export) == "wind_down.not_empty"
    with empty(shelf, on - timedelta(days=1)) as bank:
        assert refused(bank, export) == "wind_down.early"
    with empty(shelf, on, "sandbox") as bank:
        assert refused(bank, export) == "wind_down.other_terms"
    with empty(shelf, on) as bank:
        for changes in ({"home": "EUR"}, {"schema": "0001"}):
            assert refused(bank, resealed(old, **changes)) == "wind_down.other_terms"
        assert refused(bank, export, client_money=wanted.client_money + yuan("0.01")) == "wind_down.damaged"
        assert refused(bank, export, log_key=wanted.log_key.replace("evidence", "another")) == "wind_down.unsealed"
        assert refused(bank, replace(export, manifest_bytes=export.manifest_bytes + b" ")) == "wind_down.unsealed"
        assert isinstance(bank.run(take_over, wanted), Pending)
        known = register_person(bank, 9)
        assert refused(bank, export) == "wind_down.not_empty"
        bank.run(payments.open_wallet, OpenWallet(known.id))
        there = {"loans": 0, "wallets": 1, "deposits": 0, "listings": 0, "lenders": 0, "customers": 1}
        assert bank.read(store.there) == there


def test_killed_half_way_it_goes_on_to_the_same(old: Old, shelf: Shelf) -> None:
    """Parts in two goes, some of them twice; what was not agreed to is no part; done, it is done."""
    export = old.export
    with empty(shelf, old.house.today) as bank:
        takeover = begin(bank, export)
        first = steps(export.manifest)[0][0]
        half = len(steps(export.manifest)) // 2
        bring(bank, takeover, export, half)
        for finish, refusal in (
            ((finish_take_over, FinishTakeOver(takeover)), "wind_down.unfinished"),
            ((finish_take_over, FinishTakeOver("takeover_0")), "wind_down.unknown"),
            ((bring_part, BringPart("takeover_0", first, coded(export.files[first]))), "wind_down.unknown"),
            ((bring_part, BringPart(takeover, first, coded(export.files[first] + b"{}\n"))), "wind_down.damaged"),
            ((bring_part, BringPart(takeover, "papers/claims.csv", "")), "wind_down.damaged"),
        ):
            assert House.of(bank, old.house.party).refused(*finish) == refusal
        assert refused(bank, export) == "wind_down.under_way"
        bring(bank, takeover, export)
        assert bank.run(bring_part, BringPart(takeover, first, coded(export.files[first]))).new == 0
        done = bank.run(finish_take_over, FinishTakeOver(takeover))
        assert done.state == "done" == bank.run(finish_take_over, FinishTakeOver(takeover)).state
        assert refused(bank, export) == "wind_down.taken_over"
        same(told(old.house.bank), told(bank))
        assert verified(bank) == []


def test_parts_come_in_their_turn_and_as_they_are(old: Old, shelf: Shelf) -> None:
    """One officer alone may bring parts: neither the order nor what is no base 64 makes anything else of them."""
    export = old.export
    wanted = steps(export.manifest)
    with empty(shelf, old.house.today) as bank:
        takeover = str(agreed(bank.kernel, take_over, request(export, WHY))["id"])
        shown = presented(export, takeover)
        of = House.of(bank, old.house.party)
        for changes, refusal in (
            ({"manifest": "?"}, "wind_down.damaged"), ({"manifest": ""}, "wind_down.damaged"),
            ({"leaf": "abc"}, "wind_down.damaged"), ({"proof": "/w=="}, "wind_down.unsealed"),
        ):  # fmt: skip
            assert of.refused(present_manifest, replace(shown, **changes)) == refusal
        bank.run(present_manifest, shown)
        assert of.refused(bring_part, BringPart(takeover, wanted[0][0], "abc")) == "wind_down.damaged"
        for name, settling in wanted[1:]:
            early = BringPart(takeover, name, coded(export.files[name]), settling)
            assert of.refused(bring_part, early) == "wind_down.unfinished"


def test_whoever_signed_up_meanwhile_is_nobody_else(old: Old, shelf: Shelf) -> None:
    """A person whom the bank knows by now has an id here: the loans would be of somebody else of the same number."""
    row = json.loads(old.export.records.lines["party"][0])
    with empty(shelf, old.house.today) as bank:
        takeover = begin(bank, old.export)
        bank.run(parties.register, Register(row["name"], row["number"], row["phone"]))
        with pytest.raises(Refusal, match=row["number"]) as caught:
            bring(bank, takeover, old.export)
        assert code(caught) == "wind_down.known_otherwise"


def test_what_was_taken_over_can_be_handed_on(old: Old, shelf: Shelf) -> None:
    """The servicer exports what it took over: the same claims."""
    with empty(shelf, old.house.today) as bank:
        taken_over(bank, old.files)
        again = opened(exported(bank))
        assert findings(again) == []
        assert again.manifest.sums == old.export.manifest.sums
        for name, content in old.files.items():
            if name.startswith(("papers/", "contracts/")):
                assert again.files[name] == content, name


def test_a_batch_that_is_not_done_lets_nobody_export(database_url: str) -> None:
    house = House(database_url, lived=living)
    market = Going(house, house.made)
    market.do("seek", 2)
    market.do("open", 0)
    with pytest.raises(Refusal) as caught:
        house.bank.read(export_service.write, snapshot=True)
    assert code(caught) == "wind_down.clearing"


STAYS = {
    "funding_login", "funding_paper",
    "funding_statement", "funding_partner_file", "funding_reconciliation", "funding_break",
    "credit_dispute", "credit_import", "credit_import_report", "credit_inquiry", "credit_model", "credit_model_score",
    "credit_model_turn", "credit_review",
    "credit_transaction",
}  # fmt: skip
"""What of loans, of who funds them, of the marketplace and of credit is not carried; the guide says so."""


def test_every_table_of_claims_is_carried_or_stays() -> None:
    told = {"loan", "funding", "market", "credit", "party", "contract", "packet"}
    there = {name for name in (*DISTRIBUTED_BY, *REFERENCE) if name.split("_")[0] in told}
    assert there - {each.name for each in TABLES} == STAYS


BEHIND = {
    "deposits and shares of funds": "deposit deposit_event fund fund_asset fund_holding fund_index fund_order maturity_rung "
    "passbook_print savings_control savings_flow savings_group savings_pledge sweep internal_rate rate_edition",
    "passwords": "login login_code login_device login_look passkey challenge recovery recovery_code session shown_code "
    "api_key proof phone_change",
    "staff": "approval attendance drawer drawer_line handover staff_alone staff_number staff_person till",
    "papers": "rail_break rail_cut rail_day rail_fact rail_file rail_payment rail_place rail_suspense rail_total",
    "receivables": "supply_credit supply_debtor supply_event supply_invoice supply_piece supply_receivable "
    "supply_transfer",
    "projects": "crowd_project crowd_milestone crowd_gift crowd_vote crowd_word",
    "powers": "power power_act joint_act acted_entry",
    "consents": "outside_flow outside_login pull_consent pull_giver pull_key pull_page relying_party sharing_access "
    "sharing_consent sharing_request sharing_token telling telling_consent telling_grant telling_key telling_subject",
    "voice": "voice_case voice_said voice_about voice_redress voice_model voice_topic voice_sorted voice_alarm",
    "agreements": "agreement agreement_party prepared_signature",
    "the ledger, which is carried as entries and opened anew": "account account_group entry posting hold hold_leg "
    "hold_reference guard guard_figure home_account home_choice home_row",
    "payments and those who take them, none of which is a loan": "agent agent_act agent_code agent_contract agent_count "
    "agent_device agent_queued bill_split binding binding_holder collect_code debit_mandate delayed_payment dispute "
    "dispute_said fraud_hit fraud_report frozen_part held_payment mandate_debit merchant merchant_cashier merchant_contract "
    "merchant_payment merchant_refund merchant_settlement merchant_till order_file order_line order_taken paid_pair pay_code "
    "pay_request payee payment_pair request_block standing_order standing_payment",
    "the bank's own workings": "bank_clock erasure errand idempotency incident keyring level_in_force liability_day "
    "liability_look liability_piece liability_tree signing_key "
    "signing_revocation throttle webhook webhook_delivery wind_down wind_down_part",
    "a node of an exchange, and what it was told: a new lender joins it anew": "exchange_account exchange_cycle "
    "exchange_cycle_part exchange_cycle_row exchange_identity_event exchange_identity_link "
    "exchange_member exchange_member_key exchange_message exchange_public_record exchange_subject exchange_tradeline "
    "exchange_tradeline_month furnishing_cycle furnishing_row furnishing_warning",
    "what persons signed, asked and disputed at a credit-information node": "exchange_consent exchange_consent_event "
    "exchange_dispute exchange_erasure exchange_inquiry exchange_law exchange_notice exchange_person exchange_person_key "
    "exchange_statement",
    "the log, of which leaves about loans are carried": "evidence_checkpoint evidence_cosignature evidence_head evidence_key "
    "evidence_leaf evidence_log_key evidence_node evidence_pending evidence_personal evidence_position",
}
"""Which tables stay behind, by what of the manifest says so, or why nothing needs to."""


def test_every_other_table_is_left_out_by_name_or_for_a_reason() -> None:
    behind = [name for names in BEHIND.values() for name in names.split()]
    assert len(behind) == len(set(behind))
    assert {*DISTRIBUTED_BY, *REFERENCE} - {each.name for each in TABLES} - STAYS == set(behind)
    assert [key for key in BEHIND if " " not in key and key not in LEFT_OUT] == []
