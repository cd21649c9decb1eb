-- payments: what goes later as its payer chose; and when a payer first paid somebody by himself.

CREATE TABLE delayed_payment (
    id text PRIMARY KEY,
    payer text NOT NULL,                -- party
    payee text NOT NULL,                -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    memo text NOT NULL,
    made_at timestamptz NOT NULL,
    goes_at timestamptz NOT NULL,
    state text NOT NULL,                -- waits, gone, taken_back, failed
    code text NOT NULL,                 -- why it could not go
    ended_at timestamptz,
    CHECK ((state = 'waits') = (ended_at IS NULL))
);
CREATE INDEX delayed_payment_payer ON delayed_payment (payer, id);
CREATE INDEX delayed_payment_due ON delayed_payment (goes_at, id) WHERE state = 'waits';

CREATE TABLE paid_pair (
    id text PRIMARY KEY,                -- payer and payee
    payer text NOT NULL,                -- party
    payee text NOT NULL,                -- party
    first_at timestamptz NOT NULL,
    minor bigint NOT NULL               -- paid in all, in the home currency
);

-- Whom somebody paid by a phone before is not new.
INSERT INTO paid_pair (id, payer, payee, first_at, minor)
SELECT payer || ':' || party_id, payer, party_id, min(paid_at), 0 FROM payee WHERE paid_at IS NOT NULL GROUP BY payer, party_id;

GRANT SELECT, INSERT, UPDATE ON delayed_payment, paid_pair TO farthing_app;
