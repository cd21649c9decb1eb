-- parties, sharing: institutions that read accounts of people who let them, and what each read when.

ALTER TABLE relying_party ADD COLUMN reads text[] NOT NULL DEFAULT '{}', ADD COLUMN notices_to text NOT NULL DEFAULT '';

CREATE TABLE sharing_request (          -- pushed by an institution, decided by a person, redeemed by the institution; then forgotten
    id text PRIMARY KEY,
    relying_party_id text NOT NULL,
    uri_hash bytea NOT NULL,
    redirect_uri text NOT NULL,
    state text NOT NULL,
    code_challenge text NOT NULL,
    jkt text,                           -- the key that its code is bound to
    details jsonb NOT NULL,
    issuer text NOT NULL,
    pushed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    decided_at timestamptz,
    consent_id text,
    code_hash bytea,
    code_expires_at timestamptz,
    spent_at timestamptz,
    CHECK ((code_hash IS NULL) = (consent_id IS NULL) AND (code_hash IS NULL) = (code_expires_at IS NULL))
);
CREATE INDEX sharing_request_expires ON sharing_request (expires_at);

CREATE TABLE sharing_consent (          -- never changed but to end it
    id text PRIMARY KEY,
    party_id text NOT NULL,
    relying_party_id text NOT NULL,
    actor_id text NOT NULL,
    details jsonb NOT NULL,
    issuer text NOT NULL,              -- what the bank called itself
    accounts text[] NOT NULL,
    notice text NOT NULL,               -- version and language of what the person read
    given_at timestamptz NOT NULL,
    given_on date NOT NULL,
    ended_at timestamptz,
    ended_why text,
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX sharing_consent_party ON sharing_consent (party_id, given_at DESC);

CREATE TABLE sharing_token (            -- hashes alone
    id text PRIMARY KEY,
    consent_id text NOT NULL,
    relying_party_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
    hash bytea NOT NULL,
    jkt text,
    made_at timestamptz NOT NULL,
    expires_at timestamptz,
    ended_at timestamptz,
    CHECK ((kind = 'access') = (expires_at IS NOT NULL) AND (kind = 'access') = (jkt IS NOT NULL))
);
CREATE INDEX sharing_token_consent ON sharing_token (consent_id);
CREATE INDEX sharing_token_expires ON sharing_token (expires_at);

CREATE TABLE sharing_access (           -- who read what when, never what was read
    id text PRIMARY KEY,
    consent_id text NOT NULL,
    party_id text NOT NULL,
    relying_party_id text NOT NULL,
    kind text NOT NULL,
    accounts text[] NOT NULL,
    rows integer NOT NULL,
    from_on date,
    to_on date,
    at timestamptz NOT NULL
);
CREATE INDEX sharing_access_party ON sharing_access (party_id, at DESC);

GRANT SELECT, INSERT, UPDATE ON sharing_consent TO farthing_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sharing_request, sharing_token TO farthing_app;
GRANT SELECT, INSERT ON sharing_access TO farthing_app;
