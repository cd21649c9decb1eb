-- voice: sets of topics that stand still, what people call them, which text is of which, and the alarms of those that rise.

CREATE TABLE voice_model (
    id text PRIMARY KEY,
    digest text NOT NULL CHECK (length(digest) = 64),
    body text NOT NULL,                 -- the set as data: no words but those that five people and more used
    texts integer NOT NULL,
    topics integer NOT NULL,
    adopted_on date NOT NULL,
    adopted_by text NOT NULL,           -- actor
    ended_on date                       -- another took its place
);

CREATE TABLE voice_topic (
    id text PRIMARY KEY,
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    label text NOT NULL,                -- by its own words
    name_en text NOT NULL,              -- by a person; nothing: nobody confirmed it yet
    name_zh text NOT NULL,
    into_id text NOT NULL,              -- voice_topic it is one with; nothing: itself
    cause text NOT NULL,                -- of the tree; nothing: not asked yet
    exposed text NOT NULL CHECK (exposed IN ('customers', 'savers', 'borrowers')),
    owner text NOT NULL,                -- actor whom its alarms wait for; nothing: whoever looks first
    since_on date NOT NULL,
    named_on date,
    named_by text NOT NULL
);

CREATE TABLE voice_sorted (
    text_id text PRIMARY KEY,           -- what analysts know a case by
    person text NOT NULL,               -- what its person is counted by; keyed
    said_on date NOT NULL,
    kind text NOT NULL,
    topic_id text NOT NULL,             -- voice_topic; nothing: unsorted
    model_id text NOT NULL,             -- voice_model
    sorted_on date NOT NULL
);
CREATE INDEX voice_sorted_topic ON voice_sorted (topic_id, said_on);

CREATE TABLE voice_alarm (
    id text PRIMARY KEY,                -- topic and week: one each
    topic_id text NOT NULL,             -- voice_topic
    week_on date NOT NULL,              -- its Monday
    how text NOT NULL CHECK (how IN ('at_once', 'slowly')),
    people integer NOT NULL,
    expected_hundredths integer NOT NULL,
    exposed integer NOT NULL,
    raised_on date NOT NULL,
    owner text NOT NULL,
    ended_on date,
    ended_by text NOT NULL,
    found text NOT NULL                 -- what whoever looked found; nothing personal
);
CREATE INDEX voice_alarm_waits ON voice_alarm (raised_on) WHERE ended_on IS NULL;

GRANT SELECT, INSERT ON voice_model, voice_topic, voice_sorted, voice_alarm TO farthing_app;
GRANT UPDATE ON voice_model, voice_topic, voice_sorted, voice_alarm TO farthing_app;
