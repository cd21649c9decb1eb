-- payments: how the name that a payer typed at a look-up compares with the payee's. The typed name itself is not kept.

ALTER TABLE payee ADD COLUMN named text;                        -- match, close, other, not_compared; none where no name was typed
ALTER TABLE payee ADD COLUMN named_why text NOT NULL DEFAULT '';
GRANT UPDATE (named, named_why) ON payee TO farthing_app;
