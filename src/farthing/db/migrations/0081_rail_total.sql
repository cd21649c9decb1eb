-- payments: what movements through rails come to by direction and state, so that no list adds all of them up. What changes it is
-- written beside the others' changes, never over them, and folded now and then: nobody waits for a row that all write.

CREATE TABLE rail_total (
    id text NOT NULL,                   -- of a movement of the batch that changed it
    direction text NOT NULL,
    state text NOT NULL,
    currency text NOT NULL,
    payments bigint NOT NULL,
    amount_minor numeric NOT NULL,
    PRIMARY KEY (id, direction, state, currency)
);

GRANT SELECT, INSERT, DELETE ON rail_total TO farthing_app;
