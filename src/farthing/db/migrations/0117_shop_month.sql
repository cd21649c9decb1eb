-- payments: the business day on which a merchant gave back, for his statement of a month; refunds and payouts of before
-- stand on the day on which the books have them.

ALTER TABLE merchant_refund ADD COLUMN refunded_on date;
CREATE INDEX merchant_refund_day ON merchant_refund (merchant_id, refunded_on);
CREATE INDEX merchant_settlement_day ON merchant_settlement (merchant_id, settled_on);

UPDATE merchant_refund AS r SET refunded_on = e.effective_on
FROM entry AS e WHERE e.reference = 'code-refund:' || r.id AND r.refunded_on IS NULL;
UPDATE merchant_settlement AS s SET settled_on = e.effective_on
FROM entry AS e WHERE e.reference = 'code-settled:' || s.id || ':' || s.merchant_id AND e.effective_on <> s.settled_on;
