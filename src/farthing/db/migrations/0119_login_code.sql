-- identity: codes of an app beside the password, and recovery codes.

CREATE TABLE login_code (
    id text PRIMARY KEY,                -- actor
    seed bytea NOT NULL,                -- sealed by the vault
    made_at timestamptz NOT NULL,
    kept_at timestamptz,                -- once a code has shown that the app has the seed
    last_step bigint NOT NULL           -- a code is good once
);

CREATE TABLE recovery_code (
    id bytea PRIMARY KEY,               -- hash of actor and code
    actor_id text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX recovery_code_actor ON recovery_code (actor_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON login_code, recovery_code TO farthing_app;
