-- payments: contracts of merchants from a day on, merchants that ended, codes that were withdrawn, where a refund came from.

CREATE TABLE merchant_contract (
    merchant_id text NOT NULL,          -- merchant
    from_on date NOT NULL,
    fee_rate text NOT NULL,
    fee_by text NOT NULL,               -- merchant, payer
    fee_earned text NOT NULL,           -- capture, settlement
    fee_returned boolean NOT NULL,
    settles text NOT NULL,              -- net, gross
    agreed_at timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, from_on)
);
INSERT INTO merchant_contract
SELECT id, '2000-01-01', fee_rate, fee_by, fee_earned, fee_returned, settles, opened_at FROM merchant;

ALTER TABLE merchant ALTER COLUMN fee_rate SET DEFAULT '0', ALTER COLUMN fee_by SET DEFAULT 'merchant',
    ALTER COLUMN fee_earned SET DEFAULT 'capture', ALTER COLUMN fee_returned SET DEFAULT true,
    ALTER COLUMN settles SET DEFAULT 'net';
ALTER TABLE merchant ADD COLUMN ended_on date;  -- takes nothing since

ALTER TABLE pay_code ADD COLUMN withdrawn_at timestamptz;

ALTER TABLE merchant_payment ADD COLUMN contract_on date DEFAULT '2000-01-01';  -- merchant_contract
CREATE INDEX merchant_payment_settled ON merchant_payment (merchant_id, settlement_id);

ALTER TABLE merchant_refund ADD COLUMN escrow_minor bigint,  -- what of it waited to be paid out
    ADD COLUMN settled boolean;                              -- its payment had been paid out
CREATE INDEX merchant_refund_id ON merchant_refund (id);

GRANT SELECT, INSERT, UPDATE ON merchant_contract TO farthing_app;
GRANT UPDATE ON merchant TO farthing_app;
