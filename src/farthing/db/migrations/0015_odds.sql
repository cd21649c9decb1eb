-- savings: rules that sweep small change, and group purchases of a term that nobody reaches alone.

CREATE TABLE sweep (
    id           text    PRIMARY KEY,
    party_id     text    NOT NULL,
    rule         text    NOT NULL CHECK (rule IN ('round_up', 'leftover', 'above')),
    currency     text    NOT NULL,
    amount_minor bigint  NOT NULL CHECK (amount_minor >= 0),
    day          integer NOT NULL CHECK (day BETWEEN 1 AND 28),
    target       text    NOT NULL,             -- a demand deposit, or fund:<product>
    seen         bigint  NOT NULL,             -- the wallet's version up to which payments have been looked at
    swept_minor  bigint  NOT NULL DEFAULT 0,   -- all that it moved so far
    ended_on     date
);
CREATE INDEX sweep_party ON sweep (party_id, id);
-- A close looks at the rules whose day it is; the others at those in force.
CREATE INDEX sweep_in_force ON sweep (id) WHERE ended_on IS NULL;

CREATE TABLE savings_group (
    id             text   PRIMARY KEY,
    name           jsonb  NOT NULL,            -- {en, zh}
    product        text   NOT NULL,
    term           text   NOT NULL,
    board          text   NOT NULL,            -- whose rates the members get
    currency       text   NOT NULL,
    minimum_minor  bigint NOT NULL CHECK (minimum_minor > 0),
    gathered_minor bigint NOT NULL DEFAULT 0 CHECK (gathered_minor >= 0),
    until_on       date   NOT NULL,
    state          text   NOT NULL CHECK (state IN ('waiting', 'open', 'lapsed')),
    decided_on     date,
    CHECK ((state = 'waiting') = (decided_on IS NULL))
);
CREATE INDEX savings_group_waiting ON savings_group (until_on) WHERE state = 'waiting';

CREATE TABLE savings_pledge (
    id           text   PRIMARY KEY,           -- also the tail of the deposit that it becomes
    group_id     text   NOT NULL,
    party_id     text   NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    state        text   NOT NULL CHECK (state IN ('held', 'deposited', 'released')),
    pledged_at   timestamptz NOT NULL
);
CREATE INDEX savings_pledge_group ON savings_pledge (group_id, id);

GRANT SELECT, INSERT, UPDATE ON sweep, savings_group, savings_pledge TO farthing_app;
