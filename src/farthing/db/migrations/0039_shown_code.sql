-- parties: the code that a customer shows at a counter, to be found by; kept as a hash, gone when it is used or too old.

CREATE TABLE shown_code (
    id          bytea PRIMARY KEY CHECK (length(id) = 32),
    party_id    text NOT NULL,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL CHECK (expires_at > made_at)
);
CREATE INDEX shown_code_party ON shown_code (party_id);

GRANT SELECT, INSERT, DELETE ON shown_code TO farthing_app;
