-- sharing: institutions at which a person lets us read, what she lets us read there, and what was fetched.

CREATE TABLE pull_key (                 -- what proves this bank elsewhere, sealed by the vault
    id text PRIMARY KEY,
    key bytea NOT NULL,
    public_key jsonb NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE pull_giver (               -- set up by two of the staff
    id text PRIMARY KEY,
    name text NOT NULL,
    name_zh text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    back text NOT NULL,                 -- our own address that answers go to, as it is registered there
    made_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE TABLE pull_consent (             -- keys, verifier, code and token sealed by the vault; forgotten when it ends
    id text PRIMARY KEY,
    party_id text NOT NULL,
    giver_id text NOT NULL,
    from_on date NOT NULL,
    until date NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'came', 'running', 'ended')),
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,    -- until when the person is waited for
    state_hash bytea NOT NULL,
    bound_key bytea,
    verifier bytea,
    address text,
    code bytea,
    refresh bytea,
    holder text NOT NULL CHECK (holder IN ('unknown', 'same', 'other', 'unnamed')),
    due_on date,
    pulled_on date,
    ended_at timestamptz,
    ended_why text,
    CHECK ((state = 'ended') = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_why IS NULL)),
    CHECK (state <> 'running' OR (refresh IS NOT NULL AND bound_key IS NOT NULL AND due_on IS NOT NULL))
);
CREATE INDEX pull_consent_party ON pull_consent (party_id, asked_at DESC);
CREATE INDEX pull_consent_due ON pull_consent (due_on) WHERE state = 'running';

CREATE TABLE pull_page (                -- what was fetched when, never what it said
    id text PRIMARY KEY,
    consent_id text NOT NULL,
    party_id text NOT NULL,
    at timestamptz NOT NULL,
    rows integer NOT NULL,
    added integer NOT NULL,
    problem text NOT NULL
);
CREATE INDEX pull_page_party ON pull_page (party_id, at DESC);

GRANT SELECT, INSERT ON pull_key, pull_page TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON pull_giver, pull_consent TO farthing_app;
