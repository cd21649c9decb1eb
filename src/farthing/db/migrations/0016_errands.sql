-- errands: what the bank asks of the outside. Written with what needs it, sent with no transaction open, answered once.

CREATE TABLE errand (
    id text PRIMARY KEY,                -- what the peer is told: the same at every attempt
    kind text NOT NULL,
    peer text NOT NULL,                 -- the port's name
    subject text NOT NULL,              -- what it is about
    request jsonb,                      -- what is asked; forgotten once it is answered
    answered_by text NOT NULL,          -- the operation that takes the answer
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'answered', 'unknown')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    problem text NOT NULL DEFAULT '',   -- why the last attempt has no answer
    asked_at timestamptz NOT NULL,
    due_at timestamptz,                 -- by the machine's time: when it is asked again, if nobody waits for it
    answered_at timestamptz,
    CHECK ((state = 'answered') = (request IS NULL)),
    CHECK ((state = 'answered') = (due_at IS NULL)),
    CHECK ((state = 'answered') = (answered_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (attempts = 0) OR state = 'answered')
);
CREATE INDEX errand_due ON errand (due_at) WHERE state <> 'answered';
CREATE INDEX errand_subject ON errand (subject) WHERE state <> 'answered';

GRANT SELECT, INSERT, UPDATE ON errand TO farthing_app;
