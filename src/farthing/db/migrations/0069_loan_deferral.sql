-- lending: origination fees that were paid and are not earned yet, at the end of a month.

CREATE TABLE loan_deferral (
    id text PRIMARY KEY,                -- month:product:currency:against:income
    month date NOT NULL,
    product text NOT NULL,
    currency text NOT NULL,
    against text NOT NULL,              -- the account where what is not earned stands
    income text NOT NULL,
    loans integer NOT NULL,
    deferred_minor bigint NOT NULL CHECK (deferred_minor >= 0),
    standing_minor bigint NOT NULL      -- what stood before
);
CREATE INDEX loan_deferral_month ON loan_deferral (month);
GRANT SELECT, INSERT ON loan_deferral TO farthing_app;
