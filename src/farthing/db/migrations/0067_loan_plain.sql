-- lending: whether more happened to a loan than being paid out and repaid on the day is told without reading its events.
CREATE INDEX loan_event_unusual ON loan_event (loan_id) WHERE kind NOT IN ('pay_out', 'repay') OR about ? 'told_on';

-- A loan's row is held and then kept by updates: with room beside it both stay on its page and touch no index. Three rows and two
-- more versions fill a page.
ALTER TABLE loan SET (fillfactor = 60);
