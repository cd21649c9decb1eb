-- parties: how well a customer is known, by which evidence and until when. party_id refers to party.id.

CREATE TABLE level_evidence (
    party_id    text NOT NULL,
    id          text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('document', 'phone', 'card', 'deposit', 'counter')),
    provider    text NOT NULL,
    given_at    timestamptz NOT NULL,
    given_on    date NOT NULL,
    until_on    date NOT NULL CHECK (until_on >= given_on),     -- to the end of which day it counts
    doubted_at  timestamptz,
    doubted_by  text NOT NULL,
    why         text NOT NULL CHECK (why IN ('', 'officer', 'provider', 'phone')),
    CHECK ((doubted_at IS NULL) = (why = '')),
    PRIMARY KEY (party_id, id)
);
CREATE INDEX level_evidence_until ON level_evidence (until_on, party_id) WHERE doubted_at IS NULL;

-- The rules by which levels follow from evidence, by their digest, and those in force: what the policy in force says.
CREATE TABLE level_rule (
    id    text PRIMARY KEY,
    body  text NOT NULL
);
CREATE TABLE level_in_force (
    id    text PRIMARY KEY,
    rule  text NOT NULL
);

-- Until when each level from the first on holds, by which rules. The figure that was kept before is the release before's.
ALTER TABLE party ADD COLUMN level_until date[] NOT NULL DEFAULT '{}', ADD COLUMN level_rule text NOT NULL DEFAULT '';
ALTER TABLE party ALTER COLUMN verification_level SET DEFAULT 0;

-- What providers vouched for before has no end: nobody was told of one. A phone that was changed since is vouched for by nobody.
INSERT INTO level_evidence
SELECT v.party_id, v.id || '.' || kinds.kind, kinds.kind, v.provider, v.checked_at, v.checked_at::date, '9999-12-31',
    CASE WHEN kinds.kind = 'phone' AND p.verification_level < 2 THEN now() END, '',
    CASE WHEN kinds.kind = 'phone' AND p.verification_level < 2 THEN 'phone' ELSE '' END
FROM party_verification AS v JOIN party AS p ON p.id = v.party_id
    JOIN (VALUES ('document', 1), ('phone', 2)) AS kinds (kind, level) ON v.level_given >= kinds.level;
UPDATE party SET level_until = array_fill(date '9999-12-31', ARRAY[verification_level]) WHERE verification_level > 0;

GRANT SELECT, INSERT ON level_evidence, level_rule, level_in_force TO farthing_app;
GRANT UPDATE (doubted_at, doubted_by, why) ON level_evidence TO farthing_app;
GRANT UPDATE (rule) ON level_in_force TO farthing_app;
GRANT UPDATE (level_until, level_rule) ON party TO farthing_app;
