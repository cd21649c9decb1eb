-- The currency in which the bank keeps its books: chosen when it is opened, with its clock, and never changed. Every bank
-- that was opened before it could be chosen keeps its books in yuan. No statement of the program changes it.

ALTER TABLE bank_clock ADD COLUMN home_currency text NOT NULL DEFAULT 'CNY' CHECK (home_currency ~ '^[A-Z]{3}$');
