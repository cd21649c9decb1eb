-- kernel: the draft about a thing is found by its reference, however many wait.
CREATE INDEX approval_about ON approval (operation, (command ->> 'reference')) WHERE state = 'waiting';
-- lending: what was paid, and which loans ended, since a day is found without reading every repayment and loan.
CREATE INDEX loan_repayment_paid ON loan_repayment (paid_on);
CREATE INDEX loan_closed ON loan (closed_on) WHERE closed_on IS NOT NULL;
-- payments: the newest of all movements through rails are found without sorting every one.
CREATE INDEX rail_payment_recorded ON rail_payment (recorded_at, id);
