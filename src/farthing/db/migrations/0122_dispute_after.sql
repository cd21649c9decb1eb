-- payments: what of a payment is given back or disputed is never more than was captured.

ALTER TABLE merchant_payment ADD CONSTRAINT merchant_payment_back CHECK (refunded_minor + disputed_minor <= amount_minor);
