-- lending knows no funder: what moves on a loan that others fund is told once, and shared out by whoever holds it (decision 0037).

CREATE TABLE loan_flow (
    loan_id text NOT NULL,              -- loan
    number integer NOT NULL CHECK (number > 0),
    kind text NOT NULL CHECK (kind IN ('disbursed', 'recognised', 'repaid')),
    about text NOT NULL,                -- the instalment's number, or the repayment
    on_day date NOT NULL,
    currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor >= 0),
    interest_minor bigint NOT NULL CHECK (interest_minor >= 0),
    penalty_minor bigint NOT NULL CHECK (penalty_minor >= 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    waits boolean NOT NULL,             -- to be shared out
    PRIMARY KEY (loan_id, number)
);
CREATE INDEX loan_flow_waits ON loan_flow (loan_id) WHERE waits;
GRANT SELECT, INSERT, UPDATE ON loan_flow TO farthing_app;

-- funding: whose claim a loan is, from a day on. The notes of the latest such day that has come are in force, all of them.
CREATE TABLE funding_note (
    loan_id text NOT NULL,              -- loan
    holder text NOT NULL,
    from_on date NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),
    PRIMARY KEY (loan_id, holder, from_on)
);
CREATE INDEX funding_note_holder ON funding_note (holder, loan_id);
GRANT SELECT, INSERT ON funding_note TO farthing_app;

-- A lender is named in the contract by its name and number, which its share carries from now on.
UPDATE loan SET holders = named.holders
FROM (
    SELECT loan.id, jsonb_agg(
        CASE WHEN partner.id IS NULL THEN each.holder
             ELSE each.holder || jsonb_build_object('legal_name', partner.name, 'credit_code', partner.credit_code) END
        ORDER BY each.position) AS holders
    FROM loan CROSS JOIN LATERAL jsonb_array_elements(loan.holders) WITH ORDINALITY AS each (holder, position)
        LEFT JOIN funding_partner AS partner ON 'partner:' || partner.id = each.holder ->> 'name'
    GROUP BY loan.id
) AS named
WHERE named.id = loan.id AND loan.holders <> named.holders;

-- What moved before was shared out as it moved.
CREATE TEMPORARY TABLE loan_shared ON COMMIT DROP AS
    SELECT id, currency, principal_minor, disbursed_on, holders FROM loan
    WHERE disbursed_on IS NOT NULL AND NOT (jsonb_array_length(holders) = 1 AND holders -> 0 ->> 'name' = 'own');

INSERT INTO funding_note (loan_id, holder, from_on, position, currency, principal_minor)
SELECT loan.id, each.holder ->> 'name', loan.disbursed_on, each.position, loan.currency,
    (each.holder -> 'share' ->> 'minor')::bigint
FROM loan_shared AS loan CROSS JOIN LATERAL jsonb_array_elements(loan.holders) WITH ORDINALITY AS each (holder, position);

INSERT INTO loan_flow (loan_id, number, kind, about, on_day, currency, principal_minor, interest_minor, penalty_minor, fee_minor,
                       waits)
SELECT loan_id, row_number() OVER (PARTITION BY loan_id ORDER BY place, at, about), kind, about, on_day, currency, principal, interest,
    penalty, fee, false
FROM (
    SELECT id AS loan_id, 1 AS place, NULL::timestamptz AS at, 'disbursed' AS kind, '' AS about, disbursed_on AS on_day, currency,
        principal_minor AS principal, 0::bigint AS interest, 0::bigint AS penalty, 0::bigint AS fee
    FROM loan_shared
    UNION ALL
    SELECT loan.id, 2, due.due_on, 'recognised', due.number::text, due.due_on, loan.currency, 0, due.interest_accrued_minor, 0, 0
    FROM loan_shared AS loan JOIN loan_instalment AS due ON due.loan_id = loan.id
    WHERE due.interest_accrued_minor > 0
    UNION ALL
    SELECT loan.id, 3, paid.recorded_at, 'repaid', paid.id, paid.paid_on, loan.currency,
        coalesce(sum((line -> 'amount' ->> 'minor')::bigint) FILTER (WHERE line ->> 'component' = 'principal'), 0)::bigint,
        coalesce(sum((line -> 'amount' ->> 'minor')::bigint) FILTER (WHERE line ->> 'component' = 'interest'), 0)::bigint,
        coalesce(sum((line -> 'amount' ->> 'minor')::bigint) FILTER (WHERE line ->> 'component' = 'penalty'), 0)::bigint,
        coalesce(sum((line -> 'amount' ->> 'minor')::bigint) FILTER (WHERE line ->> 'component' = 'fee'), 0)::bigint
    FROM loan_shared AS loan JOIN loan_repayment AS paid ON paid.loan_id = loan.id
        CROSS JOIN LATERAL jsonb_array_elements(paid.lines) AS line
    GROUP BY loan.id, loan.currency, paid.id, paid.paid_on, paid.recorded_at
) AS moved;
