-- ledger: the sums of groups are laid, now that only doors post which keep them, and the doors that did not are taken away.
LOCK TABLE account IN SHARE MODE;   -- nobody posts, opens or closes meanwhile
DELETE FROM account_group;
INSERT INTO account_group (id, path, currency, accounts, balance)
SELECT 'laid', rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS grouped, currency,
    count(*) FILTER (WHERE closed_at IS NULL), sum(balance)
FROM account GROUP BY grouped, currency;
INSERT INTO account_group (id, path, currency, accounts, balance) VALUES ('laid', '', '', 1, 0);

DROP FUNCTION ledger_open(timestamptz, bigint[], text[], text[], integer[], bigint[], bigint[]);
DROP FUNCTION ledger_close(timestamptz, bigint, boolean);
DROP FUNCTION ledger_post(
    timestamptz, bigint[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], integer[], date[], uuid[],
    text[], text[], date[], text[], bigint[], integer[], integer[], integer[], integer[], bigint[], uuid[],
    text[], text[], date[], text[], text[], timestamptz[], integer[], bigint[], bigint[], bigint[], uuid[],
    text[], text[], uuid[], text[], text[]
);
REVOKE ALL ON FUNCTION ledger_open_v2, ledger_post_v2, ledger_close_v2, ledger_fold_groups FROM PUBLIC;

UPDATE credit_decision SET score = (decision ->> 'score')::integer, approved = (decision ->> 'approved')::boolean
WHERE score IS NULL OR approved IS NULL;
