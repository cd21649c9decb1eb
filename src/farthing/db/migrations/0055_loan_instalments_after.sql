-- lending: instalments and repayments are obligations and events since 0054, which moved them. Nothing reads these any more.

DROP TABLE loan_instalment;
DROP TABLE loan_repayment;
