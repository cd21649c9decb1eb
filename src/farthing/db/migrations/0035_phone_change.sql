-- parties: another phone that comes on file after a wait, since it was asked for at a counter and not by the old phone.

CREATE TABLE phone_change (
    id        text PRIMARY KEY CHECK (id LIKE 'phone\_%'),
    party_id  text NOT NULL,
    phone     text NOT NULL,            -- emptied when the change has ended
    asked_at  timestamptz NOT NULL,
    due_at    timestamptz NOT NULL CHECK (due_at >= asked_at),
    state     text NOT NULL CHECK (state IN ('waiting', 'done', 'stopped')),
    ended_at  timestamptz,
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK (state = 'waiting' OR phone = '')
);
CREATE INDEX phone_change_party ON phone_change (party_id) WHERE state = 'waiting';
CREATE INDEX phone_change_due ON phone_change (due_at) WHERE state = 'waiting';

GRANT SELECT, INSERT ON phone_change TO farthing_app;
GRANT UPDATE (phone, state, ended_at) ON phone_change TO farthing_app;
