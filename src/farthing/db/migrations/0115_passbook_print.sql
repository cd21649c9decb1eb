-- savings: what was printed into the passbook of a deposit, and where on paper it stands.

CREATE TABLE passbook_print (
    deposit_id text NOT NULL,
    number bigint NOT NULL,             -- of the printing, from 1
    book bigint NOT NULL,               -- of the deposit's passbooks, from 1
    first_row bigint NOT NULL CHECK (first_row > 0),
    rows bigint NOT NULL CHECK (rows > 0),
    after_line bigint NOT NULL,         -- the deposit's events after this one
    last_line bigint NOT NULL,          -- up to this one
    carried boolean NOT NULL,           -- the first row carries a balance over
    printed_on date NOT NULL,
    printed_at timestamptz NOT NULL,
    PRIMARY KEY (deposit_id, number),
    CHECK (last_line >= after_line)
);

GRANT SELECT, INSERT ON passbook_print TO farthing_app;
