-- voice: what customers and others say to the bank, what was done of it, about whom of the staff it is, and what was paid for it.

CREATE TABLE voice_case (
    id text PRIMARY KEY,
    number text NOT NULL,               -- what its person is told
    text_id text NOT NULL,              -- what analysts know it by; keyed, tells nothing of the id
    token text NOT NULL,                -- what its person is counted by; keyed
    kind text NOT NULL,                 -- complaint, praise, idea, question
    channel text NOT NULL,              -- page, counter, phone, message, letter
    language text NOT NULL,
    party_id text NOT NULL,             -- party; of who has no account an id of the same form that no party has
    known boolean NOT NULL,             -- it is a party's
    people integer NOT NULL CHECK (people >= 1),
    received_on date NOT NULL,
    received_at timestamptz NOT NULL,
    recorded_by text NOT NULL,          -- actor
    arose text NOT NULL,                -- class of the channel, the business, the cause
    product text NOT NULL,
    cause text NOT NULL,
    severity smallint NOT NULL,
    owner text NOT NULL,                -- actor; nothing: nobody's yet
    owner_person text NOT NULL,
    step smallint NOT NULL,             -- of the law's days
    business boolean NOT NULL,          -- how days are counted
    rolls boolean NOT NULL,
    due_on date,
    state text NOT NULL,                -- open, answered, appealed, closed, withdrawn
    outcome text NOT NULL,              -- accepted, redress, rejected; nothing: not answered
    answered_on date,
    answered_by text NOT NULL,          -- person of the staff
    summary boolean NOT NULL,
    appeals smallint NOT NULL,
    rating smallint,
    near_on date,
    late_on date,
    ended_on date,
    currency text NOT NULL,
    redress_minor bigint NOT NULL CHECK (redress_minor >= 0),
    version integer NOT NULL,
    CHECK ((state IN ('closed', 'withdrawn')) = (ended_on IS NOT NULL)),
    CHECK (state IN ('open', 'appealed') OR due_on IS NULL),
    CHECK ((outcome = '') = (answered_on IS NULL))
);
CREATE INDEX voice_case_person ON voice_case (party_id, received_at DESC);
CREATE INDEX voice_case_number ON voice_case (number);
CREATE INDEX voice_case_text ON voice_case (text_id);
CREATE INDEX voice_case_due ON voice_case (due_on, id) WHERE state IN ('open', 'appealed');
CREATE INDEX voice_case_answered ON voice_case (answered_on, id) WHERE state = 'answered';
CREATE INDEX voice_case_received ON voice_case (received_on, id);

CREATE TABLE voice_said (
    case_id text NOT NULL,              -- voice_case
    number integer NOT NULL,
    act text NOT NULL,
    by text NOT NULL,                   -- person, staff, day
    channel text NOT NULL,
    actor text NOT NULL,
    said_on date NOT NULL,
    said_at timestamptz NOT NULL,
    days integer,                       -- of a clock that was set
    word text NOT NULL,                 -- outcome, reason of a pause, classes, amount: nothing personal
    sealed bytea,                       -- own words, remedy, name, phone, under the person's key
    PRIMARY KEY (case_id, number)
);

CREATE TABLE voice_about (              -- persons of the staff about whom a case is
    case_id text NOT NULL,              -- voice_case
    person text NOT NULL,               -- staff_person, or an actor without one
    named_by text NOT NULL,
    named_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, person)
);
CREATE INDEX voice_about_person ON voice_about (person);

CREATE TABLE voice_redress (
    case_id text NOT NULL,              -- voice_case
    number integer NOT NULL,
    person text NOT NULL,               -- of the staff, who asked for it
    currency text NOT NULL,
    minor bigint NOT NULL CHECK (minor > 0),
    paid_on date NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE INDEX voice_redress_person ON voice_redress (person, paid_on);

GRANT SELECT, INSERT ON voice_case, voice_said, voice_about, voice_redress TO farthing_app;
GRANT UPDATE ON voice_case TO farthing_app;
GRANT UPDATE (sealed) ON voice_said TO farthing_app;
