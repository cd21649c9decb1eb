-- payments: a payer's word for a payee who was found by the phone, and codes by which somebody collects. No phone, no name.

CREATE TABLE payee (
    id         text PRIMARY KEY CHECK (id LIKE 'payee\_%'),
    payer      text NOT NULL,
    party_id   text NOT NULL,
    phone_key  bytea NOT NULL CHECK (length(phone_key) = 32),
    found_at   timestamptz NOT NULL,
    paid_at    timestamptz                 -- the last time; none where the payee was only looked up
);
CREATE INDEX payee_payer ON payee (payer, paid_at);

CREATE TABLE collect_code (
    id            text PRIMARY KEY CHECK (id LIKE 'collect\_%'),
    party_id      text NOT NULL,
    currency      text,
    amount_minor  bigint CHECK (amount_minor > 0),
    note          text NOT NULL,
    made_at       timestamptz NOT NULL,
    withdrawn_at  timestamptz,
    CHECK ((currency IS NULL) = (amount_minor IS NULL))
);
CREATE INDEX collect_code_party ON collect_code (party_id) WHERE withdrawn_at IS NULL;

GRANT SELECT, INSERT, DELETE ON payee TO farthing_app;
GRANT UPDATE (found_at, paid_at) ON payee TO farthing_app;
GRANT SELECT, INSERT ON collect_code TO farthing_app;
GRANT UPDATE (withdrawn_at) ON collect_code TO farthing_app;
