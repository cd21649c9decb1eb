-- parties: a person is erased, where nothing stands and nothing need be kept: name, number, phone and day of birth go.

ALTER TABLE party ADD COLUMN erased_at timestamptz;

GRANT UPDATE (name, number, phone, born_on, erased_at) ON party TO farthing_app;
GRANT DELETE ON party_number TO farthing_app;
GRANT UPDATE (raw_answer) ON party_verification TO farthing_app;
GRANT UPDATE (device) ON session TO farthing_app;
