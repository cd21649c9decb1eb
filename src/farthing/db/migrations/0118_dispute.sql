-- payments: payments to merchants and debits that their payers dispute, and what was said of each.

ALTER TABLE merchant_payment ADD COLUMN disputed_minor bigint NOT NULL DEFAULT 0
    CHECK (disputed_minor >= 0);        -- of the amount: disputed still, or charged back

CREATE TABLE dispute (
    id text PRIMARY KEY,                -- derived from the payment
    kind text NOT NULL,                 -- code, debit
    payment_id text NOT NULL,           -- merchant_payment, mandate_debit
    merchant_id text NOT NULL,          -- merchant; nothing: a creditor who is none
    payer text NOT NULL,                -- party
    side text NOT NULL,                 -- party that was paid
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    reason text NOT NULL,
    state text NOT NULL,                -- open, answered, decided, second, ended, withdrawn
    outcome text NOT NULL,              -- payer, merchant; nothing: not decided
    until_on date,                      -- the last day of whoever is to say something
    provisional boolean NOT NULL,       -- the payer has the money while it lasts
    owed_minor bigint NOT NULL DEFAULT 0 CHECK (owed_minor >= 0),
    owes text NOT NULL DEFAULT '',      -- party that owes it
    collected integer NOT NULL DEFAULT 0,
    opened_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    ended_on date,
    CHECK ((state IN ('ended', 'withdrawn')) = (ended_on IS NOT NULL))
);
CREATE INDEX dispute_due ON dispute (until_on, id) WHERE until_on IS NOT NULL;
CREATE INDEX dispute_waits ON dispute (opened_at, id) WHERE state IN ('answered', 'second');
CREATE INDEX dispute_owed ON dispute (id) WHERE owed_minor > 0;
CREATE INDEX dispute_payer ON dispute (payer, opened_at);
CREATE INDEX dispute_side ON dispute (side, opened_at);

CREATE TABLE dispute_said (
    dispute_id text NOT NULL,           -- dispute
    number integer NOT NULL,
    kind text NOT NULL,                 -- opened, answered, accepted, silent, decided, contested, ended, withdrawn
    by text NOT NULL,                   -- payer, side, bank
    actor text NOT NULL,                -- actor
    outcome text NOT NULL,
    words text NOT NULL,
    digest text NOT NULL,               -- SHA-256 of a file that is kept elsewhere
    said_on date NOT NULL,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (dispute_id, number)
);

GRANT SELECT, INSERT ON dispute, dispute_said TO farthing_app;
GRANT UPDATE (state, outcome, until_on, owed_minor, owes, collected, ended_on) ON dispute TO farthing_app;
