-- Who held the key of a certificate for one signature while it signed; empty for a kept seal, and for what is older than this is kept.
ALTER TABLE signing_certificate ADD COLUMN custody text NOT NULL DEFAULT ''
    CHECK (custody IN ('', 'browser', 'passkey', 'counter', 'session'));

-- A document that waits for the signature of a key in its signer's browser: everything of the next revision but that. A day old, it
-- is deleted; what came of it is a revision, and its certificate is kept with that.
CREATE TABLE prepared_signature (
    id text PRIMARY KEY,                -- the errand that prepared it
    contract_id text NOT NULL,          -- contract.id
    role text NOT NULL,                 -- the field that is filled
    party_id text NOT NULL,
    shown text NOT NULL CHECK (length(shown) = 64), -- SHA-256 of the document that the signer read
    certificate bytea NOT NULL,         -- DER, of the browser's key
    issuer bytea NOT NULL,              -- DER, of who certified it
    increment bytea NOT NULL,           -- what the revision adds, its signature's place empty
    start_at bigint NOT NULL CHECK (start_at > 0), -- the empty place in the whole file: from here
    stop_at bigint NOT NULL,            -- up to here
    attributes bytea NOT NULL,          -- DER, what the key signs
    made_at timestamptz NOT NULL,
    CHECK (stop_at > start_at)
);
CREATE INDEX prepared_signature_made_at ON prepared_signature (made_at);
GRANT SELECT, INSERT, DELETE ON prepared_signature TO farthing_app;
