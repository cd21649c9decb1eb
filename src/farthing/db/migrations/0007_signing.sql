-- signing: contracts and their revisions, certificates, keys of the built-in authorities.
-- No sequences, triggers or foreign keys; every primary key is or begins with the distribution column.

-- A contract: what was agreed, as data. id is derived from subject, so one subject has one contract.
CREATE TABLE contract (
    id text PRIMARY KEY,
    subject text NOT NULL,              -- what it is about, such as a loan's id
    template text NOT NULL,
    template_digest text NOT NULL,      -- SHA-256 of the wording used
    terms bytea NOT NULL,               -- the canonical JSON that is attached to the PDF
    terms_digest text NOT NULL CHECK (length(terms_digest) = 64),
    boxes jsonb NOT NULL,               -- where signatures stand
    created_at timestamptz NOT NULL,
    revision integer NOT NULL CHECK (revision >= 0) -- number of revisions; updating it is the contract's lock
);

-- One revision: the bytes appended to the file. A PDF grows by appending, so the document at revision n is the
-- concatenation of increments 0..n, and nothing a party signed is ever rewritten.
CREATE TABLE contract_revision (
    contract_id text NOT NULL,          -- contract.id
    number integer NOT NULL CHECK (number >= 0),
    field text NOT NULL,                -- the signature field that was filled
    increment bytea NOT NULL,
    length bigint NOT NULL CHECK (length > 0),  -- of the whole document
    digest text NOT NULL CHECK (length(digest) = 64), -- SHA-256 of the whole document
    certificate_id text,                -- signing_certificate.id; none for the document timestamp
    party_id text,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (contract_id, number)
);
ALTER TABLE contract_revision ALTER COLUMN increment SET STORAGE EXTERNAL;

-- Every certificate issued, kept for good (Electronic Signature Law art. 24: five years after it expired).
CREATE TABLE signing_certificate (
    id text PRIMARY KEY,                -- serial number, hexadecimal
    authority text NOT NULL,            -- who issued it: sandbox
    party_id text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('person', 'organisation')),
    level integer NOT NULL,             -- identity verification level at issue
    contract_id text,                   -- contract.id, for a one-time certificate
    certificate bytea NOT NULL,         -- DER
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL CHECK (not_after > not_before)
);
CREATE INDEX signing_certificate_party ON signing_certificate (party_id);

-- A certificate that must no longer be trusted. It goes on the next revocation list.
CREATE TABLE signing_revocation (
    id text PRIMARY KEY,                -- signing_certificate.id
    reason text NOT NULL,
    revoked_at timestamptz NOT NULL,
    not_after timestamptz NOT NULL      -- of the certificate: afterwards it leaves the list
);

-- Keys that are kept: root, issuing CA, TSA, the institution's seal, the platform's certification. A signer's own key is
-- never here. key: one byte saying how (0 plain PKCS #8, 1 AES-256-GCM under FARTHING_SECRET), then the key.
CREATE TABLE signing_key (
    id text PRIMARY KEY,                -- role:generation
    role text NOT NULL,
    generation integer NOT NULL CHECK (generation > 0),
    key bytea NOT NULL,
    certificate bytea NOT NULL,         -- DER
    not_after timestamptz NOT NULL
);
CREATE INDEX signing_key_role ON signing_key (role, generation);

GRANT SELECT, INSERT ON contract, contract_revision, signing_certificate, signing_revocation, signing_key TO farthing_app;
GRANT UPDATE (revision) ON contract TO farthing_app;
