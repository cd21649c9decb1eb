-- evidence: the log's private key leaves the database. What is kept is which keys sign it, and from which size on.

-- A key that signs the log's checkpoints, or did. The private half is the signer's alone (farthing log-signer).
CREATE TABLE evidence_log_key (
    id text PRIMARY KEY,                -- verifier key (C2SP vkey)
    origin text NOT NULL,               -- key name, which is the log's origin
    public bytea NOT NULL CHECK (length(public) IN (32, 65)), -- Ed25519, or a point of P-256 or SM2
    since bigint NOT NULL CHECK (since >= 0), -- checkpoints of more leaves than so many are signed by it
    handover text                       -- the note by which the key before and this one say so (C2SP signed note)
);
INSERT INTO evidence_log_key (id, origin, public, since)
SELECT id || '+' || encode(substring(sha256(convert_to(id, 'UTF8') || '\x0a01'::bytea || public) FROM 1 FOR 4), 'hex')
    || '+' || encode('\x01'::bytea || public, 'base64'), id, public, 0
FROM evidence_key;
GRANT SELECT, INSERT ON evidence_log_key TO farthing_app;

-- What is there of an installation's private key is taken out once, into the signer's folder, and then the row goes.
GRANT DELETE ON evidence_key TO farthing_app;
COMMENT ON TABLE evidence_key IS 'the key of an installation before its signer had it; empty afterwards';

-- The secret by which a bank knows the manifest of an export that it wrote itself.
ALTER TABLE wind_down ADD COLUMN secret bytea CHECK (length(secret) = 32);
