-- lending: the list of loans begins with the latest, and goes on from any of them.
CREATE INDEX loan_accepted ON loan (accepted_on, id);
