-- evidence: the append-only log, its RFC 6962 tree, checkpoints, and personal data kept beside the leaves.
-- No sequences, triggers or foreign keys; every primary key is the distribution column.

-- A leaf: canonical JSON of something that happened. kind, recorded_at and mentions repeat what body says.
CREATE TABLE evidence_leaf (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    recorded_at timestamptz NOT NULL,
    body bytea NOT NULL,                -- the exact bytes that are hashed
    mentions text[] NOT NULL            -- prefixed ids found in body, sorted: what the leaf is about
);
CREATE INDEX evidence_leaf_mentions ON evidence_leaf USING gin (mentions);

-- A leaf not yet in the tree; written with the leaf, removed by integration. A queue, not a record of fact.
CREATE TABLE evidence_pending (
    id uuid PRIMARY KEY,                -- evidence_leaf.id
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

-- Where a leaf stands in the tree.
CREATE TABLE evidence_position (
    id bigint PRIMARY KEY CHECK (id >= 0), -- position in the tree, from 0
    leaf_id uuid NOT NULL               -- evidence_leaf.id
);
CREATE INDEX evidence_position_leaf ON evidence_position (leaf_id);

-- The hash of every complete subtree; id is its place in order of completion (evidence/merkle.py).
CREATE TABLE evidence_node (
    id bigint PRIMARY KEY CHECK (id >= 0),
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

-- The tree's size and root. One row: updating it is the lock of the single writer.
CREATE TABLE evidence_head (
    id smallint PRIMARY KEY CHECK (id = 1),
    size bigint NOT NULL CHECK (size >= 0),
    root bytea NOT NULL CHECK (length(root) = 32)
);
INSERT INTO evidence_head (id, size, root) VALUES (1, 0, sha256(''));

-- A signed tree head (C2SP tlog-checkpoint) and its RFC 3161 timestamp. seal is a hash of the other columns.
CREATE TABLE evidence_checkpoint (
    id bigint PRIMARY KEY CHECK (id >= 0), -- tree size
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,
    made_at timestamptz NOT NULL,
    token bytea,                        -- TimeStampToken (DER) over SHA-256 of note
    seal bytea NOT NULL
);

-- A witness's signature line on a checkpoint (C2SP tlog-cosignature).
CREATE TABLE evidence_cosignature (
    id uuid PRIMARY KEY,                -- derived from checkpoint and witness
    checkpoint_id bigint NOT NULL,      -- evidence_checkpoint.id
    witness text NOT NULL,              -- verifier key of the witness (C2SP vkey)
    line text NOT NULL
);
CREATE INDEX evidence_cosignature_checkpoint ON evidence_cosignature (checkpoint_id);

-- The log's Ed25519 key, made at first use. Readable by the owner and the application only.
CREATE TABLE evidence_key (
    id text PRIMARY KEY,                -- key name, which is the log's origin
    private bytea NOT NULL CHECK (length(private) = 32),
    public bytea NOT NULL CHECK (length(public) = 32)
);
REVOKE ALL ON evidence_key FROM PUBLIC;

-- Personal data whose salted hash stands in a leaf. Erasing empties salt and value; the hash then says nothing.
CREATE TABLE evidence_personal (
    id uuid PRIMARY KEY,                -- derived from leaf and path
    leaf_id uuid NOT NULL,              -- evidence_leaf.id
    path text NOT NULL,                 -- JSON pointer (RFC 6901) into the leaf's data
    subject text NOT NULL,              -- whose data it is: party_..., or the actor's id
    salt bytea,
    value text,                         -- canonical JSON
    erased_by uuid,                     -- evidence_leaf.id of the leaf that records the erasure
    CHECK ((salt IS NULL) = (value IS NULL) AND (salt IS NULL) = (erased_by IS NOT NULL))
);
CREATE INDEX evidence_personal_leaf ON evidence_personal (leaf_id);
CREATE INDEX evidence_personal_subject ON evidence_personal (subject) WHERE erased_by IS NULL;

GRANT SELECT, INSERT ON evidence_leaf, evidence_position, evidence_node, evidence_cosignature, evidence_key,
    evidence_checkpoint, evidence_personal, evidence_pending TO farthing_app;
GRANT DELETE ON evidence_pending TO farthing_app;
GRANT SELECT, UPDATE (size, root) ON evidence_head TO farthing_app;
GRANT UPDATE (token, seal) ON evidence_checkpoint TO farthing_app;
GRANT UPDATE (salt, value, erased_by) ON evidence_personal TO farthing_app;
