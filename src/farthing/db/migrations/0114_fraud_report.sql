-- payments: payments that were reported as fraud, and what of their money is frozen in whose wallet.

CREATE TABLE fraud_report (
    id text PRIMARY KEY,                -- derived from the payment
    source text NOT NULL,               -- payer, bank, reversed
    reference text NOT NULL,            -- of the payment's entry
    payer text,                         -- party; none where the money came from another bank
    reached text NOT NULL,              -- party whose wallet it came to
    rail text NOT NULL,
    kind text NOT NULL,                 -- not_me, deceived
    note text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    frozen_minor bigint NOT NULL CHECK (frozen_minor >= 0),
    back_minor bigint NOT NULL CHECK (back_minor >= 0),
    gone_minor bigint NOT NULL CHECK (gone_minor >= 0),
    cut boolean NOT NULL,
    reported_at timestamptz NOT NULL,
    reported_by text NOT NULL,          -- actor
    until_at timestamptz NOT NULL,
    open boolean NOT NULL,              -- something of it is frozen
    CHECK (frozen_minor + back_minor + gone_minor <= amount_minor)
);
CREATE INDEX fraud_report_due ON fraud_report (until_at, id) WHERE open;
CREATE INDEX fraud_report_payer ON fraud_report (payer, reported_at, id);
CREATE INDEX fraud_report_at ON fraud_report (reported_at, id);

CREATE TABLE frozen_part (
    report_id text NOT NULL,            -- fraud_report
    holder text NOT NULL,               -- party
    path text NOT NULL,                 -- of the wallet
    currency text NOT NULL,
    minor bigint NOT NULL CHECK (minor > 0),
    place integer NOT NULL,             -- in the order in which the money came there
    state text NOT NULL,                -- frozen, returned, released
    words text NOT NULL,                -- what its holder says to it
    words_at timestamptz,
    ended_at timestamptz,
    ended_by text NOT NULL,             -- actor
    reason text NOT NULL,
    PRIMARY KEY (report_id, holder),
    CHECK ((state = 'frozen') = (ended_at IS NULL))
);
CREATE INDEX frozen_part_holder ON frozen_part (holder, report_id);

GRANT SELECT, INSERT ON fraud_report, frozen_part TO farthing_app;
GRANT UPDATE (open) ON fraud_report TO farthing_app;
GRANT UPDATE (state, words, words_at, ended_at, ended_by, reason) ON frozen_part TO farthing_app;
