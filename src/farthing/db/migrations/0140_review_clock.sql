-- A review of a decision by a person has a clock: by when it is to be answered, and when its customer was told that it is late.
ALTER TABLE credit_review ADD COLUMN answer_by date;
ALTER TABLE credit_review ADD COLUMN late_told_on date;
GRANT UPDATE (late_told_on) ON credit_review TO farthing_app;
CREATE INDEX credit_review_late ON credit_review (id) WHERE outcome IS NULL AND late_told_on IS NULL;
