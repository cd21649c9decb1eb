-- funding: of what the price of a part of a note was made that was sold on; nothing of what was sold before.

ALTER TABLE market_resale ADD COLUMN days_late integer;  -- how late its loan was
ALTER TABLE market_resale ADD COLUMN part numeric;       -- of its worth in time, by the published table
ALTER TABLE market_resale ADD COLUMN to_lose numeric;    -- of its principal, still expected to be lost
