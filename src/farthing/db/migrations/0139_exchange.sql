-- exchange: what a credit-information node keeps: its members and their keys, its subjects, and what was furnished of them.
-- Records are append-only. Every change of what is said of a subject counts its revision up, under the subject's row, and what
-- is written bears that revision: so the records as they stood at a revision are the same for ever.

CREATE TABLE exchange_member (
    id text PRIMARY KEY,                -- its unified social credit code
    name text NOT NULL,
    kind text NOT NULL,                 -- bank, non_bank
    classes text[] NOT NULL,            -- classes that it furnishes, hence may see
    state text NOT NULL,                -- test, active, suspended
    why text NOT NULL,                  -- of the state
    since timestamptz NOT NULL,         -- of the state
    joined_at timestamptz NOT NULL,
    version integer NOT NULL            -- counts its changes
);

CREATE TABLE exchange_member_key (
    member_id text NOT NULL,            -- exchange_member
    key_id text NOT NULL,               -- derived from the public key
    spki bytea NOT NULL,                -- SubjectPublicKeyInfo, DER
    added_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (member_id, key_id)
);

CREATE TABLE exchange_message (
    member_id text NOT NULL,            -- exchange_member: who sent it
    id text NOT NULL,                   -- the sender's
    kind text NOT NULL,
    digest bytea NOT NULL,              -- of what it says
    answer text NOT NULL,               -- what it was answered: canonical JSON
    received_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, id)
);

CREATE TABLE exchange_subject (
    id text PRIMARY KEY,                -- derived from the document's number under the node's own key
    revision integer NOT NULL,          -- counts changes of what is said of it
    opened_at timestamptz NOT NULL
);

CREATE TABLE exchange_identity_link (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- derived from what it links: kind, value
    kind text NOT NULL,                 -- document, name
    value text NOT NULL,                -- of a document its masked number
    evidence text NOT NULL,             -- the cycle or message that said so
    confidence integer NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    member_id text NOT NULL,            -- who said so
    revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_identity_event (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,
    kind text NOT NULL,                 -- merge, split
    other_id text NOT NULL,             -- the subject whose records are this one's too, or no more
    evidence text NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_tradeline (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- derived from furnisher, reference and role
    revision integer NOT NULL,
    member_id text NOT NULL,            -- the furnisher
    reference text NOT NULL,            -- of the account, hashed by the furnisher
    class text NOT NULL,
    role text NOT NULL,
    opened_on date NOT NULL,
    currency text NOT NULL,
    original_minor bigint NOT NULL CHECK (original_minor >= 0),
    security text NOT NULL,
    origin text NOT NULL,               -- the tradeline that it continues after a sale; empty: none
    cycle_id text NOT NULL,             -- the cycle or message that said so
    reason text NOT NULL,               -- of a correction
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id, revision)
);

CREATE TABLE exchange_tradeline_month (
    subject_id text NOT NULL,           -- exchange_subject
    tradeline_id text NOT NULL,         -- exchange_tradeline
    period date NOT NULL,               -- its first day
    revision integer NOT NULL,
    limit_minor bigint,
    balance_minor bigint,
    due_minor bigint,
    paid_minor bigint,
    dpd integer,
    status text NOT NULL,
    source_code text NOT NULL,          -- system:code where the furnisher said it in another's
    five_class text NOT NULL,
    first_delinquency_on date,
    closed_on date,
    notice_on date,                     -- when the person was told before it was reported,
    notice text NOT NULL,               -- and the furnisher's reference of that
    as_of date NOT NULL,
    reported_at timestamptz NOT NULL,   -- when the message that told it was received
    cycle_id text NOT NULL,             -- the cycle or message that said so
    supersedes integer,                 -- the revision that it corrects
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, tradeline_id, period, revision)
);

CREATE TABLE exchange_public_record (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- derived from source and the source's own reference
    revision integer NOT NULL,
    member_id text NOT NULL,            -- who brought it
    kind text NOT NULL,
    source text NOT NULL,
    filed_on date NOT NULL,
    amount_minor bigint,
    currency text NOT NULL,
    satisfied_on date,
    withdrawn_on date,
    message_id text NOT NULL,
    supersedes integer,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id, revision)
);

CREATE TABLE exchange_view (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,
    as_of date NOT NULL,
    made_of jsonb NOT NULL,             -- subject -> revision, and what was shown of them
    format integer NOT NULL,            -- of the report
    digest bytea NOT NULL,              -- of the report's canonical JSON
    given_to text NOT NULL,             -- a member, or the person
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_cycle (
    member_id text NOT NULL,            -- exchange_member
    id text NOT NULL,                   -- period and attempt: 2026-10.1
    period date NOT NULL,               -- its first day
    state text NOT NULL,                -- open, waiting, accepted, refused
    opening jsonb,                      -- what the message said that opened it
    closing jsonb,                      -- what the message said that closed it
    first_at timestamptz NOT NULL,      -- when its first message was received
    decided_at timestamptz,
    result jsonb,
    version integer NOT NULL,           -- counts its changes
    PRIMARY KEY (member_id, id)
);
CREATE INDEX exchange_cycle_period ON exchange_cycle (member_id, period);

CREATE TABLE exchange_cycle_part (
    member_id text NOT NULL,            -- exchange_member
    cycle_id text NOT NULL,             -- exchange_cycle
    number integer NOT NULL,
    digest bytea NOT NULL,              -- of its rows
    content bytea NOT NULL,             -- its rows until the cycle is decided; then nothing
    received_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, cycle_id, number)
);

CREATE TABLE exchange_cycle_row (
    member_id text NOT NULL,            -- exchange_member
    cycle_id text NOT NULL,             -- exchange_cycle
    number integer NOT NULL,            -- of the row in the cycle; only rows that were refused or warned of
    reference text NOT NULL,            -- of the account, hashed by the furnisher
    refused boolean NOT NULL,
    codes text[] NOT NULL,
    PRIMARY KEY (member_id, cycle_id, number)
);

CREATE TABLE exchange_account (
    member_id text NOT NULL,            -- exchange_member
    reference text NOT NULL,            -- of the account, hashed by the furnisher
    role text NOT NULL,
    subject_id text NOT NULL,           -- exchange_subject
    tradeline_id text NOT NULL,         -- exchange_tradeline
    period date NOT NULL,               -- the newest that was told
    as_of date NOT NULL,
    status text NOT NULL,
    dpd integer,
    first_delinquency_on date,
    ended boolean NOT NULL,             -- its final state was told
    class text NOT NULL,                -- and its terms as they were told last: those of the tradeline
    opened_on date NOT NULL,
    currency text NOT NULL,
    original_minor bigint NOT NULL,
    security text NOT NULL,
    origin text NOT NULL,
    PRIMARY KEY (member_id, reference, role, subject_id)
);

GRANT SELECT, INSERT ON exchange_message, exchange_identity_link, exchange_identity_event, exchange_tradeline,
    exchange_tradeline_month, exchange_public_record, exchange_view, exchange_cycle_row TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON exchange_account TO farthing_app;
GRANT SELECT, INSERT ON exchange_member, exchange_member_key, exchange_subject, exchange_cycle, exchange_cycle_part
    TO farthing_app;
GRANT UPDATE (classes, state, why, since, version) ON exchange_member TO farthing_app;
GRANT UPDATE (ended_at) ON exchange_member_key TO farthing_app;
GRANT UPDATE (revision) ON exchange_subject TO farthing_app;
GRANT UPDATE (state, opening, closing, decided_at, result, version) ON exchange_cycle TO farthing_app;
GRANT UPDATE (content) ON exchange_cycle_part TO farthing_app;
