-- credit: a loan that was written off is not one that was repaid.
ALTER TABLE credit_commitment DROP CONSTRAINT credit_commitment_state_check, DROP CONSTRAINT credit_commitment_check1,
    DROP CONSTRAINT credit_commitment_check2;
