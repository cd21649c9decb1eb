"""Own the layout on a distributed engine (Citus): which table lies where, by which column.

One machine needs nothing of this. On a cluster `farthing migrate --distribute` declares the layout once, after the
schema is there; the statements of the program stay the same. Never moves a table that lies somewhere already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from farthing.kit.errors import conflict

CITUS_ABSENT = conflict(
    "db.citus_absent",
    "The database {database} has no citus extension; create it on every node (docs/guides/scale.md), then repeat.",
    "数据库 {database} 未安装 citus 扩展；请先在每个节点上创建该扩展，再重试。",
)

BY_ID = (
    "account", "account_group", "agent", "agent_code", "agreement",
    "api_key", "approval", "attendance", "collect_code", "contract", "credit_borrower", "crowd_project",
    "credit_commitment", "credit_consent", "credit_decision", "credit_dispute", "credit_import", "credit_import_report",
    "credit_guarantee", "credit_inquiry", "credit_model", "credit_review", "credit_scorecard", "credit_transaction", "deposit",
    "entry", "erasure", "errand",
    "evidence_checkpoint", "evidence_cosignature", "evidence_head", "evidence_key", "evidence_leaf", "evidence_log_key",
    "evidence_node", "evidence_pending", "evidence_personal", "evidence_position", "fund", "fund_asset",
    "fund_holding", "fund_index", "fund_order", "funding_inquiry", "funding_login", "funding_partner", "guard_figure", "hold",
    "funding_break", "funding_partner_file", "funding_reconciliation", "funding_statement",
    "hold_reference", "idempotency", "incident", "keyring", "liability_day", "liability_look", "liability_tree",
    "loan", "loan_collateral", "loan_deferral", "loan_group",
    "loan_guarantee", "loan_hardship", "loan_offer", "loan_pledge",
    "loan_provision", "loan_suspension", "login", "maturity_rung",
    "login_device", "login_look", "market_batch", "market_listing", "merchant", "merchant_till", "packet", "packet_taken",
    "party",
    "party_number", "party_verification", "pay_code", "pay_request", "payee", "phone_change", "proof", "passkey", "challenge",
    "prepared_signature",
    "login_code", "recovery", "outside_flow", "outside_login", "recovery_code", "power", "power_act", "acted_entry", "joint_act",
    "rail_payment",
    "rail_break", "rail_cut", "rail_day", "rail_file", "rail_place", "rail_suspense", "rail_total", "request_block",
    "bill_split", "standing_order", "held_payment", "debit_mandate", "order_file", "order_taken", "binding", "binding_holder",
    "delayed_payment", "paid_pair", "fraud_report", "dispute",
    "exchange_subject", "furnishing_cycle", "savings_flow", "savings_group",
    "savings_pledge", "session", "shown_code", "signing_certificate", "signing_key", "signing_revocation", "staff_alone",
    "staff_number", "staff_person", "supply_credit", "supply_debtor", "supply_invoice", "supply_receivable", "supply_transfer",
    "sweep",
    "pull_consent", "pull_giver", "pull_key", "pull_page",
    "relying_party", "sharing_access", "sharing_consent", "sharing_request", "sharing_token", "telling", "telling_consent",
    "telling_grant", "telling_key", "telling_subject",
    "throttle", "voice_alarm", "voice_case", "voice_model", "voice_topic", "wallet", "webhook", "wind_down",
)  # fmt: skip
"""Tables that are distributed by their own ``id``."""

DISTRIBUTED_BY = {
    **dict.fromkeys(BY_ID, "id"),
    "credit_model_turn": "slot",
    "credit_model_score": "decision_id",
    "liability_piece": "tree_id",
    "crowd_milestone": "project_id",
    "crowd_gift": "project_id",
    "crowd_vote": "project_id",
    "crowd_word": "project_id",
    "agreement_party": "contract_id",
    "contract_contest": "contract_id",
    "contract_revision": "contract_id",
    "posting": "account_id",
    "hold_leg": "account_id",
    "loan_plan": "loan_id",
    "loan_event": "loan_id",
    "loan_obligation": "loan_id",
    "loan_month": "loan_id",
    "loan_ruling": "loan_id",
    "loan_flow": "loan_id",
    "loan_contact": "party_id",
    "loan_valuation": "collateral_id",
    "home_account": "party_id",
    "home_row": "party_id",
    "home_choice": "party_id",
    "loan_group_member": "party_id",
    "loan_sheet": "group_id",
    "loan_sheet_line": "group_id",
    "funding_note": "loan_id",
    "funding_part": "loan_id",
    "funding_cover_claim": "loan_id",
    "funding_listed": "loan_id",
    "funding_pledge": "loan_id",
    "funding_edition": "loan_id",
    "funding_lender_note": "loan_id",
    "funding_paper": "loan_id",
    "deposit_event": "deposit_id",
    "passbook_print": "deposit_id",
    "drawer_line": "drawer_id",
    "level_evidence": "party_id",
    "rail_fact": "payment_id",
    "market_claim": "loan_id",
    "agent_contract": "agent_id",
    "agent_act": "agent_id",
    "agent_count": "agent_id",
    "agent_device": "agent_id",
    "agent_queued": "agent_id",
    "merchant_cashier": "merchant_id",
    "merchant_contract": "merchant_id",
    "merchant_payment": "merchant_id",
    "merchant_refund": "merchant_id",
    "merchant_settlement": "merchant_id",
    "standing_payment": "order_id",
    "order_line": "file_id",
    "fraud_hit": "payment_id",
    "payment_pair": "payer",
    "frozen_part": "report_id",
    "dispute_said": "dispute_id",
    "voice_said": "case_id",
    "voice_about": "case_id",
    "voice_redress": "case_id",
    "voice_sorted": "text_id",
    "supply_piece": "receivable_id",
    "supply_event": "receivable_id",
    "mandate_debit": "mandate_id",
    "packet_claim": "packet_id",
    "packet_member": "packet_id",
    "market_fill": "listing_id",
    "market_lender": "party_id",
    "market_offered": "batch_id",
    "market_mandate": "id",
    "webhook_delivery": "webhook_id",
    "market_resale": "listing_id",
    "market_sale": "listing_id",
    "wind_down_part": "wind_down_id",
    "furnishing_row": "loan_id",
    "furnishing_warning": "loan_id",
    "exchange_member_key": "member_id",
    "exchange_message": "member_id",
    "exchange_cycle": "member_id",
    "exchange_cycle_part": "member_id",
    "exchange_cycle_row": "member_id",
    "exchange_account": "member_id",
    "exchange_identity_link": "subject_id",
    "exchange_identity_event": "subject_id",
    "exchange_tradeline": "subject_id",
    "exchange_tradeline_month": "subject_id",
    "exchange_public_record": "subject_id",
    "exchange_person": "subject_id",
    "exchange_person_key": "subject_id",
    "exchange_consent": "subject_id",
    "exchange_consent_event": "subject_id",
    "exchange_inquiry": "subject_id",
    "exchange_erasure": "subject_id",
    "exchange_dispute": "subject_id",
    "exchange_statement": "subject_id",
    "exchange_notice": "member_id",
}
"""By which column each table is distributed. A table stands here or in :data:`REFERENCE`: each is a decision, and a test
fails for a table without one."""

BESIDE = {
    "credit_model_score": "credit_decision",
    "level_evidence": "party",
    "home_row": "home_account",
    "home_choice": "home_account",
    "posting": "account",
    "hold_leg": "account",
    "guard_figure": "account",
    "hold_reference": "entry",
    "contract_contest": "contract",
    "contract_revision": "contract",
    "loan_plan": "loan",
    "loan_event": "loan",
    "loan_obligation": "loan",
    "loan_month": "loan",
    "loan_ruling": "loan",
    "loan_flow": "loan",
    "loan_valuation": "loan_collateral",
    "loan_sheet": "loan_group",
    "loan_sheet_line": "loan_group",
    "funding_note": "loan",
    "funding_part": "loan",
    "funding_cover_claim": "loan",
    "funding_listed": "loan",
    "funding_pledge": "loan",
    "funding_edition": "loan",
    "funding_lender_note": "loan",
    "funding_paper": "loan",
    "market_claim": "loan",
    "agent_contract": "agent",
    "agent_act": "agent",
    "agent_count": "agent",
    "agent_device": "agent",
    "agent_queued": "agent",
    "merchant_cashier": "merchant",
    "merchant_contract": "merchant",
    "merchant_payment": "merchant",
    "merchant_refund": "merchant",
    "merchant_settlement": "merchant",
    "standing_payment": "standing_order",
    "order_line": "order_file",
    "fraud_hit": "held_payment",
    "frozen_part": "fraud_report",
    "dispute_said": "dispute",
    "voice_said": "voice_case",
    "voice_about": "voice_case",
    "voice_redress": "voice_case",
    "supply_piece": "supply_receivable",
    "supply_event": "supply_receivable",
    "mandate_debit": "debit_mandate",
    "packet_taken": "packet",
    "packet_claim": "packet",
    "packet_member": "packet",
    "market_fill": "market_listing",
    "market_offered": "market_batch",
    "market_resale": "market_listing",
    "market_sale": "market_listing",
    "deposit_event": "deposit",
    "passbook_print": "deposit",
    "rail_fact": "rail_payment",
    "webhook_delivery": "webhook",
    "evidence_pending": "evidence_leaf",
    "wind_down_part": "wind_down",
    "furnishing_row": "loan",
    "furnishing_warning": "loan",
    "exchange_cycle_part": "exchange_cycle",
    "exchange_cycle_row": "exchange_cycle",
    "exchange_account": "exchange_cycle",
    "exchange_identity_link": "exchange_subject",
    "exchange_identity_event": "exchange_subject",
    "exchange_tradeline": "exchange_subject",
    "exchange_tradeline_month": "exchange_subject",
    "exchange_public_record": "exchange_subject",
    "exchange_person": "exchange_subject",
    "exchange_person_key": "exchange_subject",
    "exchange_consent": "exchange_subject",
    "exchange_consent_event": "exchange_subject",
    "exchange_inquiry": "exchange_subject",
    "exchange_erasure": "exchange_subject",
    "exchange_dispute": "exchange_subject",
    "exchange_statement": "exchange_subject",
    "exchange_notice": "exchange_cycle",
}
"""Tables whose rows lie on the node of their parent's row (the columns have one type)."""

