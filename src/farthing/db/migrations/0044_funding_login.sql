-- funding: of which partner lender a login is; and what a partner was asked, the latest first.

CREATE TABLE funding_login (
    id      text PRIMARY KEY,       -- the actor
    partner text NOT NULL           -- funding_partner
);
CREATE INDEX funding_inquiry_partner ON funding_inquiry (partner, asked_at, id);

GRANT SELECT, INSERT ON funding_login TO farthing_app;
