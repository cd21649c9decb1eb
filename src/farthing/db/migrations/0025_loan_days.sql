-- lending: the penalty is reckoned from what was overdue on each day, and a contract holds for one day of payment.

-- What was overdue, summed over the days up to penalty_as_of: minor units times days. Rounded once, when it is asked.
ALTER TABLE loan_instalment ADD COLUMN late_minor_days numeric NOT NULL DEFAULT 0 CHECK (late_minor_days >= 0);

-- The day of payment that the contract names; the schedule is reckoned from it.
ALTER TABLE loan ADD COLUMN pays_on date;
UPDATE loan SET pays_on = disbursed_on WHERE disbursed_on IS NOT NULL;

-- A penalty that was counted before stands: as many minor units times days as it is worth at the loan's penalty rate.
UPDATE loan_instalment SET late_minor_days =
        ceil(loan_instalment.penalty_accrued_minor * 365 / (loan.conditions ->> 'penalty_annual')::numeric)
FROM loan
WHERE loan.id = loan_instalment.loan_id AND loan_instalment.penalty_accrued_minor > 0
    AND (loan.conditions ->> 'penalty_annual')::numeric > 0;
