-- kernel: the bank's clock, idempotency keys, four-eyes drafts, and the application's role.

DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'farthing_app') THEN
        CREATE ROLE farthing_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO farthing_app;

CREATE TABLE bank_clock (
    id smallint PRIMARY KEY CHECK (id = 1),
    mode text NOT NULL CHECK (mode IN ('real', 'simulated')),
    time_zone text NOT NULL,
    business_date date NOT NULL,
    anchor_at timestamptz NOT NULL,
    anchor_wall_at timestamptz NOT NULL
);

-- One answered request: the same key from the same actor answers the same; another body is refused.
CREATE TABLE idempotency (
    id uuid PRIMARY KEY,                -- derived from actor and key
    operation text NOT NULL,
    request_digest bytea NOT NULL,
    answer jsonb,                       -- {"result": ...} or {"refusal": {code, facts}}
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- A command that waits for a second person.
CREATE TABLE approval (
    id uuid PRIMARY KEY,
    operation text NOT NULL,
    command jsonb NOT NULL,
    maker text NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')),
    checker text,
    decided_at timestamptz,
    note text,
    CHECK ((state = 'waiting') = (checker IS NULL)),
    CHECK (checker <> maker)
);
CREATE INDEX approval_waiting ON approval (made_at) WHERE state = 'waiting';

GRANT SELECT, INSERT, UPDATE ON bank_clock, idempotency, approval TO farthing_app;
GRANT DELETE ON idempotency TO farthing_app; -- keys older than the promise (7 days) are purged
GRANT SELECT ON alembic_version TO farthing_app;