REFERENCE = (
    "bank_clock", "bank_holiday", "drawer", "exchange_law", "exchange_member", "guard", "handover", "internal_rate",
    "level_in_force", "level_rule", "product", "product_version", "rate_edition",
    "funding_programme", "reference_rate", "savings_control", "till",
)  # fmt: skip
"""Small tables that many read and few write: a copy on every node."""

LOCAL = "procrastinate%"
"""The job queue is its library's own: it uses sequences and triggers, and stays on the coordinator."""

_HAS_CITUS = "SELECT current_database(), EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')"
_TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
    AND c.relname NOT LIKE %(local)s
ORDER BY c.relname
"""
_PLACED = "SELECT relname FROM pg_dist_partition JOIN pg_class ON pg_class.oid = logicalrelid"
_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p
WHERE p.pronamespace = 'public'::regnamespace AND (p.proname LIKE 'ledger\\_%%\\_seal' OR p.proname = 'ledger_counts_towards')
ORDER BY 1
"""


_DOORS = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1
"""
_INNER = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p
WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'ledger\\_%'
    AND NOT has_function_privilege('farthing_app', p.oid, 'EXECUTE')
ORDER BY 1
"""
_CLOSED = """
SELECT c.oid::regclass::text FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
    AND NOT has_table_privilege('farthing_app', c.oid, 'INSERT') AND c.relname NOT LIKE %(local)s
ORDER BY 1
"""
_FORGETS = ("hold_leg", "guard_figure", "entry", "account_group")
"""Tables from which the doors take rows away: what a hold held, a figure that is no longer watched, moves of
a group that one row stands for, and, of entries, the row that stands for a hold's reference until the transaction has
taken it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One declaration: ``column`` is what the table is distributed by, none for a copy on every node."""

    table: str
    column: str | None
    beside: str | None = None


