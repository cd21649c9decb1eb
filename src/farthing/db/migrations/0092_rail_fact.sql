-- payments: what was heard of a movement through a rail, one row a fact, never changed; how it stands is kept beside it. A movement
-- may now be unknown, accepted, returned or recalled.

CREATE TABLE rail_fact (
    payment_id text NOT NULL,           -- rail_payment
    id text NOT NULL,                   -- its natural key within the movement: told again it is the same fact
    number bigint NOT NULL,             -- in the order in which they were heard, from 1
    kind text NOT NULL,
    source text NOT NULL,               -- answer, inquiry, notice, statement, bank
    effect text NOT NULL,               -- taken, known, contrary
    state text NOT NULL,                -- how the movement stood after it
    amount_minor bigint,                -- what came back, as it was told
    fee_minor bigint,
    currency text NOT NULL,
    reference text NOT NULL,            -- the rail's
    reason_code text NOT NULL,          -- ISO 20022 external code
    reason text NOT NULL,
    value_on date,                      -- the day on which it counts at the rail, where that was said
    recorded_on date NOT NULL,          -- our business date
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, id)
);

ALTER TABLE rail_payment
    ADD COLUMN reason_code text NOT NULL DEFAULT '',
    ADD COLUMN returned_minor bigint NOT NULL DEFAULT 0,
    ADD COLUMN attention text NOT NULL DEFAULT '',
    DROP CONSTRAINT rail_payment_state_check,
    DROP CONSTRAINT rail_payment_check;
CREATE INDEX rail_payment_open ON rail_payment (account, recorded_at) WHERE state IN ('asked', 'unknown', 'accepted');

GRANT SELECT, INSERT ON rail_fact TO farthing_app;
GRANT UPDATE (reason_code, returned_minor, attention) ON rail_payment TO farthing_app;
CREATE INDEX rail_payment_attention ON rail_payment (recorded_at) WHERE attention <> '';

-- Up to where each rail's own telling was taken.
CREATE TABLE rail_place (
    id text PRIMARY KEY,                -- the rail's name
    place text NOT NULL,                -- the last of its notices that was taken
    heard_at timestamptz NOT NULL
);

-- Money that a rail brought and of which nobody knows whose it is; it lies on liabilities:suspense:RAIL until somebody applies it or
-- sends it back.
CREATE TABLE rail_suspense (
    id text PRIMARY KEY,                -- of the rail and its notice: told again it is the same
    rail text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    counterparty text NOT NULL,         -- masked
    reference text NOT NULL,            -- the rail's
    reason text NOT NULL,               -- what came with it
    arrived_on date NOT NULL,
    arrived_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'applied', 'sent_back')),
    party_id text,                      -- to whom it was applied
    movement_id text,                   -- by which it was sent back
    decided_by text,
    decided_at timestamptz,
    note text NOT NULL DEFAULT '',
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX rail_suspense_open ON rail_suspense (arrived_at) WHERE state = 'open';

GRANT SELECT, INSERT, UPDATE ON rail_place TO farthing_app;
GRANT SELECT, INSERT ON rail_suspense TO farthing_app;
GRANT UPDATE (state, party_id, movement_id, decided_by, decided_at, note) ON rail_suspense TO farthing_app;
