-- lending: a loan may pay off another one of the same borrower, which it names, in the transaction that pays it out.

ALTER TABLE loan_offer ADD COLUMN replaces text;
ALTER TABLE loan ADD COLUMN replaces text;
