-- The business format (products, kind "agreement") that a contract was drawn under: pinned for ever, empty for one that was
-- drawn before formats were kept. "drawn_on" is the bank's day, from which the days to sign count.
ALTER TABLE contract ADD COLUMN form text NOT NULL DEFAULT '';
ALTER TABLE contract ADD COLUMN form_version text NOT NULL DEFAULT '';
ALTER TABLE contract ADD COLUMN drawn_on date;

-- An agreement that is no loan's: when it took effect, and when one of its parties stepped back from it.
CREATE TABLE agreement (
    id text PRIMARY KEY,                -- contract.id
    form text NOT NULL,                 -- product.id, kind agreement
    drawn_on date NOT NULL,
    drawn_at timestamptz NOT NULL,
    effective_on date,                  -- when it was sealed and met its form
    ended_on date,
    ended_by text                       -- party.id
);
CREATE INDEX agreement_drawn ON agreement (drawn_at, id);

-- Who signs an agreement as what.
CREATE TABLE agreement_party (
    contract_id text NOT NULL,          -- agreement.id
    role text NOT NULL,                 -- as in the document: principal, lender_1
    party_id text NOT NULL,             -- party.id
    PRIMARY KEY (contract_id, role)
);
CREATE INDEX agreement_party_of ON agreement_party (party_id, contract_id);
GRANT SELECT, INSERT ON agreement, agreement_party TO farthing_app;
GRANT UPDATE (effective_on, ended_on, ended_by) ON agreement TO farthing_app;
