-- funding: a partner's share of a loan that was given up before it was paid out is let go.

ALTER TABLE funding_inquiry DROP CONSTRAINT funding_inquiry_state_check;
ALTER TABLE funding_inquiry ADD CONSTRAINT funding_inquiry_state_check
    CHECK (state IN ('asked', 'agreed', 'declined', 'passed_over', 'released'));
