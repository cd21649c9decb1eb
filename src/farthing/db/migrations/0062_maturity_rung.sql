-- lending: when the bank's money comes back and when it may be asked for, at each month's end.
CREATE TABLE maturity_rung (
    id text PRIMARY KEY,                -- month:currency:rung
    month date NOT NULL,
    currency text NOT NULL,
    rung text NOT NULL,
    comes_in_minor bigint NOT NULL,
    goes_out_minor bigint NOT NULL
);
CREATE INDEX maturity_rung_month ON maturity_rung (month);
GRANT SELECT, INSERT ON maturity_rung TO farthing_app;
