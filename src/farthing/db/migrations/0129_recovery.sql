-- A way in that was lost waits before it is given back: one row for each login and way (a code to the phone, two officers at a
-- counter). word: a hash of the word that came to the phone, by which it is stopped.
CREATE TABLE recovery (
    id text PRIMARY KEY,
    actor_id text NOT NULL,
    way text NOT NULL CHECK (way IN ('code', 'counter')),
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'used', 'stopped')),
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    word bytea NOT NULL,
    CHECK (asked_at <= due_at)
);
CREATE INDEX recovery_word ON recovery (word);

GRANT SELECT, INSERT, UPDATE, DELETE ON recovery TO farthing_app;
