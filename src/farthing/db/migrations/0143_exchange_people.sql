-- exchange: persons at a node: who they are there, what they signed, who asked, what they disputed, who has to hear of it.
-- Everything is distributed by its subject but notices, which lie with the member who fetches them.

CREATE TABLE exchange_law (
    id text PRIMARY KEY,                -- node: there is one row, or none (cn)
    code text NOT NULL
);

CREATE TABLE exchange_person (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- the introduction
    member_id text NOT NULL,            -- who knows her and said so
    level text NOT NULL,                -- how well, by the member's word
    code_hash bytea NOT NULL,           -- of the code that the member gave her and she types once
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (subject_id, id)
);
CREATE INDEX exchange_person_code ON exchange_person (code_hash) WHERE used_at IS NULL;

CREATE TABLE exchange_person_key (
    subject_id text NOT NULL,           -- exchange_subject
    kid text NOT NULL,                  -- RFC 7638
    jwk jsonb NOT NULL,
    vouched_by text NOT NULL,           -- a member; empty: she herself, signed in here
    level text NOT NULL,
    added_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (subject_id, kid)
);

CREATE TABLE exchange_consent (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- as she signed it
    recipient text NOT NULL,            -- exchange_member
    jws text NOT NULL,
    artefact jsonb NOT NULL,            -- what the JWS says
    given_at timestamptz NOT NULL,
    paused boolean NOT NULL,
    revoked_at timestamptz,
    version integer NOT NULL,           -- counts its changes and its uses
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_consent_event (
    subject_id text NOT NULL,
    consent_id text NOT NULL,           -- exchange_consent
    id text NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    channel text NOT NULL,
    PRIMARY KEY (subject_id, consent_id, id)
);

CREATE TABLE exchange_inquiry (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,                   -- derived from who asked and by which message
    member_id text NOT NULL,            -- exchange_member; person: she herself
    consent_id text NOT NULL,           -- empty: she herself
    purpose text NOT NULL,
    kinds text[] NOT NULL,
    months integer,                     -- back; none: all
    hard boolean NOT NULL,
    product text NOT NULL,
    law text NOT NULL,                  -- by which it was decided what is shown
    node text NOT NULL,                 -- the name by which it told
    as_of date NOT NULL,
    revisions jsonb NOT NULL,           -- subject -> revision: of her records, and of those merged into them
    digest bytea NOT NULL,              -- of the report's canonical JSON: given again it is the same
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_erasure (
    subject_id text PRIMARY KEY,        -- exchange_subject: nothing of it is shown any more
    revision integer NOT NULL,
    reason text NOT NULL,
    erased_at timestamptz NOT NULL
);

CREATE TABLE exchange_dispute (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,
    tradeline_id text NOT NULL,         -- exchange_tradeline
    furnisher text NOT NULL,            -- exchange_member
    period date,                        -- none: the account
    grounds text NOT NULL,
    statement text NOT NULL,
    opened_on date NOT NULL,
    ask_by date NOT NULL,
    due_on date NOT NULL,
    further boolean NOT NULL,
    revision integer NOT NULL,          -- from which it is marked
    outcome text,
    finding text NOT NULL,
    decided_by text NOT NULL,
    closed_on date,
    closed_revision integer,
    PRIMARY KEY (subject_id, id),
    CHECK ((outcome IS NULL) = (closed_on IS NULL) AND (outcome IS NULL) = (closed_revision IS NULL))
);
CREATE INDEX exchange_dispute_due ON exchange_dispute (due_on) WHERE outcome IS NULL;

CREATE TABLE exchange_statement (
    subject_id text NOT NULL,           -- exchange_subject
    id text NOT NULL,
    tradeline_id text NOT NULL,         -- empty: beside all of it
    text text NOT NULL,
    revision integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id)
);

CREATE TABLE exchange_notice (
    member_id text NOT NULL,            -- exchange_member: who has to hear of it
    id text NOT NULL,                   -- derived from what it is about
    subject_id text NOT NULL,           -- exchange_subject
    kind text NOT NULL,                 -- dispute, correction, withdrawal
    about text NOT NULL,                -- a dispute or a consent
    body jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL,                -- waiting, told, unreached
    told_at timestamptz,                -- when it said so
    PRIMARY KEY (member_id, id)
);
CREATE INDEX exchange_notice_about ON exchange_notice (about);
CREATE INDEX exchange_notice_due ON exchange_notice (due_on) WHERE state = 'waiting';

GRANT SELECT, INSERT ON exchange_law, exchange_person, exchange_person_key, exchange_consent, exchange_consent_event, exchange_inquiry,
    exchange_erasure, exchange_dispute, exchange_statement, exchange_notice TO farthing_app;
GRANT UPDATE (code) ON exchange_law TO farthing_app;
GRANT UPDATE (used_at) ON exchange_person TO farthing_app;
GRANT UPDATE (ended_at) ON exchange_person_key TO farthing_app;
GRANT UPDATE (paused, revoked_at, version) ON exchange_consent TO farthing_app;
GRANT UPDATE (due_on, further, outcome, finding, decided_by, closed_on, closed_revision) ON exchange_dispute TO farthing_app;
GRANT UPDATE (state, told_at) ON exchange_notice TO farthing_app;
