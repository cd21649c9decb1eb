-- funding: loans that wait for lenders, who gives which part of them, and the batches in which the marketplace clears.

CREATE TABLE market_listing (
    id text PRIMARY KEY,                -- derived from the loan: one a loan
    loan_id text NOT NULL,              -- loan
    party_id text NOT NULL,             -- party who borrows
    product text NOT NULL,
    purpose text NOT NULL,
    region text NOT NULL,
    months integer NOT NULL CHECK (months > 0),
    currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0 AND amount_minor <= principal_minor),
    note_minor bigint NOT NULL CHECK (note_minor > 0),
    kept_minor bigint NOT NULL CHECK (kept_minor >= 0 AND kept_minor <= amount_minor),
    kept_until date NOT NULL,
    per_lender_minor bigint NOT NULL CHECK (per_lender_minor >= note_minor),
    least_minor bigint NOT NULL CHECK (least_minor >= 0 AND least_minor <= amount_minor),
    worth jsonb NOT NULL,               -- as it was valued
    reflection_days integer NOT NULL CHECK (reflection_days >= 0),
    listed_on date NOT NULL,
    closes_on date NOT NULL CHECK (closes_on >= listed_on),
    state text NOT NULL,                -- open, full, placed, failed, withdrawn
    filled_minor bigint NOT NULL DEFAULT 0 CHECK (filled_minor >= 0),
    picked_minor bigint NOT NULL DEFAULT 0 CHECK (picked_minor >= 0 AND picked_minor <= kept_minor),
    in_batch_minor bigint NOT NULL DEFAULT 0 CHECK (in_batch_minor >= 0),
    repaid_minor bigint NOT NULL DEFAULT 0 CHECK (repaid_minor >= 0 AND repaid_minor <= filled_minor),
    ready_on date,
    CHECK (filled_minor + in_batch_minor <= amount_minor)
);
CREATE INDEX market_listing_state ON market_listing (state, closes_on);
CREATE INDEX market_listing_party ON market_listing (party_id);

-- A part of a listing that a lender gives, by hand (no batch) or by a mandate.
CREATE TABLE market_fill (
    listing_id text NOT NULL,           -- market_listing
    id text NOT NULL,
    party_id text NOT NULL,             -- party who lends
    batch_id text NOT NULL,             -- market_batch, or nothing
    mandate_id text NOT NULL,           -- market_mandate, or nothing
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    filled_on date NOT NULL,
    filled_at timestamptz NOT NULL,
    returned_on date,
    PRIMARY KEY (listing_id, id)
);
CREATE INDEX market_fill_party ON market_fill (party_id, id);
CREATE INDEX market_fill_id ON market_fill (id);
CREATE INDEX market_fill_batch ON market_fill (batch_id) WHERE batch_id <> '';

CREATE TABLE market_batch (
    id text PRIMARY KEY,                -- derived from its slot
    slot text NOT NULL,
    rule text NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_on date NOT NULL,
    state text NOT NULL,                -- opened, done
    currency text NOT NULL,
    listings integer NOT NULL,
    mandates integer NOT NULL,
    asked_minor bigint NOT NULL,
    offered_minor bigint NOT NULL,
    digest text NOT NULL,
    document text NOT NULL,             -- what is published
    funded_minor bigint,
    fills_digest text NOT NULL DEFAULT '',
    gini numeric,
    lowest numeric,
    median numeric,
    highest numeric,
    envied integer,
    done_at timestamptz
);
CREATE INDEX market_batch_unfinished ON market_batch (id) WHERE state = 'opened';
CREATE INDEX market_batch_opened ON market_batch (opened_at, id);

-- What mandates offer in a batch: held in the wallet until it is placed or free again.
CREATE TABLE market_offered (
    batch_id text NOT NULL,             -- market_batch
    name text NOT NULL,                 -- of the mandate in the document
    mandate_id text NOT NULL,           -- market_mandate
    party_id text NOT NULL,             -- party
    offered_minor bigint NOT NULL CHECK (offered_minor > 0),
    placed_minor bigint CHECK (placed_minor >= 0 AND placed_minor <= offered_minor),   -- null while it is held
    PRIMARY KEY (batch_id, name)
);
CREATE INDEX market_offered_mandate ON market_offered (mandate_id, batch_id);
CREATE INDEX market_offered_held ON market_offered (batch_id, name) WHERE placed_minor IS NULL;

GRANT SELECT, INSERT, UPDATE ON market_listing, market_fill, market_batch, market_offered TO farthing_app;
