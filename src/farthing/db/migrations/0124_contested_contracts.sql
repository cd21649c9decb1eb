-- signing: contracts that a party contests; what is in dispute stands still until two of the staff have decided.

CREATE TABLE contract_contest (
    id text NOT NULL,
    contract_id text NOT NULL,
    subject text NOT NULL,              -- the loan, or agreement:...
    party_id text NOT NULL,
    claim text NOT NULL CHECK (claim IN ('not_mine', 'other_text', 'not_understood', 'pressed', 'no_power', 'not_kept')),
    said text NOT NULL,
    opened_at timestamptz NOT NULL,
    evidence text NOT NULL DEFAULT '',  -- the leaf that lists the package made when it was opened
    outcome text CHECK (outcome IN ('upheld', 'rejected', 'withdrawn')),
    ended_on date,
    found text NOT NULL DEFAULT '',
    PRIMARY KEY (contract_id, id),
    CHECK ((outcome IS NULL) = (ended_on IS NULL))
);
CREATE INDEX contract_contest_party ON contract_contest (party_id);
CREATE INDEX contract_contest_open ON contract_contest (subject) WHERE outcome IS NULL;
CREATE INDEX contract_contest_listed ON contract_contest ((outcome IS NOT NULL), opened_at, id);
CREATE INDEX contract_contest_id ON contract_contest (id);
CREATE INDEX contract_contest_evidence ON contract_contest (evidence) WHERE evidence <> '';

GRANT SELECT, INSERT, UPDATE ON contract_contest TO farthing_app;
