-- payments: how far a movement through a rail is. It is asked with money held, and settled or declined by the answer.

ALTER TABLE rail_payment
    ADD state text NOT NULL DEFAULT 'settled' CHECK (state IN ('asked', 'settled', 'declined')),
    ADD reason text NOT NULL DEFAULT '',
    ADD account text NOT NULL DEFAULT '',   -- the ledger account against our cash at the rail
    ADD answered_at timestamptz,
    ALTER party_id DROP NOT NULL,           -- none: the bank's own, with a partner
    ALTER reference SET DEFAULT '';
UPDATE rail_payment SET answered_at = recorded_at;
ALTER TABLE rail_payment
    ALTER state DROP DEFAULT,
    ALTER account DROP DEFAULT,
    ADD CHECK ((state = 'asked') = (answered_at IS NULL));
CREATE INDEX rail_payment_asked ON rail_payment (account) WHERE state = 'asked';

GRANT UPDATE (state, reference, reason, answered_at) ON rail_payment TO farthing_app;
