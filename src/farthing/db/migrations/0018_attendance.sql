-- kernel: a customer who stands before a member of staff, or speaks with one, and has proved who they are.

CREATE TABLE attendance (
    id         text PRIMARY KEY,
    actor_id   text NOT NULL,            -- the member of staff who serves
    party_id   text NOT NULL,            -- the customer who is served
    proof      text NOT NULL,            -- how the customer proved it: 'code', 'pin', 'document'
    started_at timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    ended_at   timestamptz,
    CHECK (ends_at > started_at),
    CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE INDEX attendance_open ON attendance (actor_id, party_id, ends_at) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON attendance TO farthing_app;

-- Under which attendance a draft was made, where a member of staff made it for a customer.
ALTER TABLE approval ADD COLUMN attendance_id text;
