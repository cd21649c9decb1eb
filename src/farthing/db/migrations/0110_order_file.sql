-- payments: files of payment orders (pain.001), each order in them, and by which file an order was first taken.

CREATE TABLE order_file (
    id text PRIMARY KEY,                -- derived from the customer and the message id
    party_id text NOT NULL,
    message_id text NOT NULL,
    digest text NOT NULL,               -- of what it orders
    made_at timestamptz NOT NULL,       -- as it says
    brought_at timestamptz NOT NULL,
    lines integer NOT NULL CHECK (lines > 0),
    state text NOT NULL,                -- brought, agreed, withdrawn
    agreed_at timestamptz,
    CHECK ((state = 'agreed') = (agreed_at IS NOT NULL))
);
CREATE INDEX order_file_party ON order_file (party_id, brought_at, id);

CREATE TABLE order_line (
    file_id text NOT NULL,              -- order_file
    number integer NOT NULL,            -- its place, from 1
    party_id text NOT NULL,             -- whose wallet pays
    batch text NOT NULL,                -- PmtInfId
    instruction_id text NOT NULL,
    end_to_end_id text NOT NULL,
    uetr text NOT NULL,
    execute_on date NOT NULL,
    said numeric NOT NULL,              -- the amount as the file has it
    currency text NOT NULL,
    amount_minor bigint,                -- none where it can be no amount
    account text NOT NULL,              -- masked once it is not needed
    name text NOT NULL,                 -- so is this
    memo text NOT NULL,
    taken_as text NOT NULL,             -- its name among all orders of the customer
    digest text NOT NULL,               -- of amount, account and name
    way text NOT NULL,                  -- here, rail
    payee text NOT NULL,                -- party, of one that is paid here
    state text NOT NULL,                -- understood, waits, made, known, refused
    code text NOT NULL,
    reason_code text NOT NULL,          -- the same, as ISO 20022 has it
    payment_id text NOT NULL DEFAULT '',
    PRIMARY KEY (file_id, number),
    CHECK ((state = 'made') = (payment_id <> '')),
    CHECK ((state = 'refused') = (code <> '')),
    CHECK (state = 'refused' OR amount_minor > 0)
);
CREATE INDEX order_line_waits ON order_line (execute_on, file_id, number) WHERE state = 'waits';

CREATE TABLE order_taken (
    id text PRIMARY KEY,                -- derived from the customer and the order's name
    party_id text NOT NULL,
    file_id text NOT NULL,              -- order_file
    number integer NOT NULL,
    digest text NOT NULL
);
CREATE INDEX order_taken_file ON order_taken (file_id);

GRANT SELECT, INSERT ON order_file, order_line, order_taken TO farthing_app;
GRANT UPDATE (state, agreed_at) ON order_file TO farthing_app;
GRANT UPDATE (state, code, reason_code, payment_id, account, name) ON order_line TO farthing_app;
