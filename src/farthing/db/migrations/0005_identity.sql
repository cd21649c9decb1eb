-- Identity: who may act. Passwords as argon2id hashes, tokens as SHA-256. Times here are the wall's, not the bank's.

CREATE TABLE login (
    id             text PRIMARY KEY,    -- the login name: a phone, or a short name of staff
    actor_id       text NOT NULL,
    role           text NOT NULL,
    party_id       text,                -- party.id of a customer
    password_hash  text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    created_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL,
    disabled_at    timestamptz,
    CHECK ((role = 'customer') = (party_id IS NOT NULL))
);
CREATE INDEX login_actor ON login (actor_id);

-- Wrong passwords in a row, for any name that was tried, so that an unknown name behaves like a known one.
CREATE TABLE login_failure (
    id            text PRIMARY KEY,     -- the name that was tried
    failures      integer NOT NULL CHECK (failures >= 0),
    locked_until  timestamptz,
    tried_at      timestamptz NOT NULL
);

CREATE TABLE session (
    id          bytea PRIMARY KEY CHECK (length(id) = 32),  -- SHA-256 of the token
    login_id    text NOT NULL,          -- login.id
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    ended_at    timestamptz
);
CREATE INDEX session_login ON session (login_id) WHERE ended_at IS NULL;

CREATE TABLE api_key (
    id          text PRIMARY KEY CHECK (id LIKE 'key\_%'),
    label       text NOT NULL,
    actor_id    text NOT NULL,
    role        text NOT NULL,
    party_id    text,
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    secret_sha256  bytea NOT NULL CHECK (length(secret_sha256) = 32)
);
CREATE INDEX api_key_actor ON api_key (actor_id) WHERE revoked_at IS NULL;

GRANT SELECT, INSERT ON login, login_failure, session, api_key TO farthing_app;
GRANT UPDATE (password_hash, changed_at, disabled_at) ON login TO farthing_app;
GRANT UPDATE (failures, locked_until, tried_at) ON login_failure TO farthing_app;
GRANT UPDATE (seen_at, ended_at) ON session TO farthing_app;
GRANT UPDATE (revoked_at) ON api_key TO farthing_app;
