-- funding: the protection fund of the marketplace.

ALTER TABLE funding_listed ADD COLUMN protects boolean NOT NULL DEFAULT false;   -- fees on the lenders' part go to the fund

ALTER TABLE market_listing ADD COLUMN lost boolean NOT NULL DEFAULT false;       -- its loan was given up

-- Lenders of a loan that was given up, and what the fund paid them: once, at the close of a day.
CREATE TABLE market_claim (
    loan_id text PRIMARY KEY,           -- loan
    currency text NOT NULL,
    claimed_minor bigint CHECK (claimed_minor >= 0),
    paid_minor bigint CHECK (paid_minor >= 0 AND paid_minor <= claimed_minor),
    after_flow integer,                 -- what moves later pays the fund back first
    paid_on date,
    CHECK ((paid_minor IS NULL) = (paid_on IS NULL))
);
CREATE INDEX market_claim_waiting ON market_claim (loan_id) WHERE paid_minor IS NULL;

GRANT SELECT, INSERT, UPDATE ON market_claim TO farthing_app;
