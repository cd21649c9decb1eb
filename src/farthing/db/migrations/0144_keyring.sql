-- Personal values lie sealed, each under the key of whose it is; keys lie in a keyring outside the database. Nothing that is in
-- plain is sealed here: a migration knows no key. `farthing migrate` does that afterwards, row by row.

ALTER TABLE evidence_personal DROP CONSTRAINT evidence_personal_check;
ALTER TABLE evidence_personal ADD COLUMN sealed bytea;      -- salt and value, under the key of the subject
CREATE INDEX evidence_personal_plain ON evidence_personal (id) WHERE value IS NOT NULL;
GRANT UPDATE (sealed) ON evidence_personal TO farthing_app;

-- Which keyring this bank's values are sealed under: another one is refused when the bank opens. One row.
CREATE TABLE keyring (
    id       text PRIMARY KEY,          -- the ring's own id
    since    timestamptz NOT NULL
);
GRANT SELECT, INSERT ON keyring TO farthing_app;

-- Who a party is, sealed under its own key; the columns in plain are empty then, but for those of who was erased. A row is found by
-- blind indexes (HMAC-SHA-256 under the house's key, which lies in the keyring), a number by party_number.id, which holds one.
ALTER TABLE party DROP CONSTRAINT party_name_check, DROP CONSTRAINT party_number_check, DROP CONSTRAINT party_phone_check,
    DROP CONSTRAINT party_check;
ALTER TABLE party ADD COLUMN sealed bytea, ADD COLUMN name_index bytea, ADD COLUMN phone_index bytea;
CREATE INDEX party_name_blind ON party (name_index);
CREATE INDEX party_phone_blind ON party (phone_index);
CREATE INDEX party_plain ON party (id) WHERE sealed IS NULL AND erased_at IS NULL;
GRANT UPDATE (sealed, name_index, phone_index) ON party TO farthing_app;

-- What a provider answered, sealed under the key of whom it is about; raw_answer is empty then.
ALTER TABLE party_verification ADD COLUMN sealed_answer bytea;
CREATE INDEX party_verification_plain ON party_verification (id) WHERE raw_answer <> '';
GRANT UPDATE (sealed_answer) ON party_verification TO farthing_app;

-- A customer's login is named by a phone: its row by a blind index of it, and the phone sealed.
ALTER TABLE login ADD COLUMN sealed bytea;

-- What was asked of somebody's data: restricted until a day by a law, lifted again, or erased; then the keys are destroyed. A row a
-- person; id is party.id.
ALTER TABLE party ADD COLUMN restricted boolean NOT NULL DEFAULT false;
GRANT UPDATE (restricted) ON party TO farthing_app;
CREATE INDEX party_number_party ON party_number (party_id);
CREATE TABLE erasure (
    id            text PRIMARY KEY,
    state         text NOT NULL CHECK (state IN ('restricted', 'lifted', 'erased')),
    reason        text NOT NULL,
    asked_on      date NOT NULL,
    until_on      date,
    law_en        text,
    law_zh        text,
    destroyed_at  timestamptz,
    CHECK ((state = 'restricted') = (until_on IS NOT NULL) AND (until_on IS NULL) = (law_en IS NULL)
        AND (law_en IS NULL) = (law_zh IS NULL) AND (destroyed_at IS NULL OR state = 'erased'))
);
CREATE INDEX erasure_due ON erasure (until_on) WHERE state = 'restricted';
GRANT SELECT, INSERT, UPDATE ON erasure TO farthing_app;
