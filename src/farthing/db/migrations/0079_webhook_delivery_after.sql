-- events: a delivery has an id of its own, so how often its webhook was resumed is not needed to make one.

ALTER TABLE webhook
    DROP COLUMN round,
    ADD CHECK ((former_secret IS NULL) = (former_until IS NULL));
