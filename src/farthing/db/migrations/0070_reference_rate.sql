-- products: what loans that float follow, from a day on, as two persons set it. lending: on which day a loan's rate is set anew.

CREATE TABLE reference_rate (
    id text PRIMARY KEY,                -- rate@effective_on
    rate text NOT NULL,
    name text NOT NULL,
    name_zh text NOT NULL,
    currency text NOT NULL,
    effective_on date NOT NULL,
    annual numeric NOT NULL,
    source text NOT NULL,               -- where it was published
    source_zh text NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL
);

GRANT SELECT, INSERT ON reference_rate TO farthing_app;

ALTER TABLE loan ADD COLUMN resets_on date;     -- the next day, of a loan that is being repaid and floats
CREATE INDEX loan_resets ON loan (resets_on, id) WHERE resets_on IS NOT NULL;
