-- events: what was sent to an address, and what came of it; and the secret that still signs beside a new one.

ALTER TABLE webhook
    ALTER COLUMN round SET DEFAULT 0,   -- written no more: a delivery has an id of its own
    ADD former_secret bytea,            -- as the vault seals it; gone once its time is over
    ADD former_until timestamptz;       -- by the machine's time

GRANT UPDATE (secret, former_secret, former_until) ON webhook TO farthing_app;

CREATE TABLE webhook_delivery (
    webhook_id text NOT NULL,
    id text NOT NULL CHECK (id LIKE 'dlv\_%'),     -- its errand's too
    reason text NOT NULL CHECK (reason IN ('event', 'test', 'redelivery')),
    event_id text NOT NULL,
    event_type text NOT NULL,
    cursor text NOT NULL,                -- where the event stands in the log; empty for a test
    planned_at timestamptz NOT NULL,     -- this and what follows by the machine's time
    state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'not_taken', 'given_up', 'stopped')),
    attempts integer NOT NULL CHECK (attempts >= 0),
    status integer,                      -- what the receiver answered last, if it did
    problem text NOT NULL,
    tried_at timestamptz,
    PRIMARY KEY (webhook_id, id)
);

GRANT SELECT, INSERT ON webhook_delivery TO farthing_app;
GRANT UPDATE (state, attempts, status, problem, tried_at) ON webhook_delivery TO farthing_app;
