-- payments: only those write movements now who know every state.
ALTER TABLE rail_payment
    ADD CONSTRAINT rail_payment_stands CHECK (
        state IN ('asked', 'unknown', 'accepted', 'settled', 'declined', 'returned', 'recalled')),
    ADD CONSTRAINT rail_payment_answered CHECK ((state IN ('asked', 'unknown')) = (answered_at IS NULL)),
    ADD CONSTRAINT rail_payment_returned CHECK (returned_minor BETWEEN 0 AND amount_minor);
DROP INDEX rail_payment_asked;
