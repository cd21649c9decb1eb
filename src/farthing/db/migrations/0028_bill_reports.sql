-- credit: what became of every row of an imported bill, as it was told.

CREATE TABLE credit_import_report (
    id text PRIMARY KEY,                -- the import's
    party_id text NOT NULL,
    report jsonb NOT NULL
);
GRANT SELECT, INSERT ON credit_import_report TO farthing_app;
