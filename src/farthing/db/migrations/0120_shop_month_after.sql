-- payments: the same of what the release before wrote meanwhile; every refund says its day.

UPDATE merchant_refund AS r SET refunded_on = e.effective_on
FROM entry AS e WHERE e.reference = 'code-refund:' || r.id AND r.refunded_on IS NULL;
UPDATE merchant_settlement AS s SET settled_on = e.effective_on
FROM entry AS e WHERE e.reference = 'code-settled:' || s.id || ':' || s.merchant_id AND e.effective_on <> s.settled_on;

ALTER TABLE merchant_refund ALTER COLUMN refunded_on SET NOT NULL;
