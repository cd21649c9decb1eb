-- funding: who of a partner lender has taken the contract of a loan that the partner has a part of; and its loans, the latest first.

CREATE TABLE funding_paper (
    loan_id  text NOT NULL,         -- loan
    actor_id text NOT NULL,         -- funding_login
    partner  text NOT NULL,         -- funding_partner
    digest   text NOT NULL,         -- of the document, SHA-256
    taken_on date NOT NULL,
    PRIMARY KEY (loan_id, actor_id)
);

GRANT SELECT, INSERT ON funding_paper TO farthing_app;
