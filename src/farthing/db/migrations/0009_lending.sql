-- lending: offers, loans, their instalments and repayments. Money itself is in the ledger only.

CREATE TABLE loan_offer (
    id text PRIMARY KEY,
    party_id text NOT NULL,             -- party
    decision_id text NOT NULL,          -- credit_decision
    purpose text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0 AND fee_minor < amount_minor),
    conditions jsonb NOT NULL,
    schedule jsonb NOT NULL,
    total_interest_minor bigint NOT NULL CHECK (total_interest_minor >= 0),
    annual_percentage_rate numeric NOT NULL,
    made_on date NOT NULL,
    expires_on date NOT NULL,
    CHECK (expires_on >= made_on)
);
CREATE INDEX loan_offer_party ON loan_offer (party_id, id);

CREATE TABLE loan (
    id text PRIMARY KEY,                -- derived from the offer: an offer is accepted once
    party_id text NOT NULL,
    offer_id text NOT NULL,
    decision_id text NOT NULL,
    purpose text NOT NULL,
    currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),
    conditions jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('accepted', 'funded', 'active', 'closed', 'cancelled')),
    holders jsonb NOT NULL,
    contract_id text,                   -- contract
    accepted_at timestamptz NOT NULL,
    accepted_on date NOT NULL,
    disbursed_on date,
    closed_on date,
    CHECK ((state IN ('active', 'closed')) = (disbursed_on IS NOT NULL)),
    CHECK ((state = 'closed') = (closed_on IS NOT NULL))
);
CREATE INDEX loan_party ON loan (party_id, id);

CREATE TABLE loan_instalment (
    loan_id text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    due_on date NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor >= 0),
    interest_minor bigint NOT NULL CHECK (interest_minor >= 0),
    principal_paid_minor bigint NOT NULL DEFAULT 0 CHECK (principal_paid_minor BETWEEN 0 AND principal_minor),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    fee_paid_minor bigint NOT NULL DEFAULT 0 CHECK (fee_paid_minor BETWEEN 0 AND fee_minor),
    interest_paid_minor bigint NOT NULL DEFAULT 0,
    interest_accrued_minor bigint NOT NULL DEFAULT 0,
    interest_waived_minor bigint NOT NULL DEFAULT 0,
    penalty_accrued_minor bigint NOT NULL DEFAULT 0,
    penalty_paid_minor bigint NOT NULL DEFAULT 0 CHECK (penalty_paid_minor BETWEEN 0 AND penalty_accrued_minor),
    penalty_as_of date NOT NULL,
    open boolean NOT NULL DEFAULT true,
    PRIMARY KEY (loan_id, number),
    CHECK (interest_paid_minor >= 0 AND interest_waived_minor >= 0),
    CHECK (interest_paid_minor + interest_waived_minor <= interest_minor),
    CHECK (interest_accrued_minor BETWEEN 0 AND interest_minor)
);
-- The close of a day asks what falls due, never how many loans there are.
CREATE INDEX loan_instalment_due ON loan_instalment (due_on) WHERE open;

CREATE TABLE loan_repayment (
    id text PRIMARY KEY,
    loan_id text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    paid_on date NOT NULL,
    lines jsonb NOT NULL,
    outstanding_minor bigint NOT NULL CHECK (outstanding_minor >= 0),
    loan_state text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX loan_repayment_loan ON loan_repayment (loan_id, recorded_at);

GRANT SELECT, INSERT ON loan_offer, loan_repayment TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON loan, loan_instalment TO farthing_app;
