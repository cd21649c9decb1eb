-- payments: mandates by which payees draw, and the debits under them.

CREATE TABLE debit_mandate (
    id text PRIMARY KEY,
    creditor text NOT NULL,             -- party
    merchant_id text NOT NULL,          -- merchant; nothing: an organisation
    payer text NOT NULL,                -- party
    purpose text NOT NULL,
    currency text NOT NULL,
    each_max_minor bigint NOT NULL CHECK (each_max_minor > 0),
    month_max_minor bigint NOT NULL CHECK (month_max_minor >= each_max_minor),
    until_on date,
    state text NOT NULL,                -- proposed, active, refused, ended
    proposed_at timestamptz NOT NULL,
    signed_at timestamptz,
    ended_at timestamptz,
    last_on date,                       -- used, or signed
    debits integer NOT NULL             -- announced in all
);
CREATE INDEX debit_mandate_payer ON debit_mandate (payer, id);
CREATE INDEX debit_mandate_creditor ON debit_mandate (creditor, id);

CREATE TABLE mandate_debit (
    mandate_id text NOT NULL,           -- debit_mandate
    id text NOT NULL,
    number integer NOT NULL,            -- of the mandate, from 1
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    memo text NOT NULL,
    announced_at timestamptz NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL,                -- announced, drawn, failed, stopped, refunded
    code text NOT NULL,                 -- why it was not drawn
    tried_on date,
    done_on date,
    refund_until date,
    owed_minor bigint NOT NULL DEFAULT 0 CHECK (owed_minor >= 0 AND owed_minor <= amount_minor),
    each_max_minor bigint,              -- the payer's limits when it was tried,
    month_max_minor bigint,
    month_gone_minor bigint,            -- and what of the month was drawn before
    PRIMARY KEY (mandate_id, id),
    UNIQUE (mandate_id, number),
    CHECK (state NOT IN ('drawn', 'refunded')
        OR (amount_minor <= each_max_minor AND month_gone_minor + amount_minor <= month_max_minor))
);
CREATE INDEX mandate_debit_due ON mandate_debit (due_on, id) WHERE state = 'announced';

GRANT SELECT, INSERT, UPDATE ON debit_mandate, mandate_debit TO farthing_app;
