-- identity: passkeys, and the challenges that they answer; how a session began.

CREATE TABLE passkey (
    id text PRIMARY KEY,                -- derived from the credential's own id
    actor_id text NOT NULL,
    party_id text,
    name text NOT NULL,
    credential bytea NOT NULL,          -- attested credential data: model, id, public key (WebAuthn, section 6.5.2)
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    made_at timestamptz NOT NULL,
    used_at timestamptz,
    ended_at timestamptz,
    why text CHECK (why IN ('removed', 'cloned', 'lost')),
    CHECK ((ended_at IS NULL) = (why IS NULL))
);
CREATE INDEX passkey_actor ON passkey (actor_id);
CREATE INDEX passkey_party ON passkey (party_id) WHERE party_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX passkey_cloned ON passkey (ended_at) WHERE why = 'cloned';

CREATE TABLE challenge (
    id text PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('add', 'sign_in', 'confirm')),
    actor_id text,                      -- nobody yet, of whoever signs in
    about text NOT NULL,                -- what a passkey that is added will be called
    nonce bytea NOT NULL,
    challenge bytea NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    assertion jsonb,
    proved_at timestamptz,
    spent_at timestamptz,
    CHECK ((assertion IS NULL) = (proved_at IS NULL))
);
CREATE INDEX challenge_expires ON challenge (expires_at);

ALTER TABLE session ADD COLUMN proved_by text NOT NULL DEFAULT 'password';

GRANT SELECT, INSERT, UPDATE ON passkey TO farthing_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON challenge TO farthing_app;
