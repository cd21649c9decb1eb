-- payments: the contract is no longer in the merchant's row; every payment and refund says what it is asked for.

INSERT INTO merchant_contract
SELECT id, '2000-01-01', fee_rate, fee_by, fee_earned, fee_returned, settles, opened_at FROM merchant AS m
WHERE NOT EXISTS (SELECT 1 FROM merchant_contract AS c WHERE c.merchant_id = m.id);

UPDATE merchant_refund AS r SET
    settled = p.settlement_id IS NOT NULL,
    escrow_minor = CASE WHEN p.settlement_id IS NOT NULL THEN 0
                        WHEN c.fee_by = 'payer' THEN r.amount_minor ELSE r.amount_minor - r.fee_minor END
FROM merchant_payment AS p, merchant_contract AS c
WHERE p.merchant_id = r.merchant_id AND p.id = r.payment_id AND c.merchant_id = r.merchant_id
    AND c.from_on = p.contract_on AND r.settled IS NULL;

ALTER TABLE merchant DROP COLUMN fee_rate, DROP COLUMN fee_by, DROP COLUMN fee_earned, DROP COLUMN fee_returned,
    DROP COLUMN settles;
ALTER TABLE merchant_payment ALTER COLUMN contract_on SET NOT NULL;
ALTER TABLE merchant_payment ALTER COLUMN contract_on DROP DEFAULT;
ALTER TABLE merchant_refund ALTER COLUMN escrow_minor SET NOT NULL;
ALTER TABLE merchant_refund ALTER COLUMN settled SET NOT NULL;
