-- payments: cash at agents, their floats' acts, customers' codes for cash, counts, and what was queued without a network.

CREATE TABLE agent (
    id text PRIMARY KEY,                -- agent_..., derived from the merchant: a merchant is one agent at most
    merchant_id text NOT NULL,
    party_id text NOT NULL,             -- whose it is
    currency text NOT NULL,
    opened_at timestamptz NOT NULL,
    ended_on date,
    acts bigint NOT NULL,               -- how many acts and counts there were
    box_minor bigint NOT NULL           -- the cash that should be there; below zero where own cash was laid out
);

CREATE TABLE agent_contract (
    agent_id text NOT NULL,             -- agent
    from_on date NOT NULL,
    in_flat_minor bigint NOT NULL CHECK (in_flat_minor >= 0),
    in_rate text NOT NULL,
    out_flat_minor bigint NOT NULL CHECK (out_flat_minor >= 0),
    out_rate text NOT NULL,
    ceiling_minor bigint NOT NULL CHECK (ceiling_minor > 0),
    low_minor bigint NOT NULL,
    agreed_at timestamptz NOT NULL,
    PRIMARY KEY (agent_id, from_on)
);

CREATE TABLE agent_act (
    agent_id text NOT NULL,             -- agent
    id text NOT NULL,                   -- agentact_...
    place bigint NOT NULL,              -- its place among acts and counts
    what text NOT NULL,                 -- in, out, bought, sold
    against text NOT NULL,              -- wallet, cash
    party_id text NOT NULL,             -- the customer; the owner where float was bought or sold
    cashier text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    commission_minor bigint NOT NULL CHECK (commission_minor >= 0),
    contract_on date NOT NULL,          -- agent_contract
    acted_at timestamptz NOT NULL,
    booked_on date NOT NULL,
    device_id text,                     -- of an act made without a network
    number bigint,
    PRIMARY KEY (agent_id, id),
    UNIQUE (agent_id, place)
);
CREATE INDEX agent_act_booked ON agent_act (agent_id, booked_on);

CREATE TABLE agent_count (
    agent_id text NOT NULL,             -- agent
    place bigint NOT NULL,
    id text NOT NULL,                   -- agentcount_...
    counted_minor bigint NOT NULL CHECK (counted_minor >= 0),
    put_in_minor bigint NOT NULL CHECK (put_in_minor >= 0),
    taken_out_minor bigint NOT NULL CHECK (taken_out_minor >= 0),
    expected_minor bigint NOT NULL,
    cashier text NOT NULL,
    counted_at timestamptz NOT NULL,
    counted_on date NOT NULL,
    PRIMARY KEY (agent_id, place)
);

CREATE TABLE agent_code (
    id text PRIMARY KEY,                -- cashcode_...
    party_id text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    hash bytea NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries integer NOT NULL,
    used_at timestamptz,
    dropped_at timestamptz
);
CREATE INDEX agent_code_party ON agent_code (party_id, made_at);

CREATE TABLE agent_device (
    agent_id text NOT NULL,             -- agent
    id text NOT NULL,                   -- agentdevice_...
    name text NOT NULL,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    registered_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (agent_id, id)
);

CREATE TABLE agent_queued (
    agent_id text NOT NULL,             -- agent
    device_id text NOT NULL,            -- agent_device
    number bigint NOT NULL CHECK (number > 0),
    way text NOT NULL,                  -- in, out
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    digest bytea NOT NULL,              -- SHA-256 of what was signed
    signature bytea NOT NULL,
    cashier text NOT NULL,
    phone text,                         -- while it waits and nobody answers to it
    party_id text,                      -- who answered to the phone
    code_id text,                       -- agent_code that was told
    acted_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    became text NOT NULL,               -- applied, waits, dropped
    act_id text,
    problem text NOT NULL,              -- the code of why it waits
    note text NOT NULL,
    decided_by text,
    PRIMARY KEY (agent_id, device_id, number)
);
CREATE INDEX agent_queued_waits ON agent_queued (agent_id) WHERE became = 'waits';

GRANT SELECT, INSERT, UPDATE ON agent, agent_contract, agent_code, agent_device, agent_queued TO farthing_app;
GRANT SELECT, INSERT ON agent_act, agent_count TO farthing_app;
