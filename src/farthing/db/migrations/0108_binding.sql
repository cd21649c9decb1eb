-- payments: cards and accounts of other banks that are bound to a customer. Never the number.

CREATE TABLE binding (
    id text PRIMARY KEY,
    party_id text NOT NULL,             -- party
    network text NOT NULL,              -- who was asked, by the name of its port
    rail text NOT NULL,                 -- by which money comes and goes
    proof text NOT NULL,                -- deposit, card
    tail text NOT NULL CHECK (tail ~ '^[0-9]{4}$'),
    state text NOT NULL,                -- asked, proving, bound, refused, failed, ended
    why text NOT NULL,
    asked_at timestamptz NOT NULL,
    token text NOT NULL CHECK (token = '' OR state IN ('proving', 'bound')),
    reference text NOT NULL,            -- the network's name of the account
    kind text NOT NULL,                 -- card, account
    scheme text NOT NULL,
    bank text NOT NULL,
    bank_zh text NOT NULL,
    expires_on date,
    named text,                         -- how the name that it is held under compares
    deposits text[] NOT NULL,           -- rail_payment: the small amounts
    tries integer NOT NULL DEFAULT 0,
    prove_until timestamptz,
    bound_at timestamptz,
    cooling_until timestamptz,
    cooling_minor bigint NOT NULL DEFAULT 0 CHECK (cooling_minor >= 0),
    ended_at timestamptz
);
CREATE INDEX binding_party ON binding (party_id, id);

CREATE TABLE binding_holder (
    id text PRIMARY KEY,                -- network and its name of the account
    binding_id text NOT NULL,           -- binding, bound
    party_id text NOT NULL              -- party
);

GRANT SELECT, INSERT, UPDATE ON binding TO farthing_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON binding_holder TO farthing_app;
