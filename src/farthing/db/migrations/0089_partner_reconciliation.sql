-- funding: a partner's own file of a day against our statement, and where the two differ.

CREATE TABLE funding_partner_file (
    id text PRIMARY KEY,                -- partner:day:digest
    partner text NOT NULL,
    on_day date NOT NULL,
    content bytea NOT NULL,             -- as it came
    taken_at timestamptz NOT NULL,
    taken_by text NOT NULL
);

CREATE TABLE funding_reconciliation (
    id text PRIMARY KEY,                -- partner:day
    partner text NOT NULL,
    on_day date NOT NULL,
    file_digest text NOT NULL,          -- of the latest file of the day
    number integer,                     -- the partner's own, if it counts
    currency text NOT NULL,
    ours_minor bigint NOT NULL,         -- closing balances, in the partner's favour
    theirs_minor bigint NOT NULL,
    opening_minor bigint NOT NULL,      -- by what the openings differ: theirs less ours
    lines integer NOT NULL,             -- of the partner's file
    matched integer NOT NULL CHECK (matched <= lines),
    refs text[] NOT NULL,               -- references in the partner's file
    made_at timestamptz NOT NULL,
    made_by text NOT NULL
);
CREATE INDEX funding_reconciliation_partner ON funding_reconciliation (partner, on_day);

CREATE TABLE funding_break (
    id text PRIMARY KEY,                -- derived from what it says, so that the same file finds the same break
    partner text NOT NULL,
    on_day date NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    loan text NOT NULL,                 -- loan, without its prefix
    what text NOT NULL,
    currency text NOT NULL,
    difference_minor bigint NOT NULL,   -- theirs less ours, in the account's currency
    ours_minor bigint,
    ours_on date,
    theirs_minor bigint,
    theirs_currency text,
    theirs_on date,
    state text NOT NULL CHECK (state IN ('open', 'worked_off', 'gone')),
    found_at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '',
    corrected boolean NOT NULL DEFAULT false,
    ended_at timestamptz,
    ended_by text,
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX funding_break_day ON funding_break (partner, on_day);
CREATE INDEX funding_break_open ON funding_break (found_at, id) WHERE state = 'open';

GRANT SELECT, INSERT ON funding_partner_file TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON funding_reconciliation, funding_break TO farthing_app;
