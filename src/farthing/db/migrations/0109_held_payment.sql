-- payments: what waits for a person, which rules hit, and who pays whom since when.

CREATE TABLE held_payment (
    id text PRIMARY KEY,                -- of the transfer
    payer text NOT NULL,                -- party
    payee text NOT NULL,                -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    memo text NOT NULL,
    score integer NOT NULL,
    held_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    state text NOT NULL,                -- held, released, refused, withdrawn
    ended_at timestamptz,
    ended_by text NOT NULL,             -- actor
    reason text NOT NULL,
    CHECK ((state = 'held') = (ended_at IS NULL))
);
CREATE INDEX held_payment_due ON held_payment (until_at, id) WHERE state = 'held';
CREATE INDEX held_payment_payer ON held_payment (payer, id);

CREATE TABLE fraud_hit (
    payment_id text NOT NULL,           -- of the transfer
    rule text NOT NULL,                 -- of the policy that was in force
    place integer NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    weight integer NOT NULL,
    figures jsonb NOT NULL,             -- what was met, in words: [[en, zh], ...]
    band text NOT NULL,                 -- pass, warn, hold
    hit_on date NOT NULL,
    PRIMARY KEY (payment_id, rule)
);
CREATE INDEX fraud_hit_on ON fraud_hit (hit_on, rule);

CREATE TABLE payment_pair (
    payer text NOT NULL,                -- party
    payee text NOT NULL,                -- party
    first_at timestamptz,               -- of the first payment that was large enough to be looked at
    let_at timestamptz,                 -- since then payments go without a look
    let_by text NOT NULL DEFAULT '',    -- actor
    PRIMARY KEY (payer, payee)
);

GRANT SELECT, INSERT, UPDATE ON held_payment, payment_pair TO farthing_app;
GRANT SELECT, INSERT ON fraud_hit TO farthing_app;
