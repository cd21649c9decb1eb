-- credit: what was written off before is called so, and the register holds no other states.
UPDATE credit_commitment AS held SET state = 'written_off'
WHERE held.state = 'repaid' AND EXISTS (
    SELECT FROM loan_obligation AS due WHERE due.loan_id = held.id AND due.written_off_minor > 0);
ALTER TABLE credit_commitment
    ADD CONSTRAINT credit_commitment_state_check CHECK (state IN ('taken', 'drawn', 'repaid', 'written_off', 'withdrawn')),
    ADD CONSTRAINT credit_commitment_drawn CHECK ((state IN ('drawn', 'repaid', 'written_off')) = (drawn_on IS NOT NULL)),
    ADD CONSTRAINT credit_commitment_ended CHECK ((state IN ('repaid', 'written_off', 'withdrawn')) = (ended_on IS NOT NULL));
