-- From which day on the time stamp over a contract is renewed: half a year before its authority's certificate or list runs out.
-- Contracts that were sealed before this was kept are renewed after eight years: the built-in root's list lasts nine.
ALTER TABLE contract ADD COLUMN renew_on date;
UPDATE contract SET renew_on = (created_at + interval '8 years')::date
WHERE id IN (SELECT contract_id FROM contract_revision WHERE field = 'document_timestamp');
CREATE INDEX contract_renew_on ON contract (renew_on, id);
GRANT UPDATE (renew_on) ON contract TO farthing_app;
