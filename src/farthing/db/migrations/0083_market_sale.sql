-- funding: parts of notes that lenders offer to sell, and what mandates bought of them.

CREATE TABLE market_sale (
    listing_id text NOT NULL,           -- market_listing
    id text NOT NULL,
    loan_id text NOT NULL,              -- loan
    party_id text NOT NULL,             -- party who sells
    currency text NOT NULL,
    offered_minor bigint NOT NULL CHECK (offered_minor > 0),
    sold_minor bigint NOT NULL CHECK (sold_minor >= 0 AND sold_minor <= offered_minor),
    since timestamptz NOT NULL,
    state text NOT NULL,                -- open, sold, stopped, ended
    ended_on date,
    PRIMARY KEY (listing_id, id),
    CHECK ((state = 'sold') = (sold_minor = offered_minor)),
    CHECK ((state = 'open') = (ended_on IS NULL))
);
CREATE INDEX market_sale_open ON market_sale (since, id) WHERE state = 'open';
CREATE INDEX market_sale_party ON market_sale (party_id, id);
CREATE INDEX market_sale_id ON market_sale (id);

-- A part of a sale that a mandate buys: planned for the close of its day, then done, or dropped where it could not be.
CREATE TABLE market_resale (
    listing_id text NOT NULL,           -- market_listing
    id text NOT NULL,
    loan_id text NOT NULL,              -- loan
    sale_id text NOT NULL,              -- market_sale
    on_day date NOT NULL,
    state text NOT NULL,                -- planned, done, dropped
    seller_id text NOT NULL,            -- party
    from_mandate text NOT NULL,         -- market_mandate by which the seller had lent it, or nothing
    buyer_id text NOT NULL,             -- party
    to_mandate text NOT NULL,           -- market_mandate
    currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),
    price_minor bigint CHECK (price_minor >= 0),
    interest_minor bigint CHECK (interest_minor >= 0),
    left_minor bigint CHECK (left_minor >= principal_minor),    -- what of the listing was not repaid then
    done_at timestamptz,
    PRIMARY KEY (listing_id, id),
    CHECK (seller_id <> buyer_id),
    CHECK ((state = 'done') = (price_minor IS NOT NULL AND interest_minor IS NOT NULL AND left_minor IS NOT NULL
        AND done_at IS NOT NULL))
);
CREATE INDEX market_resale_planned ON market_resale (on_day, listing_id) WHERE state = 'planned';
CREATE INDEX market_resale_day ON market_resale (on_day) WHERE state = 'done';
CREATE INDEX market_resale_seller ON market_resale (seller_id, id);
CREATE INDEX market_resale_buyer ON market_resale (buyer_id, id);

GRANT SELECT, INSERT, UPDATE ON market_sale, market_resale TO farthing_app;
