-- kernel: a draft ends by itself too: refused for good, lapsed, or void because who made it may not any more.

ALTER TABLE approval ADD COLUMN made_on date, ADD COLUMN party_ids text[], ADD COLUMN refusal_code text;
UPDATE approval SET made_on = (made_at AT TIME ZONE (SELECT time_zone FROM bank_clock WHERE id = 1))::date;
ALTER TABLE approval ALTER COLUMN made_on SET NOT NULL;

ALTER TABLE approval DROP CONSTRAINT approval_state_check, DROP CONSTRAINT approval_check;
ALTER TABLE approval ADD CONSTRAINT approval_state_check
    CHECK (state IN ('waiting', 'approved', 'rejected', 'refused', 'lapsed', 'void'));
ALTER TABLE approval ADD CONSTRAINT approval_checker_check
    CHECK ((checker IS NULL) = (state IN ('waiting', 'lapsed', 'void')));

CREATE INDEX approval_maker ON approval (maker, made_at);
CREATE INDEX approval_attendance ON approval (attendance_id) WHERE state = 'waiting';
