-- payments: standing orders, and what became of each of their payments.

CREATE TABLE standing_order (
    id text PRIMARY KEY,
    payer text NOT NULL,                -- party
    payee text NOT NULL,                -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    memo text NOT NULL,
    first_on date NOT NULL,
    every text NOT NULL,                -- once, week, month
    last_day boolean NOT NULL,
    until_on date,
    times integer,
    total_minor bigint,
    made_at timestamptz NOT NULL,
    state text NOT NULL,                -- active, stopped, ended
    number integer NOT NULL,            -- the payment that is next, from 0
    due_on date NOT NULL,               -- when that falls due
    try_on date NOT NULL,               -- and is tried
    try_at timestamptz NOT NULL,        -- not before
    tries integer NOT NULL,             -- that day
    days integer NOT NULL,              -- that went by in vain
    paid integer NOT NULL,
    missed integer NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'active') = (ended_at IS NULL)),
    CHECK (number = paid + missed),
    CHECK (total_minor IS NULL OR paid * amount_minor <= total_minor),
    CHECK (times IS NULL OR number <= times)
);
CREATE INDEX standing_order_payer ON standing_order (payer, id);
CREATE INDEX standing_order_due ON standing_order (try_on, id) WHERE state = 'active';

CREATE TABLE standing_payment (
    order_id text NOT NULL,             -- standing_order
    number integer NOT NULL,
    due_on date NOT NULL,
    done_on date NOT NULL,
    became text NOT NULL,               -- paid, missed
    code text NOT NULL,                 -- why it was missed
    at timestamptz NOT NULL,
    PRIMARY KEY (order_id, number)
);

GRANT SELECT, INSERT, UPDATE ON standing_order TO farthing_app;
GRANT SELECT, INSERT ON standing_payment TO farthing_app;
