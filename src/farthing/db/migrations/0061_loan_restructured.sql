-- lending: which loans were restructured is found without reading every event.
CREATE INDEX loan_event_restructures ON loan_event (loan_id) WHERE about ->> 'restructures' = 'true';

-- A repayment keeps who paid it, if not the borrower; of sheets that were collected before, it is known.
UPDATE loan_event AS event SET about = event.about || jsonb_build_object('paid_by', line.payer_id)
FROM loan_sheet_line AS line
WHERE line.loan_id = event.loan_id AND line.repayment_id = event.id AND line.payer_id <> line.borrower_id;
