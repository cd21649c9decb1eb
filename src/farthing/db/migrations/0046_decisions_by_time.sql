-- credit: the latest decisions, and those of the last weeks, are found without reading all of them.
CREATE INDEX credit_decision_decided ON credit_decision (decided_at, id);
