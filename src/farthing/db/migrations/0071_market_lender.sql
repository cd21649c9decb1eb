-- funding: what somebody did before he may lend through the marketplace.

CREATE TABLE market_lender (
    party_id text PRIMARY KEY,          -- party
    tested_on date,
    passed_on date,                     -- the latest test that was passed
    simulated_on date,
    currency text,
    net_worth_minor bigint,             -- by his own figures
    warned_on date,
    CHECK ((simulated_on IS NULL) = (net_worth_minor IS NULL)),
    CHECK ((net_worth_minor IS NULL) = (currency IS NULL)),
    CHECK (passed_on IS NULL OR tested_on >= passed_on)
);

GRANT SELECT, INSERT, UPDATE ON market_lender TO farthing_app;
