-- funding: what partners claimed of covers, once for their part of a loan.

CREATE TABLE funding_cover_claim (
    loan_id text NOT NULL,              -- loan
    partner text NOT NULL,              -- funding_partner
    programme text NOT NULL,
    giver text NOT NULL,                -- funding_partner, or nothing where this bank gives the cover
    why text NOT NULL CHECK (why IN ('past_due', 'given_up')),
    currency text NOT NULL,
    claimed_minor bigint NOT NULL CHECK (claimed_minor > 0),
    paid_minor bigint NOT NULL CHECK (paid_minor >= 0 AND paid_minor <= claimed_minor),
    after_flow integer NOT NULL,        -- of principal that moves later the cover has back what it paid
    paid_on date NOT NULL,
    PRIMARY KEY (loan_id, partner)
);
CREATE INDEX funding_part_given_up ON funding_part (loan_id) WHERE given_up;
CREATE INDEX funding_part_lent ON funding_part (programme, version) INCLUDE (share_minor, left_minor) WHERE lent;

GRANT SELECT, INSERT ON funding_cover_claim TO farthing_app;
