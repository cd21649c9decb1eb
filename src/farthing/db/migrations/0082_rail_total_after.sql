-- payments: the totals are laid, now that only those write who keep them.
LOCK TABLE rail_payment IN SHARE MODE;   -- nobody asks or answers meanwhile
DELETE FROM rail_total;
INSERT INTO rail_total (id, direction, state, currency, payments, amount_minor)
SELECT 'before', direction, state, currency, count(*), sum(amount_minor) FROM rail_payment GROUP BY direction, state, currency;
INSERT INTO rail_total (id, direction, state, currency, payments, amount_minor) VALUES ('laid', '', '', '', 0, 0);
