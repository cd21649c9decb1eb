-- payments: requests to pay, who takes none of whom, and bills that were split.

CREATE TABLE pay_request (
    id text PRIMARY KEY,
    asker text NOT NULL,                -- party
    payer text NOT NULL,                -- party
    merchant_id text NOT NULL,          -- merchant; nothing: a person asks
    split_id text NOT NULL,             -- bill_split; nothing: it is of no bill
    split_place integer NOT NULL,       -- of its people, from 0
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_on date NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL,                -- open, paid, declined, expired, withdrawn
    ended_at timestamptz,
    reminded_on date,
    word text NOT NULL,                 -- of whoever declined
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX pay_request_asker ON pay_request (asker, id);
CREATE INDEX pay_request_payer ON pay_request (payer, id);
CREATE INDEX pay_request_due ON pay_request (expires_at) WHERE state = 'open';
CREATE INDEX pay_request_split ON pay_request (split_id) WHERE split_id <> '';

CREATE TABLE request_block (
    id text PRIMARY KEY,
    asked text NOT NULL,                -- party: who takes no requests
    asker text NOT NULL,                -- party: of whom
    blocked_at timestamptz NOT NULL
);
CREATE INDEX request_block_asked ON request_block (asked);
CREATE INDEX request_block_asker ON request_block (asker, asked);

CREATE TABLE bill_split (
    id text PRIMARY KEY,
    maker text NOT NULL,                -- party
    currency text NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    own_minor bigint NOT NULL CHECK (own_minor >= 0 AND own_minor < total_minor),
    reason text NOT NULL,
    split_at timestamptz NOT NULL
);
CREATE INDEX bill_split_maker ON bill_split (maker, id);

GRANT SELECT, INSERT, UPDATE ON pay_request TO farthing_app;
GRANT SELECT, INSERT, DELETE ON request_block TO farthing_app;
GRANT SELECT, INSERT ON bill_split TO farthing_app;
