-- kernel: a customer who shows a document is there when a second member of staff saw her too; and may say that it was not her.

ALTER TABLE attendance
    ADD COLUMN actor_person   text,
    ADD COLUMN awaits         boolean NOT NULL DEFAULT false,   -- nothing is done under it before somebody else saw her
    ADD COLUMN witness        text,
    ADD COLUMN witness_person text,
    ADD COLUMN disowned_at    timestamptz,                      -- the customer said that it was not her
    ADD CHECK (witness <> actor_id),
    ADD CHECK (witness_person <> actor_person),
    ADD CHECK (NOT (awaits AND witness IS NOT NULL));
CREATE INDEX attendance_party ON attendance (party_id, started_at);
CREATE INDEX attendance_awaits ON attendance (ends_at) WHERE awaits AND ended_at IS NULL;

-- parties: what a customer disowned, until somebody of security has looked into it.
CREATE TABLE incident (
    id             text PRIMARY KEY CHECK (id LIKE 'incident\_%'),
    attendance_id  text NOT NULL,
    party_id       text NOT NULL,
    opened_at      timestamptz NOT NULL,
    opened_by      text NOT NULL,
    closed_at      timestamptz,
    closed_by      text,
    note           text,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX incident_opened ON incident (opened_at);

GRANT SELECT, INSERT ON incident TO farthing_app;
GRANT UPDATE (closed_at, closed_by, note) ON incident TO farthing_app;
