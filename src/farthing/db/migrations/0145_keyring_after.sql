-- A personal value beside the log is one of three: in plain still, sealed, or erased.

ALTER TABLE evidence_personal ADD CHECK (num_nonnulls(value, sealed, erased_by) = 1 AND (salt IS NULL) = (value IS NULL));
