-- funding: who lends beside the lenders of a listing.

ALTER TABLE market_listing ADD COLUMN partners_minor bigint NOT NULL DEFAULT 0;  -- what partner lenders lend
ALTER TABLE market_listing ADD COLUMN backed boolean NOT NULL DEFAULT false;     -- the own book lends what is left
UPDATE market_listing SET backed = true WHERE least_minor < amount_minor OR amount_minor < principal_minor;
ALTER TABLE market_listing ADD CONSTRAINT market_listing_parts
    CHECK (partners_minor >= 0 AND amount_minor + partners_minor <= principal_minor);
