-- funding: partner lenders and what each was asked about a loan.

CREATE TABLE funding_partner (
    id text PRIMARY KEY,                -- the partner's code, as in its settlement account
    name text NOT NULL,
    url text NOT NULL,
    credit_code text NOT NULL,
    account text NOT NULL               -- where its settlement is paid from and to
);

CREATE TABLE funding_inquiry (
    id text PRIMARY KEY,                -- derived from loan and partner: one question each
    loan_id text NOT NULL,
    partner text NOT NULL,
    currency text NOT NULL,
    share_minor bigint NOT NULL CHECK (share_minor > 0),
    within_ms integer NOT NULL CHECK (within_ms > 0),
    state text NOT NULL CHECK (state IN ('asked', 'agreed', 'declined', 'passed_over')),
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    reference text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    raw_answer text NOT NULL DEFAULT '',
    CHECK ((state = 'asked') = (answered_at IS NULL))
);
CREATE INDEX funding_inquiry_loan ON funding_inquiry (loan_id);

GRANT SELECT, INSERT, UPDATE ON funding_partner, funding_inquiry TO farthing_app;
