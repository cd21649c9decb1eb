-- funding: what a partner's settlement account did in a day, cut when the day was closed.

CREATE TABLE funding_statement (
    id text PRIMARY KEY,                -- partner:day
    partner text NOT NULL,              -- funding_partner
    on_day date NOT NULL,
    number integer NOT NULL CHECK (number > 0),        -- of the partner's statements, without a gap
    owner text NOT NULL,                -- its registered name then
    currency text NOT NULL,
    after_version bigint NOT NULL,      -- postings of the account after this version ...
    until_version bigint NOT NULL CHECK (until_version >= after_version),   -- ... and until this one
    opening_minor bigint NOT NULL,      -- in the partner's favour
    closing_minor bigint NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX funding_statement_partner ON funding_statement (partner, on_day);

GRANT SELECT, INSERT ON funding_statement TO farthing_app;
