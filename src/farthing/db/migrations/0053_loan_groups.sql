-- lending.groups: people who answer for each other's loans, their meetings, and what was collected there.
CREATE TABLE loan_group (
    id text PRIMARY KEY,
    name text NOT NULL,
    officer text NOT NULL,              -- login: who meets the group
    from_on date NOT NULL,              -- the first meeting; the others follow it every so many weeks
    every_weeks integer NOT NULL CHECK (every_weeks BETWEEN 1 AND 12),
    place text NOT NULL,
    sheets integer NOT NULL CHECK (sheets >= 0),
    made_on date NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON loan_group TO farthing_app;

CREATE TABLE loan_group_member (
    party_id text NOT NULL,             -- party
    group_id text NOT NULL,             -- loan_group
    state text NOT NULL CHECK (state IN ('asked', 'in', 'left')),
    asked_on date NOT NULL,
    joined_on date,
    left_on date,
    PRIMARY KEY (party_id, group_id)
);
CREATE UNIQUE INDEX loan_group_member_one ON loan_group_member (party_id) WHERE state = 'in';
CREATE INDEX loan_group_member_group ON loan_group_member (group_id);
GRANT SELECT, INSERT, UPDATE ON loan_group_member TO farthing_app;

-- A sheet: what an officer collected at once, and who paid how much for whose loan.
CREATE TABLE loan_sheet (
    group_id text NOT NULL,             -- loan_group
    number integer NOT NULL CHECK (number > 0),
    held_on date NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    taken_by text NOT NULL,             -- login: whose drawer the cash is in
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (group_id, number)
);
GRANT SELECT, INSERT ON loan_sheet TO farthing_app;

CREATE TABLE loan_sheet_line (
    group_id text NOT NULL,             -- loan_group
    sheet integer NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    payer_id text NOT NULL,             -- party: who brought the cash
    borrower_id text NOT NULL,          -- party: whose loan it repaid
    loan_id text NOT NULL,              -- loan
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    cash_id text NOT NULL,              -- the payer's cash in the books: cash:<cash_id>
    repayment_id text NOT NULL,
    PRIMARY KEY (group_id, sheet, position)
);
GRANT SELECT, INSERT ON loan_sheet_line TO farthing_app;
