-- payments: on which day a movement is sent, where that is not the one on which it was asked for.

ALTER TABLE rail_payment ADD COLUMN send_on date;
