-- identity: logins at other institutions that sign in here, and how a session began that began so.

CREATE TABLE outside_login (
    id text PRIMARY KEY,                -- derived from the issuer and its name for the person, which is kept nowhere
    provider text NOT NULL,
    issuer text NOT NULL,
    actor_id text NOT NULL,
    party_id text NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX outside_login_actor ON outside_login (actor_id);

CREATE TABLE outside_flow (             -- somebody was sent to sign in elsewhere
    id text PRIMARY KEY,                -- hash of what this browser alone has
    provider text NOT NULL,
    actor_id text,                      -- who wants to link a login; nobody yet, of whoever signs in
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    spent_at timestamptz,
    issuer text,                        -- who vouched for her when she came back
    login_id text,                      -- which login it was, where that waits to be linked
    CHECK (login_id IS NULL OR spent_at IS NOT NULL)
);
CREATE INDEX outside_flow_expires ON outside_flow (expires_at);

ALTER TABLE session ADD COLUMN proved_at timestamptz;
ALTER TABLE session ADD COLUMN vouched_by text NOT NULL DEFAULT '';

GRANT SELECT, INSERT, UPDATE, DELETE ON outside_login, outside_flow TO farthing_app;
