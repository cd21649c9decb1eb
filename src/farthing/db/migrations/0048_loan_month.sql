-- lending: what prudence said of every loan at the end of each month, what officers said of a class, what was provided.

CREATE TABLE loan_month (
    loan_id text NOT NULL,              -- loan
    month date NOT NULL,                -- its last day
    party_id text NOT NULL,             -- party
    product text NOT NULL,
    currency text NOT NULL,
    annual numeric NOT NULL,            -- the loan's rate, by which what is recovered is discounted
    disbursed_on date NOT NULL,
    outstanding_minor bigint NOT NULL,
    own_minor bigint NOT NULL CHECK (own_minor BETWEEN 0 AND outstanding_minor),
    days_past_due integer NOT NULL CHECK (days_past_due >= 0),
    bucket integer NOT NULL CHECK (bucket >= 0),
    was_bucket integer,                 -- at the end of the month before; none where it was not being repaid then
    class integer NOT NULL CHECK (class BETWEEN 0 AND 4),
    stage integer NOT NULL CHECK (stage BETWEEN 1 AND 3),
    clean_months integer NOT NULL CHECK (clean_months >= 0),
    non_accrual boolean NOT NULL,
    ruled_class integer,                -- what an officer had said of its class, and whether two had
    ruled_by_two boolean,
    expected_minor bigint NOT NULL CHECK (expected_minor BETWEEN 0 AND own_minor),
    PRIMARY KEY (loan_id, month)
);
CREATE INDEX loan_month_party ON loan_month (month, party_id);
-- Defaults are few, and what is recovered of them is asked at each close.
CREATE INDEX loan_month_default ON loan_month (month) WHERE stage = 3;

CREATE TABLE loan_ruling (
    loan_id text PRIMARY KEY,           -- loan
    class integer NOT NULL CHECK (class BETWEEN 0 AND 4),
    by_two boolean NOT NULL,
    reason text NOT NULL,
    ruled_by text NOT NULL,
    ruled_on date NOT NULL
);

CREATE TABLE loan_provision (
    id text PRIMARY KEY,                -- month:product:class:currency
    month date NOT NULL,
    product text NOT NULL,              -- empty for the regulator's reserve
    class text NOT NULL,
    currency text NOT NULL,
    policy_version text NOT NULL,
    loans integer NOT NULL,
    own_minor bigint NOT NULL,
    expected_minor bigint NOT NULL,
    allowance_minor bigint NOT NULL CHECK (allowance_minor >= 0),
    standing_minor bigint NOT NULL      -- what stood before
);
CREATE INDEX loan_provision_month ON loan_provision (month);

GRANT SELECT, INSERT ON loan_month, loan_provision TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON loan_ruling TO farthing_app;
