-- lending: how late borrowers were spoken to, and what relief they asked for.

CREATE TABLE loan_contact (
    party_id text NOT NULL,             -- party: the borrower, whose contacts are counted
    number integer NOT NULL CHECK (number > 0),
    loan_id text NOT NULL,              -- loan
    on_day date NOT NULL,
    at_time text NOT NULL,              -- where the bank is
    by_whom text NOT NULL,
    channel text NOT NULL,
    outcome text NOT NULL,
    words text NOT NULL,
    promised_on date,
    currency text,
    promised_minor bigint CHECK (promised_minor > 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, number),
    CHECK ((promised_on IS NULL) = (promised_minor IS NULL))
);
CREATE INDEX loan_contact_loan ON loan_contact (loan_id);

CREATE TABLE loan_hardship (
    id text PRIMARY KEY,
    loan_id text NOT NULL,              -- loan
    party_id text NOT NULL,             -- party: the borrower
    asked_on date NOT NULL,
    asked_by text NOT NULL,
    words text NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'granted', 'declined')),
    plan text NOT NULL,
    until_on date,
    event text NOT NULL,                -- what carries the plan out on the loan
    answer text NOT NULL,
    decided_on date,
    decided_by text NOT NULL,
    CHECK ((state = 'granted') = (until_on IS NOT NULL))
);
CREATE INDEX loan_hardship_party ON loan_hardship (party_id);
CREATE INDEX loan_hardship_waiting ON loan_hardship (asked_on) WHERE state = 'asked';

GRANT SELECT, INSERT ON loan_contact TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON loan_hardship TO farthing_app;
