-- identity: proof by a code, throttles that cannot be used against others, devices, and the persons behind staff logins.

-- Somebody said to be somebody, and the code that will show it. Nothing here says who: what was asked is a salted hash.
CREATE TABLE proof (
    id          text PRIMARY KEY CHECK (id LIKE 'proof\_%'),
    purpose     text NOT NULL,
    salt        bytea NOT NULL CHECK (length(salt) = 16),
    asked       bytea NOT NULL CHECK (length(asked) = 32),      -- SHA-256 of salt and what was asked
    party_id    text,                   -- whose phone on file was sent the code; none for somebody new
    code        bytea CHECK (length(code) = 32),                -- SHA-256 of salt and code; none where no code fits
    decoy       bytea CHECK (length(decoy) = 32),               -- the same of what went to another phone
    tries       integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz
);
CREATE INDEX proof_made ON proof (made_at);

-- How often something was tried. The key is a hash: neither names nor phones nor addresses stand here.
DROP TABLE login_failure;
CREATE TABLE throttle (
    id            bytea PRIMARY KEY CHECK (length(id) = 32),
    count         integer NOT NULL CHECK (count >= 0),
    since         timestamptz NOT NULL,
    locked_until  timestamptz,
    tried_at      timestamptz NOT NULL
);
CREATE INDEX throttle_tried ON throttle (tried_at);

-- A device on which an actor was logged in before: its guesses are counted apart (OWASP device cookies).
CREATE TABLE login_device (
    id        bytea PRIMARY KEY CHECK (length(id) = 32),        -- SHA-256 of the device's token
    actor_id  text NOT NULL,
    made_at   timestamptz NOT NULL
);
CREATE INDEX login_device_actor ON login_device (actor_id);

-- A session says itself whose it is: no join, and no name of a login in it.
DROP TABLE session;
CREATE TABLE session (
    id           bytea PRIMARY KEY CHECK (length(id) = 32),     -- SHA-256 of the token
    actor_id     text NOT NULL,
    role         text NOT NULL,
    party_id     text,
    person_id    text,
    must_change  boolean NOT NULL,      -- only the password can be changed, for it was given by somebody else
    device       text NOT NULL,         -- what the device calls itself
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_actor ON session (actor_id) WHERE ended_at IS NULL;

-- A person of the staff. Two logins of one person are one person to whoever asks for two.
CREATE TABLE staff_person (
    id       text PRIMARY KEY CHECK (id LIKE 'person\_%'),
    name     text NOT NULL,
    made_at  timestamptz NOT NULL
);
-- One person a number: "cn.resident_id:..." or "staff:...". person_id refers to staff_person.id.
CREATE TABLE staff_number (
    id         text PRIMARY KEY,
    person_id  text NOT NULL
);

ALTER TABLE login ADD COLUMN person_id text, ADD COLUMN must_change boolean NOT NULL DEFAULT false;
CREATE INDEX login_person ON login (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE approval ADD COLUMN maker_person text, ADD COLUMN checker_person text;
ALTER TABLE approval ADD CHECK (checker_person <> maker_person);

-- Answers that say something about somebody are found again when that person is erased.
ALTER TABLE idempotency ADD COLUMN personal boolean NOT NULL DEFAULT false;
CREATE INDEX idempotency_personal ON idempotency (created_at) WHERE personal;

GRANT SELECT, INSERT ON proof, throttle, login_device, session, staff_person, staff_number TO farthing_app;
GRANT UPDATE (tries, ended_at, party_id) ON proof TO farthing_app;
GRANT UPDATE (count, since, locked_until, tried_at) ON throttle TO farthing_app;
GRANT UPDATE (seen_at, ended_at) ON session TO farthing_app;
GRANT UPDATE (must_change) ON login TO farthing_app;
-- Proofs and counters are forgotten after a day; a login goes when its phone is another's, and with its person.
GRANT DELETE ON proof, throttle, login TO farthing_app;
