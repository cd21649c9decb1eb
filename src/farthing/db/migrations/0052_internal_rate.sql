-- lending: what money costs inside the bank, from a day on, as two persons set it.

CREATE TABLE internal_rate (
    id text PRIMARY KEY,                -- currency@effective_on
    currency text NOT NULL,
    effective_on date NOT NULL,
    rates jsonb NOT NULL,               -- demand, and terms by term
    source text NOT NULL,               -- by what it was judged
    source_zh text NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL
);

GRANT SELECT, INSERT ON internal_rate TO farthing_app;
