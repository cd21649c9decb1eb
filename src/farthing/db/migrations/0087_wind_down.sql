-- assurance: exports for a backup servicer, and what this bank took over from another.

CREATE TABLE wind_down (
    id text PRIMARY KEY,
    way text NOT NULL CHECK (way IN ('out', 'in')),
    state text NOT NULL CHECK (state IN ('allowed', 'sealed', 'taking', 'done')),
    bank text NOT NULL,                  -- whose claims they are
    why text NOT NULL,
    begun_at timestamptz NOT NULL,
    begun_on date NOT NULL,              -- the bank's day
    done_at timestamptz,
    manifest_sha256 text,                -- of what was exported, or is taken over
    agreed jsonb,                        -- what two persons agreed to take over
    manifest bytea,                      -- of what is taken over, as it was signed
    sums jsonb                           -- what it comes to, in minor units by name
);

CREATE TABLE wind_down_part (
    wind_down_id text NOT NULL,          -- wind_down
    name text NOT NULL,                  -- of a file of the export, and what was done with it
    done_at timestamptz NOT NULL,
    PRIMARY KEY (wind_down_id, name)
);

GRANT SELECT, INSERT, UPDATE ON wind_down TO farthing_app;
GRANT SELECT, INSERT ON wind_down_part TO farthing_app;
