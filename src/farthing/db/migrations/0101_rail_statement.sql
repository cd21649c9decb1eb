-- payments: our account at a rail, as the books have it and as the rail's own statement does, and where the two differ.

CREATE TABLE rail_cut (
    id text PRIMARY KEY,                -- rail:day
    rail text NOT NULL,
    on_day date NOT NULL,               -- ours, which was closed
    currency text NOT NULL,
    until_version bigint NOT NULL,      -- the last posting of our account in it
    closing_minor bigint NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE rail_file (
    id text PRIMARY KEY,                -- rail:digest
    rail text NOT NULL,
    content bytea NOT NULL,             -- as it came: camt.053 or camt.052
    taken_at timestamptz NOT NULL,
    taken_by text NOT NULL
);

CREATE TABLE rail_day (
    id text PRIMARY KEY,                -- rail:day
    rail text NOT NULL,
    on_day date NOT NULL,               -- the rail's
    final boolean NOT NULL,             -- told whole by a statement; else as far as reports go
    number integer,                     -- the rail's own, if it counts
    account text NOT NULL,
    digest text NOT NULL,               -- of what the statement says
    files text[] NOT NULL,              -- rail_file, in the order in which they came; none: to be told anew
    currency text NOT NULL,
    after_version bigint NOT NULL,      -- of our account: postings after this ...
    until_version bigint NOT NULL CHECK (until_version >= after_version),   -- ... until this
    ours_minor bigint NOT NULL,         -- closing balances
    theirs_minor bigint NOT NULL,
    lines integer NOT NULL,
    matched integer NOT NULL,           -- of all that waited
    refs text[] NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL
);
CREATE INDEX rail_day_rail ON rail_day (rail, on_day);

CREATE TABLE rail_break (
    id text PRIMARY KEY,                -- derived from the keys of its lines
    rail text NOT NULL,
    on_day date NOT NULL,               -- the rail's day of which it was found
    kind text NOT NULL,
    reference text NOT NULL,            -- the rail's
    payment_id text NOT NULL,           -- rail_payment, where it names one
    what text NOT NULL,
    currency text NOT NULL,
    difference_minor bigint NOT NULL,   -- what the rail has more
    ours_key text NOT NULL,             -- the reference of our entry
    ours_minor bigint,
    ours_on date,
    theirs_key text NOT NULL,           -- day and place of the rail's line
    theirs_minor bigint,
    theirs_on date,
    state text NOT NULL CHECK (state IN ('open', 'worked_off', 'gone')),
    found_at timestamptz NOT NULL,
    cleared_on date,                    -- the rail's day from which it stands no more between the two balances
    put_right boolean NOT NULL DEFAULT false,   -- our books were, against differences
    reason text NOT NULL DEFAULT '',
    corrected boolean NOT NULL DEFAULT false,
    ended_at timestamptz,
    ended_by text,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK (state <> 'open' OR cleared_on IS NULL)
);
CREATE INDEX rail_break_standing ON rail_break (rail, on_day) WHERE cleared_on IS NULL;
CREATE INDEX rail_break_cleared ON rail_break (rail, cleared_on);
CREATE INDEX rail_break_open ON rail_break (found_at, id) WHERE state = 'open';

GRANT SELECT, INSERT ON rail_cut, rail_file TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON rail_day, rail_break TO farthing_app;
