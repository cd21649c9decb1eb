-- kernel: who acts for another (a helper, a guardian, an organisation's representative or signatory), what was done so, and what
-- waits for a second signatory.

CREATE TABLE power (
    id text PRIMARY KEY,
    kind text NOT NULL,                 -- helper, guardian, representative, signatory
    principal text NOT NULL,            -- party acted for
    helper text NOT NULL,               -- party who acts
    scope text[] NOT NULL,              -- of data/powers/scopes.toml
    currency text,                      -- of the limits, where there is one
    most_each bigint CHECK (most_each > 0),
    most_day bigint CHECK (most_day > 0),
    pays_self boolean NOT NULL,
    jointly boolean NOT NULL,
    document text NOT NULL,             -- what it rests on: a court's, a family's, an organisation's paper, or the agreement
    agreement_id text,
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    from_on date,                       -- none until all have signed
    until date,                         -- inclusive
    ended_on date,
    ended_by text,
    spent_on date,                      -- what was moved on that day; the row is held by each act
    spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
    CHECK (principal <> helper),
    CHECK ((most_each IS NULL AND most_day IS NULL) = (currency IS NULL))
);
CREATE INDEX power_principal ON power (principal, id);
CREATE INDEX power_helper ON power (helper, id);

CREATE TABLE power_act (
    id text PRIMARY KEY,
    power_id text NOT NULL,
    principal text NOT NULL,
    helper text NOT NULL,
    operation text NOT NULL,
    currency text,
    amount bigint,
    at timestamptz NOT NULL
);
CREATE INDEX power_act_principal ON power_act (principal, at, id);

CREATE TABLE acted_entry (
    id text PRIMARY KEY,                -- entry
    act_id text NOT NULL,
    helper text NOT NULL
);

CREATE TABLE joint_act (
    id text PRIMARY KEY,
    power_id text NOT NULL,             -- of who asked
    principal text NOT NULL,
    operation text NOT NULL,
    command jsonb NOT NULL,             -- bare once it is decided
    maker text NOT NULL,
    maker_party text NOT NULL,
    made_at timestamptz NOT NULL,
    made_on date NOT NULL,
    state text NOT NULL,                -- waiting, approved, rejected
    decided_by text,
    decided_at timestamptz
);
CREATE INDEX joint_act_waiting ON joint_act (principal, made_at) WHERE state = 'waiting';

GRANT SELECT, INSERT ON power, power_act, acted_entry, joint_act TO farthing_app;
GRANT UPDATE (from_on, ended_on, ended_by, spent_on, spent) ON power TO farthing_app;
GRANT UPDATE (state, command, decided_by, decided_at) ON joint_act TO farthing_app;
