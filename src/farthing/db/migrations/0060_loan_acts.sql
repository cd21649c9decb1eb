-- lending: what the books hold no claim for any more, and what a borrower paid too much (decision 0045).

ALTER TABLE loan ADD COLUMN given_up_on date;
ALTER TABLE loan ADD COLUMN owed_back_minor bigint NOT NULL DEFAULT 0;

-- A fact that is told late, or that takes something back, moves less than nothing.
ALTER TABLE loan_flow DROP CONSTRAINT loan_flow_kind_check, DROP CONSTRAINT loan_flow_principal_minor_check,
    DROP CONSTRAINT loan_flow_interest_minor_check, DROP CONSTRAINT loan_flow_penalty_minor_check,
    DROP CONSTRAINT loan_flow_fee_minor_check;
