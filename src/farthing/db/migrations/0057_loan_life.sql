-- lending: a loan is a plan, obligations and events (decision 0039). Rows of obligations are what the fold of the events said last.

CREATE TABLE loan_plan (
    loan_id text NOT NULL,              -- loan
    number integer NOT NULL CHECK (number > 0),
    from_on date NOT NULL,
    made_by integer NOT NULL CHECK (made_by >= 0), -- the event that made it; 0: the contract
    rows jsonb NOT NULL,                -- [due day, principal, interest, fee] in minor units
    PRIMARY KEY (loan_id, number)
);

CREATE TABLE loan_event (
    loan_id text NOT NULL,              -- loan
    number integer NOT NULL CHECK (number > 0), -- in the order of telling
    id text NOT NULL,
    kind text NOT NULL,
    on_day date NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    about jsonb NOT NULL,
    moves jsonb NOT NULL,               -- by obligation: how much more is owed, paid, waived, written off
    outstanding_minor bigint NOT NULL CHECK (outstanding_minor >= 0),
    loan_state text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (loan_id, number)
);
-- What moved since a day is found without reading every event.
CREATE INDEX loan_event_on ON loan_event (on_day);

CREATE TABLE loan_obligation (
    loan_id text NOT NULL,              -- loan
    instalment integer NOT NULL CHECK (instalment > 0),
    component text NOT NULL CHECK (component IN ('principal', 'interest', 'fee', 'penalty')),
    due_on date NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    paid_minor bigint NOT NULL CHECK (paid_minor >= 0),
    waived_minor bigint NOT NULL CHECK (waived_minor >= 0),
    written_off_minor bigint NOT NULL CHECK (written_off_minor >= 0),
    recognised_minor bigint NOT NULL CHECK (recognised_minor >= 0),
    left_minor bigint NOT NULL CHECK (left_minor >= 0),
    open boolean NOT NULL,
    PRIMARY KEY (loan_id, instalment, component),
    CHECK (left_minor = amount_minor - paid_minor - waived_minor - written_off_minor),
    CHECK (open = (left_minor > 0))
);
-- The close of a day asks what falls due, never how many loans there are.
CREATE INDEX loan_obligation_due ON loan_obligation (due_on, loan_id) WHERE open;

GRANT SELECT, INSERT ON loan_event TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON loan_plan, loan_obligation TO farthing_app;

-- Of which day the obligations of a loan that was paid out tell.
ALTER TABLE loan ADD COLUMN as_of_on date;

-- What was before: a plan is the instalments as they were agreed, an event the payment out and each repayment.
INSERT INTO loan_plan (loan_id, number, from_on, made_by, rows)
SELECT loan.id, 1, coalesce(loan.pays_on, loan.accepted_on), 0,
    jsonb_agg(jsonb_build_array(due.due_on, due.principal_minor, due.interest_minor, due.fee_minor) ORDER BY due.number)
FROM loan JOIN loan_instalment AS due ON due.loan_id = loan.id
GROUP BY loan.id;

INSERT INTO loan_event (loan_id, number, id, kind, on_day, currency, amount_minor, about, moves, outstanding_minor, loan_state,
                        recorded_at)
SELECT id, 1, 'out_' || substr(id, position('_' IN id) + 1), 'pay_out', disbursed_on, currency, principal_minor, '{}', '[]',
    principal_minor, 'active', disbursed_on::timestamp AT TIME ZONE 'UTC'
FROM loan WHERE disbursed_on IS NOT NULL;

-- What each repayment paid, and what the one that paid a loan off left unowed, by obligation in the order of the product.
CREATE TEMPORARY TABLE loan_moved ON COMMIT DROP AS
    SELECT repayment, bool_or(waived > 0) AS pays_off, jsonb_agg(jsonb_build_object('number', number, 'component', component, 'amount', 0,
        'paid', paid, 'waived', waived, 'written_off', 0) ORDER BY number, place) AS moves
    FROM (
        SELECT moved.repayment, moved.number, moved.component, sum(moved.paid)::bigint AS paid, sum(moved.waived)::bigint AS waived,
            array_position(ARRAY(SELECT jsonb_array_elements_text(loan.conditions -> 'allocation')), moved.component) AS place
        FROM (
            SELECT paid.id AS repayment, paid.loan_id, (line ->> 'number')::integer AS number, line ->> 'component' AS component,
                (line -> 'amount' ->> 'minor')::bigint AS paid, 0::bigint AS waived
            FROM loan_repayment AS paid CROSS JOIN LATERAL jsonb_array_elements(paid.lines) AS line
            UNION ALL
            SELECT last.id, due.loan_id, due.number, 'interest', 0, due.interest_waived_minor
            FROM loan_instalment AS due JOIN (SELECT DISTINCT ON (loan_id) loan_id, id FROM loan_repayment
                ORDER BY loan_id, recorded_at DESC, id DESC) AS last ON last.loan_id = due.loan_id
            WHERE due.interest_waived_minor > 0
        ) AS moved JOIN loan ON loan.id = moved.loan_id
        GROUP BY loan.id, moved.repayment, moved.number, moved.component
    ) AS each
    GROUP BY repayment;

INSERT INTO loan_event (loan_id, number, id, kind, on_day, currency, amount_minor, about, moves, outstanding_minor, loan_state,
                        recorded_at)
SELECT paid.loan_id, 1 + row_number() OVER (PARTITION BY paid.loan_id ORDER BY paid.recorded_at, paid.id), paid.id,
    CASE WHEN moved.pays_off THEN 'pay_off' ELSE 'repay' END, paid.paid_on, paid.currency, paid.amount_minor, '{}', moved.moves,
    paid.outstanding_minor, paid.loan_state, paid.recorded_at
FROM loan_repayment AS paid JOIN loan_moved AS moved ON moved.repayment = paid.id;

INSERT INTO loan_obligation (loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor, written_off_minor,
                             recognised_minor, left_minor, open)
SELECT due.loan_id, due.number, each.component, due.due_on, each.amount, each.paid, each.waived, 0, each.recognised,
    each.amount - each.paid - each.waived, each.amount > each.paid + each.waived
FROM loan_instalment AS due JOIN loan ON loan.id = due.loan_id CROSS JOIN LATERAL (VALUES
    ('principal', due.principal_minor, due.principal_paid_minor, 0::bigint, 0::bigint),
    ('interest', due.interest_minor, due.interest_paid_minor, due.interest_waived_minor, due.interest_accrued_minor),
    ('fee', due.fee_minor, due.fee_paid_minor, 0, 0),
    ('penalty', due.penalty_accrued_minor, due.penalty_paid_minor, 0, 0)
) AS each (component, amount, paid, waived, recognised)
WHERE loan.disbursed_on IS NOT NULL AND each.amount > 0;

UPDATE loan SET as_of_on = coalesce(loan.closed_on, greatest(loan.disbursed_on, told.looked_on, told.late_on, told.due_on))
FROM (
    SELECT due.loan_id, max(paid.paid_on) AS looked_on, max(due.penalty_as_of) FILTER (WHERE due.late_minor_days > 0) AS late_on,
        max(due.due_on) FILTER (WHERE due.interest_accrued_minor > 0) AS due_on
    FROM loan_instalment AS due LEFT JOIN loan_repayment AS paid ON paid.loan_id = due.loan_id
    GROUP BY due.loan_id
) AS told
WHERE told.loan_id = loan.id AND loan.disbursed_on IS NOT NULL;
