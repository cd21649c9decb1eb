-- credit: the review of a decision by a person, asked for by its customer and answered by somebody of the staff.

CREATE TABLE credit_review (
    id          text PRIMARY KEY CHECK (id LIKE 'review\_%'),  -- derived from the decision and how many came before
    decision_id text NOT NULL,             -- credit_decision
    party_id    text NOT NULL,             -- party
    words       text NOT NULL CHECK (char_length(words) BETWEEN 1 AND 500),
    asked_on    date NOT NULL,
    outcome     text CHECK (outcome IN ('upheld', 'changed')),
    answer      text CHECK (char_length(answer) BETWEEN 1 AND 500),
    answered_on date,
    answered_by text,
    CHECK ((outcome IS NULL) = (answer IS NULL)),
    CHECK ((outcome IS NULL) = (answered_on IS NULL)),
    CHECK ((outcome IS NULL) = (answered_by IS NULL))
);
CREATE INDEX credit_review_decision ON credit_review (decision_id);
CREATE INDEX credit_review_open ON credit_review (asked_on, id) WHERE outcome IS NULL;

GRANT SELECT, INSERT ON credit_review TO farthing_app;
GRANT UPDATE (outcome, answer, answered_on, answered_by) ON credit_review TO farthing_app;
