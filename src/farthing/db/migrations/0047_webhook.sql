-- events: addresses that are told of what happened. What is told is read off the evidence log; a delivery is an errand.

CREATE TABLE webhook (
    id text PRIMARY KEY CHECK (id LIKE 'hook\_%'),
    label text NOT NULL,
    url text NOT NULL,
    kinds text[] NOT NULL,              -- none: all
    secret bytea NOT NULL,              -- as the vault seals it
    state text NOT NULL CHECK (state IN ('active', 'given_up', 'stopped')),
    problem text NOT NULL,              -- why it was given up
    position bigint NOT NULL,           -- up to where deliveries were planned: a place in the log ...
    number integer NOT NULL,            -- ... and which of its events
    round integer NOT NULL,             -- how often it was resumed
    created_at timestamptz NOT NULL,
    created_by text NOT NULL
);

GRANT SELECT, INSERT ON webhook TO farthing_app;
GRANT UPDATE (state, problem, position, number, round) ON webhook TO farthing_app;
