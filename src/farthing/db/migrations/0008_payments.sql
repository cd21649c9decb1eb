-- payments: which wallets exist, and movements through rails to other banks. Balances are the ledger's.

CREATE TABLE wallet (
    id text PRIMARY KEY,                -- the ledger account's path
    party_id text NOT NULL,             -- party
    currency text NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX wallet_party ON wallet (party_id);

CREATE TABLE rail_payment (
    id text PRIMARY KEY,
    party_id text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    outside_account text NOT NULL CHECK (outside_account LIKE '****%'),
    rail text NOT NULL,
    reference text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX rail_payment_party ON rail_payment (party_id, recorded_at);

GRANT SELECT, INSERT ON wallet, rail_payment TO farthing_app;
