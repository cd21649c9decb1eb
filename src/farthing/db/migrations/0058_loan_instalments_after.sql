-- lending: instalments and repayments are obligations and events since 0057, which moved them. Nothing reads these any more.

DROP TABLE loan_instalment;
DROP TABLE loan_repayment;
