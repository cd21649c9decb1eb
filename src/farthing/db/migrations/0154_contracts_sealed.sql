-- What a contract says, its revisions and its signers' certificates lie sealed under the keys of all parties that it names, which lie
-- in the keyring. whose: those parties, a space between; empty where it names nobody; NULL of what still lies in plain (`farthing migrate` seals that).

ALTER TABLE contract ADD COLUMN whose text;
ALTER TABLE contract_revision ADD COLUMN whose text;
ALTER TABLE signing_certificate ADD COLUMN whose text;
ALTER TABLE prepared_signature ADD COLUMN whose text;
CREATE INDEX contract_plain ON contract (id) WHERE whose IS NULL;
CREATE INDEX signing_certificate_plain ON signing_certificate (id) WHERE whose IS NULL;
GRANT UPDATE (terms, whose) ON contract TO farthing_app;
GRANT UPDATE (increment, whose) ON contract_revision TO farthing_app;
GRANT UPDATE (name, certificate, whose) ON signing_certificate TO farthing_app;