def layout(tables: list[str]) -> list[Placed]:
    """Where each table goes, parents first, so that others can lie beside them."""
    placed = [
        Placed(table, None) if table in REFERENCE else Placed(table, DISTRIBUTED_BY[table], BESIDE.get(table))
        for table in tables
    ]
    return sorted(placed, key=lambda one: (one.column is not None, one.beside is not None, one.table))


def one_role(connection: psycopg.Connection[Any]) -> None:
    """Let a whole transaction be the application's role: the doors write as who calls them, and it may write what they do.

    A cluster refuses a transaction that writes as the owner and reads as another, and locks the copies of a table for an
    insert that may meet a row only for who may update it. The price: there the role alone no longer guards the books; the
    doors' own checks, the seals, ``farthing verify`` and the log do.
    """
    for (door,) in connection.execute(_DOORS).fetchall():
        connection.execute(sql.SQL("ALTER FUNCTION {} SECURITY INVOKER").format(sql.SQL(door)))
    for (inner,) in connection.execute(_INNER).fetchall():
        connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO farthing_app").format(sql.SQL(inner)))
    for (table,) in connection.execute(_CLOSED, {"local": LOCAL}).fetchall():
        connection.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE ON {} TO farthing_app").format(sql.SQL(table)))
    for table in REFERENCE:
        connection.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE ON {} TO farthing_app").format(sql.Identifier(table)))
    for table in _FORGETS:
        connection.execute(sql.SQL("GRANT DELETE ON {} TO farthing_app").format(sql.Identifier(table)))


def distribute(url: str) -> list[Placed]:
    """Declare the layout on a migrated database; answers what was declared now. Idempotent.

    Refuses ``db.citus_absent``. Runs as the database's owner; tables with rows in them are moved, which locks them.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(_HAS_CITUS).fetchone()
        if found is None or not found[1]:
            raise CITUS_ABSENT(database=found[0] if found else "?")
        tables = [name for (name,) in connection.execute(_TABLES, {"local": LOCAL})]
        there = {name for (name,) in connection.execute(_PLACED)}
        declared = [one for one in layout(tables) if one.table not in there]
        for one in declared:
            if one.column is None:
                connection.execute("SELECT create_reference_table(%s)", (one.table,))
            else:
                connection.execute(
                    "SELECT create_distributed_table(%s, %s, colocate_with => %s)",
                    (one.table, one.column, one.beside or "default"),
                )
        for (function,) in connection.execute(_FUNCTIONS).fetchall():
            connection.execute("SELECT create_distributed_function(%s)", (function,))
        one_role(connection)
    return declared
