-- lending: interest that is no income, because its loans are too late.

-- What a loan owed of it at the end of a month, of the own book's part; none in a month that was closed before it was known.
ALTER TABLE loan_month ADD COLUMN suspended_minor bigint CHECK (suspended_minor >= 0);

CREATE TABLE loan_suspension (
    id text PRIMARY KEY,                -- month:product:currency
    month date NOT NULL,
    product text NOT NULL,
    currency text NOT NULL,
    loans integer NOT NULL,
    suspended_minor bigint NOT NULL CHECK (suspended_minor >= 0),
    standing_minor bigint NOT NULL      -- what stood before
);
CREATE INDEX loan_suspension_month ON loan_suspension (month);
GRANT SELECT, INSERT ON loan_suspension TO farthing_app;
