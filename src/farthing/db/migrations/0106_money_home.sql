-- payments: statements of other banks and wallets that a person brought for her own view, and her word on where rows belong.

CREATE TABLE home_account (
    party_id text NOT NULL,
    id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('bank', 'card', 'wallet')),
    layout text NOT NULL,
    tail text NOT NULL,
    currency text NOT NULL,
    owner text NOT NULL,
    brought_at timestamptz NOT NULL,
    first_on date,
    last_on date,
    PRIMARY KEY (party_id, id)
);

CREATE TABLE home_row (
    party_id text NOT NULL,
    id text NOT NULL,
    account_id text NOT NULL,
    at timestamp NOT NULL,
    fields jsonb NOT NULL,
    PRIMARY KEY (party_id, id)
);
CREATE INDEX home_row_at ON home_row (party_id, at);

CREATE TABLE home_choice (
    party_id text NOT NULL,
    alike text NOT NULL,
    category text NOT NULL,
    chosen_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, alike)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON home_account, home_row, home_choice TO farthing_app;
