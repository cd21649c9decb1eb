-- savings: published rates and holidays, deposits and what happened to them, control totals of what is accrued.
-- Money itself is in the ledger: each deposit has an account of its own there.

CREATE TABLE rate_edition (
    id           text PRIMARY KEY,      -- "<board>@<effective_on>"
    board        text NOT NULL,
    effective_on date NOT NULL,
    until_on     date,
    rates        jsonb NOT NULL,        -- {demand, lump: {term: rate}, instalment, call}, as published
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    CHECK (until_on IS NULL OR until_on >= effective_on)
);

-- Days on which the bank takes no value dates and funds do not trade. A declaration is kept for ever, so that what was
-- decided on a day can be told again with what was declared by then; the last one of a day counts.
CREATE TABLE bank_holiday (
    id          text    PRIMARY KEY,    -- "<day>@<declared_on>"
    day         date    NOT NULL,
    declared_on date    NOT NULL,
    closed      boolean NOT NULL,       -- false: declared by mistake, a business day after all
    name        text    NOT NULL,
    declared_by text    NOT NULL
);

CREATE TABLE deposit (
    id                text    PRIMARY KEY,
    number            bigint  NOT NULL CHECK (number > 0),   -- how many events it has; a change must find it as it was
    party_id          text    NOT NULL,
    product           text    NOT NULL,
    version           text    NOT NULL,                      -- product_version, pinned for ever
    board             text    NOT NULL,
    currency          text    NOT NULL,
    payout            text    NOT NULL,                      -- the ledger account that is paid when nobody stands there
    collect           boolean NOT NULL,                      -- instalments are taken from the wallet on their day
    agreement         jsonb   NOT NULL,
    opened_on         date    NOT NULL,
    matures_on        date,
    closed_on         date,
    rate              numeric NOT NULL,
    balance_minor     bigint  NOT NULL CHECK (balance_minor >= 0),
    since_on          date    NOT NULL,
    as_of_on          date    NOT NULL,
    balance_days      numeric NOT NULL,                      -- minor units x days until as_of_on, in ordinary years
    leap_balance_days numeric NOT NULL,
    detail            jsonb,                                 -- portions, notices, instalments, counts: where there are any
    lines_on          date    NOT NULL,                      -- the day on which its part of the control totals was stated
    close_on          date,                                  -- the business date at whose close it does something by itself
    CHECK (closed_on IS NULL OR (balance_minor = 0 AND close_on IS NULL))
) WITH (fillfactor = 50);
-- Settling a quarter changes every row of a page in one transaction and no indexed column: with room for all of them
-- the update stays on its page and no index is touched.
CREATE INDEX deposit_party ON deposit (party_id, id);
-- The close of a day asks what is due, never how many deposits there are.
CREATE INDEX deposit_close ON deposit (close_on, id) WHERE close_on IS NOT NULL;

CREATE TABLE deposit_event (
    deposit_id          text        NOT NULL,
    number              bigint      NOT NULL CHECK (number > 0),
    happened_on         date        NOT NULL,
    what                text        NOT NULL,                -- what a person asked for, or due and what fell due
    asked_minor         bigint,
    for_on              date,
    principal_in_minor  bigint      NOT NULL,
    principal_out_minor bigint      NOT NULL,
    interest_minor      bigint      NOT NULL,
    balance_minor       bigint      NOT NULL CHECK (balance_minor >= 0),
    recorded_at         timestamptz NOT NULL,
    PRIMARY KEY (deposit_id, number)
);

-- What is accrued is linear in the day: a product's total is slope x day + offset a line, kept here and nowhere else.
CREATE TABLE savings_control (
    id       text    PRIMARY KEY,       -- "<product>@<board>@<line>"
    product  text    NOT NULL,
    board    text    NOT NULL,
    line     text    NOT NULL,          -- fixed, or the rate that multiplies it: demand/360, call:7d/360
    slope    numeric NOT NULL,          -- minor units a day (fixed), else minor units
    intercept numeric NOT NULL
);

-- Changes of the totals that no close has taken in yet: appended by each transaction, so that no row is hot.
CREATE TABLE savings_flow (
    id       uuid    PRIMARY KEY,
    product  text    NOT NULL,
    board    text    NOT NULL,
    line     text    NOT NULL,
    slope    numeric NOT NULL,
    intercept numeric NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON bank_holiday TO farthing_app;
GRANT SELECT, INSERT ON rate_edition, deposit_event TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON deposit, savings_control TO farthing_app;
GRANT SELECT, INSERT, DELETE ON savings_flow TO farthing_app;
