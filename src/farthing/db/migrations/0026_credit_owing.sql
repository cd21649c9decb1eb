-- credit: what each party owes here or has accepted, and who vouches for the bills it brought.

-- One row a borrower: whoever changes what it may borrow waits here for whoever came before.
CREATE TABLE credit_borrower (
    id text PRIMARY KEY,                -- party
    changes bigint NOT NULL DEFAULT 0
);

CREATE TABLE credit_commitment (
    id text PRIMARY KEY,                -- the loan's id
    party_id text NOT NULL,
    decision_id text NOT NULL,
    product text NOT NULL,
    use text NOT NULL CHECK (use IN ('consumption', 'business')),
    currency text NOT NULL,
    agreed_minor bigint NOT NULL CHECK (agreed_minor > 0),
    owed_minor bigint NOT NULL CHECK (owed_minor BETWEEN 0 AND agreed_minor),
    instalment_minor bigint NOT NULL CHECK (instalment_minor > 0),
    state text NOT NULL CHECK (state IN ('taken', 'drawn', 'repaid', 'withdrawn')),
    taken_on date NOT NULL,
    drawn_on date,
    ended_on date,
    worst_days_late integer NOT NULL DEFAULT 0 CHECK (worst_days_late >= 0),
    CHECK ((state IN ('drawn', 'repaid')) = (drawn_on IS NOT NULL)),
    CHECK ((state IN ('repaid', 'withdrawn')) = (ended_on IS NOT NULL)),
    CHECK (owed_minor = 0 OR ended_on IS NULL)
);
CREATE INDEX credit_commitment_party ON credit_commitment (party_id, taken_on);

-- Loans from before the register.
INSERT INTO credit_commitment (id, party_id, decision_id, product, use, currency, agreed_minor, owed_minor, instalment_minor,
                               state, taken_on, drawn_on, ended_on)
SELECT loan.id, loan.party_id, loan.decision_id, loan.conditions ->> 'product', 'consumption', loan.currency,
    loan.principal_minor,
    CASE WHEN loan.state IN ('accepted', 'funded', 'active') THEN due.owed ELSE 0 END, greatest(due.instalment, 1),
    CASE loan.state WHEN 'active' THEN 'drawn' WHEN 'closed' THEN 'repaid' WHEN 'cancelled' THEN 'withdrawn' ELSE 'taken' END,
    loan.accepted_on, loan.disbursed_on,
    CASE loan.state WHEN 'closed' THEN loan.closed_on WHEN 'cancelled' THEN loan.accepted_on END
FROM loan JOIN (
    SELECT loan_id, sum(principal_minor - principal_paid_minor)::bigint AS owed,
        max(principal_minor + interest_minor)::bigint AS instalment
    FROM loan_instalment GROUP BY loan_id
) AS due ON due.loan_id = loan.id;

-- Who sealed the bill; empty where nobody did. The same file may be brought again with its seal.
ALTER TABLE credit_import ADD COLUMN vouched_by text NOT NULL DEFAULT '';

GRANT SELECT, INSERT, UPDATE ON credit_borrower, credit_commitment TO farthing_app;
GRANT UPDATE (vouched_by) ON credit_import TO farthing_app;
