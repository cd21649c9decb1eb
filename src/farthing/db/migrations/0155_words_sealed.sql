-- What was typed about somebody, and the rows of bills that she brought, lie sealed under her own key from now on, and are deleted or
-- emptied when she is erased. What was written before lies in plain until then.

ALTER TABLE credit_review DROP CONSTRAINT credit_review_words_check, DROP CONSTRAINT credit_review_answer_check;
GRANT DELETE ON credit_transaction, credit_import, credit_import_report TO farthing_app;
GRANT UPDATE (words, answer) ON credit_review TO farthing_app;
GRANT UPDATE (words) ON loan_contact TO farthing_app;
