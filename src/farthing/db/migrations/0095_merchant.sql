-- payments: merchants with tills and cashiers, codes, payments by code, their refunds, and settlements.

CREATE TABLE merchant (
    id text PRIMARY KEY,
    party_id text NOT NULL,             -- party
    name text NOT NULL,
    local_name text NOT NULL,
    city text NOT NULL,
    category text NOT NULL,
    currency text NOT NULL,
    fee_rate text NOT NULL,
    fee_by text NOT NULL,               -- merchant, payer
    fee_earned text NOT NULL,           -- capture, settlement
    fee_returned boolean NOT NULL,
    settles text NOT NULL,              -- net, gross
    opened_at timestamptz NOT NULL
);
CREATE INDEX merchant_party ON merchant (party_id, id);

CREATE TABLE merchant_till (
    id text PRIMARY KEY,
    merchant_id text NOT NULL,          -- merchant
    store text NOT NULL,
    name text NOT NULL
);
CREATE INDEX merchant_till_merchant ON merchant_till (merchant_id, id);

CREATE TABLE merchant_cashier (
    merchant_id text NOT NULL,          -- merchant
    party_id text NOT NULL,             -- party
    may boolean NOT NULL,
    PRIMARY KEY (merchant_id, party_id)
);

CREATE TABLE pay_code (
    id text PRIMARY KEY,
    merchant_id text NOT NULL,          -- merchant; nothing: a payer's code
    till_id text NOT NULL,              -- merchant_till
    party_id text NOT NULL,             -- party: whose code a payer's is
    currency text,
    amount_minor bigint CHECK (amount_minor > 0),
    note text NOT NULL,
    key bytea NOT NULL,                 -- what it is signed with; of a payer's code a hash of its secret
    made_at timestamptz NOT NULL,
    expires_at timestamptz,             -- none: static
    used_at timestamptz
);
CREATE INDEX pay_code_till ON pay_code (till_id) WHERE expires_at IS NULL;

CREATE TABLE merchant_payment (
    merchant_id text NOT NULL,          -- merchant
    id text NOT NULL,
    till_id text NOT NULL,              -- merchant_till
    code_id text NOT NULL,              -- pay_code
    payer text NOT NULL,                -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    refunded_minor bigint NOT NULL CHECK (refunded_minor >= 0 AND refunded_minor <= amount_minor),
    fee_returned_minor bigint NOT NULL CHECK (fee_returned_minor >= 0 AND fee_returned_minor <= fee_minor),
    held_minor bigint NOT NULL CHECK (held_minor >= 0),  -- what it has in escrow until it is settled
    taken_at timestamptz NOT NULL,
    taken_on date NOT NULL,
    due_on date NOT NULL,
    settlement_id text,                 -- merchant_settlement
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX merchant_payment_day ON merchant_payment (merchant_id, taken_on, id);
CREATE INDEX merchant_payment_due ON merchant_payment (merchant_id, due_on) WHERE settlement_id IS NULL;

CREATE TABLE merchant_refund (
    merchant_id text NOT NULL,          -- merchant
    id text NOT NULL,
    payment_id text NOT NULL,           -- merchant_payment
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    reason text NOT NULL,
    refunded_by text NOT NULL,          -- party
    refunded_at timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX merchant_refund_payment ON merchant_refund (merchant_id, payment_id);

CREATE TABLE merchant_settlement (
    merchant_id text NOT NULL,          -- merchant
    id text NOT NULL,
    settled_on date NOT NULL,
    payments bigint NOT NULL,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

GRANT SELECT, INSERT ON merchant, merchant_till, merchant_refund, merchant_settlement TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON merchant_cashier, pay_code, merchant_payment TO farthing_app;
