-- funding: what lenders let their money be lent to, a row for each version of a mandate.

CREATE TABLE market_mandate (
    id text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    party_id text NOT NULL,             -- party, market_lender
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    terms jsonb NOT NULL,
    from_at timestamptz NOT NULL,
    ended_at timestamptz,
    stopped boolean NOT NULL,           -- nothing followed this version
    PRIMARY KEY (id, version),
    CHECK (NOT stopped OR ended_at IS NOT NULL)
);
CREATE INDEX market_mandate_party ON market_mandate (party_id, id);
CREATE INDEX market_mandate_live ON market_mandate (id) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON market_mandate TO farthing_app;
