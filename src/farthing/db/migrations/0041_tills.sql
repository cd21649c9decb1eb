-- payments: tills, whose drawer is open at which, every count and every movement of cash in it, and cash on its way.

CREATE TABLE till (
    id       text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,40}$' AND id <> 'vault'), -- its name
    brought  bigint NOT NULL,           -- what its account held when it was put up, in minor units of the home currency
    made_at  timestamptz NOT NULL,
    made_by  text NOT NULL
);

CREATE TABLE drawer (
    id          text PRIMARY KEY CHECK (id LIKE 'drawer\_%'),
    till        text NOT NULL,
    actor_id    text NOT NULL,
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz,
    lines       integer NOT NULL CHECK (lines >= 0),
    difference  bigint NOT NULL,        -- what the last count found beyond the books, until two persons booked it
    CHECK (closed_at IS NULL OR difference = 0)
);
CREATE UNIQUE INDEX drawer_till ON drawer (till) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX drawer_actor ON drawer (actor_id) WHERE closed_at IS NULL;
CREATE INDEX drawer_of ON drawer (till, opened_at);

CREATE TABLE drawer_line (
    drawer_id  text NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    what       text NOT NULL CHECK (what IN ('open', 'count', 'close', 'in', 'out', 'given', 'taken', 'difference')),
    amount     bigint NOT NULL,         -- what it put into the drawer
    counted    bigint CHECK (counted >= 0),
    pieces     text NOT NULL,           -- [value, how many] of each note and coin
    reference  text,                    -- the entry that it is in the books by
    at         timestamptz NOT NULL,
    PRIMARY KEY (drawer_id, number),
    CHECK ((what IN ('open', 'count', 'close')) = (counted IS NOT NULL)),
    CHECK ((reference IS NULL) = (amount = 0))
);

CREATE TABLE handover (
    id            text PRIMARY KEY CHECK (id LIKE 'handover\_%'),
    giver         text NOT NULL,        -- a till, or 'vault'
    taker         text NOT NULL CHECK (taker <> giver),
    amount        bigint NOT NULL CHECK (amount > 0),
    pieces        text NOT NULL,
    state         text NOT NULL CHECK (state IN ('offered', 'taken', 'taken_back')),
    given_by      text NOT NULL,
    giver_person  text,
    offered_at    timestamptz NOT NULL,
    taken_by      text,
    ended_at      timestamptz,
    CHECK ((state = 'offered') = (ended_at IS NULL))
);
CREATE INDEX handover_offered ON handover (offered_at) WHERE state = 'offered';

GRANT SELECT, INSERT, UPDATE ON till, drawer, handover TO farthing_app;
GRANT SELECT, INSERT ON drawer_line TO farthing_app;
