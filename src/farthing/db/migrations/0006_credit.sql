-- credit: consents, imported payment history, bureau inquiries, decisions with all they rest on, disputes.

CREATE TABLE credit_consent (
    id text PRIMARY KEY,
    party_id text NOT NULL,             -- party
    purpose text NOT NULL,
    kinds text[] NOT NULL CHECK (cardinality(kinds) > 0),
    given_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX credit_consent_party ON credit_consent (party_id, given_at);

CREATE TABLE credit_import (
    id text PRIMARY KEY,                -- derived from party and file: the same file is one import
    party_id text NOT NULL,
    provider text NOT NULL,
    file_sha256 text NOT NULL CHECK (length(file_sha256) = 64),
    holder_check text NOT NULL,
    rows integer NOT NULL,
    added integer NOT NULL,
    first_on date,
    last_on date,
    since_on date,                      -- the period the bill says it covers
    until_on date,
    parser_version text NOT NULL,
    imported_at timestamptz NOT NULL
);
CREATE INDEX credit_import_party ON credit_import (party_id, imported_at);

-- One row of a bill, as read. id: party and the digest of the payment's natural key, so nothing is counted twice.
CREATE TABLE credit_transaction (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    import_id text NOT NULL,
    occurred_at timestamp NOT NULL,     -- China time, as the bill prints it
    fields jsonb NOT NULL
);
CREATE INDEX credit_transaction_party ON credit_transaction (party_id, occurred_at);

CREATE TABLE credit_inquiry (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    consent_id text NOT NULL,
    bureau text NOT NULL,
    purpose text NOT NULL,
    asked_at timestamptz NOT NULL,
    report jsonb NOT NULL
);
CREATE INDEX credit_inquiry_party ON credit_inquiry (party_id, asked_at);

CREATE TABLE credit_scorecard (
    id text PRIMARY KEY,                -- SHA-256 of the text
    name text NOT NULL,
    version text NOT NULL,
    source text NOT NULL,
    loaded_at timestamptz NOT NULL
);

CREATE TABLE credit_decision (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    decided_at timestamptz NOT NULL,
    decision jsonb NOT NULL,
    inputs jsonb NOT NULL
);
CREATE INDEX credit_decision_party ON credit_decision (party_id, decided_at);

CREATE TABLE credit_dispute (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    datum text NOT NULL,
    statement text NOT NULL,
    opened_on date NOT NULL,
    answer_by date NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'corrected', 'confirmed'))
);
CREATE INDEX credit_dispute_party ON credit_dispute (party_id);

GRANT SELECT, INSERT ON credit_import, credit_transaction, credit_inquiry, credit_scorecard, credit_decision
    TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON credit_consent, credit_dispute TO farthing_app;
