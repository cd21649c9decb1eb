-- lending.backing: what stands behind a loan besides its borrower.
-- A guarantor: asked, and liable up to an amount once the guarantor said so.
CREATE TABLE loan_guarantee (
    id text PRIMARY KEY,                -- derived from loan and guarantor: one guarantor guarantees a loan once
    loan_id text NOT NULL,              -- loan
    party_id text NOT NULL,             -- party: the guarantor
    currency text NOT NULL,
    most_minor bigint NOT NULL CHECK (most_minor > 0),
    state text NOT NULL CHECK (state IN ('asked', 'given', 'declined', 'released')),
    asked_on date NOT NULL,
    answered_on date,
    ended_on date,
    CHECK (state <> 'given' OR answered_on IS NOT NULL)
);
CREATE INDEX loan_guarantee_loan ON loan_guarantee (loan_id);
CREATE INDEX loan_guarantee_party ON loan_guarantee (party_id);
GRANT SELECT, INSERT, UPDATE ON loan_guarantee TO farthing_app;

-- A deposit that stays where it is until the loan ends or is called; a hold of the ledger keeps the money there.
CREATE TABLE loan_pledge (
    id text PRIMARY KEY,
    loan_id text NOT NULL,              -- loan
    deposit_id text NOT NULL,           -- deposit
    party_id text NOT NULL,             -- party: whose deposit it is
    currency text NOT NULL,
    pledged_minor bigint NOT NULL CHECK (pledged_minor > 0),
    taken_minor bigint NOT NULL CHECK (taken_minor >= 0),
    place text NOT NULL,                -- the account whose money is held now: the deposit's, or the wallet's once it was broken
    calls integer NOT NULL CHECK (calls >= 0),
    state text NOT NULL CHECK (state IN ('held', 'called', 'released')),
    pledged_on date NOT NULL,
    ended_on date,
    CHECK (taken_minor <= pledged_minor)
);
CREATE INDEX loan_pledge_loan ON loan_pledge (loan_id);
CREATE INDEX loan_pledge_place ON loan_pledge (place);
GRANT SELECT, INSERT, UPDATE ON loan_pledge TO farthing_app;

-- A thing that secures a loan, and what it was said to be worth on which days.
CREATE TABLE loan_collateral (
    id text PRIMARY KEY,
    loan_id text NOT NULL,              -- loan
    kind text NOT NULL,
    description text NOT NULL,
    lien integer NOT NULL CHECK (lien > 0),
    currency text NOT NULL,
    before_minor bigint NOT NULL CHECK (before_minor >= 0), -- what others are owed out of it before us
    registered_on date NOT NULL,
    released_on date
);
CREATE INDEX loan_collateral_loan ON loan_collateral (loan_id);
GRANT SELECT, INSERT, UPDATE ON loan_collateral TO farthing_app;

CREATE TABLE loan_valuation (
    collateral_id text NOT NULL,        -- loan_collateral
    number integer NOT NULL CHECK (number > 0),
    valued_on date NOT NULL,
    value_minor bigint NOT NULL CHECK (value_minor > 0),
    valuer text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (collateral_id, number)
);
GRANT SELECT, INSERT ON loan_valuation TO farthing_app;

-- credit.owing: what a party stands for that others owe here.
CREATE TABLE credit_guarantee (
    id text PRIMARY KEY,                -- loan_guarantee
    party_id text NOT NULL,             -- credit_borrower: the guarantor
    commitment_id text NOT NULL,        -- credit_commitment: the loan
    currency text NOT NULL,
    most_minor bigint NOT NULL CHECK (most_minor > 0),
    since_on date NOT NULL,
    ended_on date
);
CREATE INDEX credit_guarantee_party ON credit_guarantee (party_id) WHERE ended_on IS NULL;
CREATE INDEX credit_guarantee_commitment ON credit_guarantee (commitment_id) WHERE ended_on IS NULL;
GRANT SELECT, INSERT, UPDATE ON credit_guarantee TO farthing_app;
