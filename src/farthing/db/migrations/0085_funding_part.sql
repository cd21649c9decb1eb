-- funding: what partners took of loans, for which price, and what of it and of ours is still owed: limits are counted by it.

CREATE TABLE funding_part (
    loan_id text NOT NULL,              -- loan
    partner text NOT NULL,              -- funding_partner
    position integer NOT NULL CHECK (position > 0),     -- among the loan's partners; what is ours counts with the first
    programme text NOT NULL,            -- nothing where the partner was asked by the product's terms alone
    version text NOT NULL,
    currency text NOT NULL,
    share_minor bigint NOT NULL CHECK (share_minor > 0),
    left_minor bigint NOT NULL CHECK (left_minor >= 0 AND left_minor <= share_minor),
    own_left_minor bigint NOT NULL CHECK (own_left_minor >= 0),
    taken_on date NOT NULL,             -- the business date on which the loan's holders were set
    annual numeric NOT NULL CHECK (annual >= 0),        -- the partner's yearly rate
    of_annual numeric NOT NULL CHECK (of_annual >= annual),     -- the borrower's
    lent boolean NOT NULL,              -- the loan was paid out
    given_up boolean NOT NULL,
    PRIMARY KEY (loan_id, partner),
    CHECK (NOT given_up OR (left_minor = 0 AND own_left_minor = 0))
);
CREATE INDEX funding_part_open ON funding_part (currency, partner, programme)
    INCLUDE (left_minor, own_left_minor, position, share_minor, taken_on) WHERE left_minor > 0 OR own_left_minor > 0;
CREATE INDEX funding_part_taken ON funding_part (taken_on);

ALTER TABLE funding_inquiry ADD COLUMN annual numeric;                   -- the partner's yearly rate
ALTER TABLE funding_inquiry ADD COLUMN room text NOT NULL DEFAULT '';    -- the limit for which it was not asked, or was let go
ALTER TABLE funding_inquiry DROP CONSTRAINT funding_inquiry_state_check;
ALTER TABLE funding_inquiry ADD CONSTRAINT funding_inquiry_state_check
    CHECK (state IN ('asked', 'agreed', 'declined', 'passed_over', 'released', 'spared', 'not_asked'));
ALTER TABLE funding_inquiry DROP CONSTRAINT funding_inquiry_check;
ALTER TABLE funding_inquiry ADD CONSTRAINT funding_inquiry_check
    CHECK ((state IN ('asked', 'not_asked')) = (answered_at IS NULL));
CREATE INDEX funding_inquiry_room ON funding_inquiry (asked_at, id) WHERE room <> '';

GRANT SELECT, INSERT, UPDATE, DELETE ON funding_part TO farthing_app;
