-- lending tells an exchange of its loans: what was told of each, in which cycle, and which borrowers were warned before.

CREATE TABLE furnishing_cycle (
    id text PRIMARY KEY,                -- period and attempt: 2026-10.1
    period date NOT NULL,               -- its first day
    after date,                         -- the period of the cycle before; none of the first
    state text NOT NULL,                -- sent, accepted, tested, refused
    made_on date NOT NULL,
    rows integer NOT NULL,
    result jsonb,                       -- what the exchange answered
    answered_at timestamptz
);
CREATE INDEX furnishing_cycle_period ON furnishing_cycle (period);

CREATE TABLE furnishing_row (
    loan_id text NOT NULL,              -- loan
    cycle_id text NOT NULL,             -- furnishing_cycle
    period date NOT NULL,               -- its first day; of a row that is told again an earlier one than the cycle's
    party_id text NOT NULL,             -- party: whose number and name are told with it when it is sent
    said jsonb NOT NULL,                -- what is told of the month
    codes text[],                       -- why the exchange refused it or warned of it
    refused boolean,                    -- none before it was answered
    PRIMARY KEY (loan_id, cycle_id, period)
);
CREATE INDEX furnishing_row_cycle ON furnishing_row (cycle_id, loan_id, period);

CREATE TABLE furnishing_warning (
    loan_id text NOT NULL,              -- loan
    since date NOT NULL,                -- the due day of the instalment that is not paid
    told_on date NOT NULL,
    notice text NOT NULL,               -- the errand that told the borrower
    PRIMARY KEY (loan_id, since)
);

GRANT SELECT, INSERT ON furnishing_cycle, furnishing_row, furnishing_warning TO farthing_app;
GRANT UPDATE (state, result, answered_at) ON furnishing_cycle TO farthing_app;
GRANT UPDATE (codes, refused) ON furnishing_row TO farthing_app;
