-- lending: what of a loan was agreed and is not paid out yet, and the last day on which it may be asked for. And whether more
-- happened to a loan than one payment out and repayments, told without reading its events.

ALTER TABLE loan_offer ADD COLUMN first_minor bigint;   -- what is paid out first, where that is not all
ALTER TABLE loan ADD COLUMN undrawn_minor bigint NOT NULL DEFAULT 0 CHECK (undrawn_minor >= 0);
ALTER TABLE loan ADD COLUMN undrawn_until date;         -- from the first payment out on
CREATE INDEX loan_undrawn ON loan (undrawn_until, id) WHERE undrawn_minor > 0;
CREATE INDEX loan_event_beside ON loan_event (loan_id) WHERE (number > 1 AND kind <> 'repay') OR about ? 'told_on';
