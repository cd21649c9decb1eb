-- Parties: who the institution knows, by which number, and what proofing providers said about them.

CREATE TABLE party (
    id                  text PRIMARY KEY CHECK (id LIKE 'party\_%'),
    kind                text NOT NULL CHECK (kind IN ('person', 'organisation')),
    name                text NOT NULL CHECK (name <> ''),
    number              text NOT NULL CHECK (length(number) = 18),
    phone               text NOT NULL CHECK (phone LIKE '+%'),
    born_on             date CHECK ((born_on IS NOT NULL) = (kind = 'person')),
    verification_level  integer NOT NULL CHECK (verification_level BETWEEN 0 AND 2),
    registered_at       timestamptz NOT NULL
);
CREATE INDEX party_name ON party (name);
CREATE INDEX party_phone ON party (phone);

-- One party a number: "cn.resident_id:..." or "cn.credit_code:...". Its own table because a unique key must hold
-- the distribution column. party_id refers to party.id.
CREATE TABLE party_number (
    id        text PRIMARY KEY,
    party_id  text NOT NULL
);

-- Every answer of a proofing provider, kept as received. party_id refers to party.id.
CREATE TABLE party_verification (
    id                  text PRIMARY KEY,
    party_id            text NOT NULL,
    provider            text NOT NULL,
    outcome             text NOT NULL CHECK (outcome IN
                            ('matched', 'name_mismatch', 'number_unknown', 'phone_mismatch', 'phone_unknown')),
    level_given         integer NOT NULL,
    verification_level  integer NOT NULL,
    reference           text NOT NULL,
    raw_answer          bytea NOT NULL,
    answer_sha256       text NOT NULL CHECK (length(answer_sha256) = 64),
    checked_at          timestamptz NOT NULL
);
CREATE INDEX party_verification_party ON party_verification (party_id, checked_at);

GRANT SELECT, INSERT ON party, party_number, party_verification TO farthing_app;
GRANT UPDATE (verification_level) ON party TO farthing_app;
