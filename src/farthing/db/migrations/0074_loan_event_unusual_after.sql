-- lending: what took every payment out for the first one is asked no more.
DROP INDEX loan_event_unusual;
