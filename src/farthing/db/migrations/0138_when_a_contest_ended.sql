-- When a contest ended, so that a package made before tells the same at any later time.
ALTER TABLE contract_contest ADD COLUMN ended_at timestamptz;
UPDATE contract_contest SET ended_at = ended_on::timestamp AT TIME ZONE 'UTC' WHERE ended_on IS NOT NULL;
