-- parties: partners who ask who somebody is, what a person lets them know, and what they were told when.

CREATE TABLE relying_party (
    id text PRIMARY KEY,                -- its client_id
    name text NOT NULL,
    name_zh text NOT NULL,
    sector text NOT NULL,               -- the host of its addresses: a person has one name within it
    redirect_uris text[] NOT NULL,
    claims text[] NOT NULL,
    authentication text NOT NULL CHECK (authentication IN ('client_secret_basic', 'private_key_jwt')),
    secret_hash bytea,
    keys jsonb NOT NULL,                -- public ones
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    ended_at timestamptz,
    CHECK ((authentication = 'client_secret_basic') = (secret_hash IS NOT NULL))
);

CREATE TABLE telling_consent (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    relying_party_id text NOT NULL,
    claims text[] NOT NULL,
    given_at timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX telling_consent_party ON telling_consent (party_id, given_at DESC);

CREATE TABLE telling_grant (
    id text PRIMARY KEY,
    consent_id text NOT NULL,
    relying_party_id text NOT NULL,
    actor_id text NOT NULL,
    party_id text NOT NULL,
    claims text[] NOT NULL,
    code_hash bytea NOT NULL,
    redirect_uri text NOT NULL,
    nonce text NOT NULL,
    code_challenge text NOT NULL,
    proved_by text NOT NULL,
    proved_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    spent_at timestamptz,
    token_hash bytea,
    token_expires_at timestamptz,
    ended_at timestamptz,
    CHECK ((token_hash IS NULL) = (spent_at IS NULL) AND (token_hash IS NULL) = (token_expires_at IS NULL))
);
CREATE INDEX telling_grant_expires ON telling_grant (expires_at);

CREATE TABLE telling (                  -- which claims were told, never what they said
    id text PRIMARY KEY,
    party_id text NOT NULL,
    relying_party_id text NOT NULL,
    claims text[] NOT NULL,
    told_at timestamptz NOT NULL
);
CREATE INDEX telling_party ON telling (party_id, told_at DESC);

CREATE TABLE telling_subject (          -- by which name the partners of a sector know a person: random, and forgotten with her
    id text PRIMARY KEY,
    party_id text NOT NULL,
    sector text NOT NULL,
    subject text NOT NULL
);
CREATE INDEX telling_subject_party ON telling_subject (party_id);

CREATE TABLE telling_key (
    id text PRIMARY KEY,
    key bytea NOT NULL,                 -- wrapped by the vault
    public_key jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON relying_party, telling_consent, telling_key TO farthing_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON telling_grant, telling_subject TO farthing_app;
GRANT SELECT, INSERT ON telling TO farthing_app;
