-- Proof of liabilities: what every customer was owed at the end of a day, in one tree for each currency.
CREATE TABLE liability_day (
    id text PRIMARY KEY,                -- the day
    as_of timestamptz NOT NULL,         -- when the balances were read
    leaf_id text NOT NULL,              -- evidence_leaf: roots, totals and counts
    key bytea                           -- where each leaf stands, and its salt; none once the pieces are gone
);

CREATE TABLE liability_tree (
    id text PRIMARY KEY,                -- day:currency
    day_id text NOT NULL,
    currency text NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    total bigint NOT NULL CHECK (total >= 0),
    overdrawn bigint NOT NULL CHECK (overdrawn >= 0),
    accounts bigint NOT NULL CHECK (accounts >= 0),
    tops bytea NOT NULL                 -- the pieces' roots, with the first leaf's place of each
);

CREATE TABLE liability_piece (
    tree_id text NOT NULL,
    number integer NOT NULL CHECK (number >= 0),
    leaves bytea NOT NULL,              -- place, hash and amount of each
    PRIMARY KEY (tree_id, number)
);

CREATE TABLE liability_look (
    id text PRIMARY KEY,                -- day:party: whoever took the proof of a day
    day_id text NOT NULL,
    looked_at timestamptz NOT NULL
);
CREATE INDEX liability_look_day ON liability_look (day_id);

GRANT SELECT, INSERT ON liability_day, liability_tree, liability_piece, liability_look TO farthing_app;
GRANT UPDATE (key) ON liability_day TO farthing_app;
GRANT DELETE ON liability_piece TO farthing_app;
