-- funding: who the lenders of a loan's marketplace part are, before it is paid out and from each day on.

-- What a listing pinned for the life of its loan.
CREATE TABLE funding_listed (
    loan_id text PRIMARY KEY,           -- loan
    listing_id text NOT NULL,           -- whose escrow pays the loan out
    currency text NOT NULL,
    fee_rate numeric NOT NULL CHECK (fee_rate >= 0 AND fee_rate < 1),
    fee_of text[] NOT NULL,             -- of which components of what is received
    lenders integer NOT NULL CHECK (lenders > 0)
);

-- Whose money lies in that escrow.
CREATE TABLE funding_pledge (
    loan_id text NOT NULL,              -- loan
    party_id text NOT NULL,             -- party
    position integer NOT NULL CHECK (position > 0),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (loan_id, party_id)
);

-- From which days on the lenders of a loan hold their notes: one edition a day at the most, of all of them.
CREATE TABLE funding_edition (
    loan_id text NOT NULL,              -- loan
    from_on date NOT NULL,
    after_flow integer NOT NULL,        -- flows of the loan up to this one were shared out when the edition began
    PRIMARY KEY (loan_id, from_on)
);
CREATE TABLE funding_lender_note (
    loan_id text NOT NULL,              -- loan
    from_on date NOT NULL,              -- funding_edition
    party_id text NOT NULL,             -- party
    position integer NOT NULL CHECK (position > 0),
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),   -- not repaid when the edition began
    PRIMARY KEY (loan_id, from_on, party_id)
);
CREATE INDEX funding_lender_note_party ON funding_lender_note (party_id, loan_id);

GRANT SELECT, INSERT ON funding_listed, funding_pledge, funding_edition, funding_lender_note TO farthing_app;
