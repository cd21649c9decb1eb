-- Deposits by the million, written as the owner of the database: what the bank's own operations would have written,
-- set by set. Everything is temporary but the rows; what is wrong with them, `farthing verify` finds.

CREATE TEMP TABLE savers_kind (
    number     bigint PRIMARY KEY,
    product    text   NOT NULL,
    version    text   NOT NULL,
    path       text   NOT NULL,   -- above the deposits' accounts
    minor      bigint NOT NULL,
    agreement  jsonb  NOT NULL,
    rate       numeric NOT NULL,
    matures_on date,
    close_on   date,
    guards     bigint[]
) ON COMMIT DROP;
CREATE TEMP TABLE savers_owner (
    number   bigint PRIMARY KEY,
    party_id text NOT NULL,
    payout   text NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE savers_entry (
    number bigint NOT NULL,
    id     uuid   NOT NULL,
    minor  bigint NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE savers_run (
    stem      text        NOT NULL,   -- how the ids of this run's deposits begin, without the prefix
    board     text        NOT NULL,
    currency  text        NOT NULL,
    opened_on date        NOT NULL,
    stamp     timestamptz NOT NULL,
    cash      bigint      NOT NULL,
    in_one    bigint      NOT NULL    -- deposits that one entry pays in
) ON COMMIT DROP;

-- Who counts towards which guard: the same for all accounts under one path.
CREATE FUNCTION pg_temp.savers_ready() RETURNS void LANGUAGE sql AS $$
    LOCK TABLE guard IN ROW SHARE MODE;
    UPDATE savers_kind AS k SET guards = known.guards
    FROM (
        SELECT path, ledger_counts_towards(path || ':' || run.stem || '0000000000', run.currency, -1, terms.g_id,
            terms.g_currency, terms.g_pattern, terms.g_weight) AS guards
        FROM (SELECT DISTINCT path FROM savers_kind) AS paths CROSS JOIN savers_run AS run
            CROSS JOIN ledger_guard_terms() AS terms
    ) AS known
    WHERE k.path = known.path;
    -- The bank's cash waits for nobody else until these deposits are paid in.
    UPDATE account SET recorded_at = greatest(account.recorded_at, run.stamp) FROM savers_run AS run
    WHERE account.id = run.cash;
    UPDATE savers_run SET stamp = account.recorded_at FROM account WHERE account.id = savers_run.cash;
$$;

-- The deposits from number p_first to p_last, a multiple of in_one of them but at the very end.
CREATE FUNCTION pg_temp.savers_piece(p_first bigint, p_last bigint) RETURNS void LANGUAGE sql AS $$
    WITH run AS MATERIALIZED (
        SELECT *, (SELECT count(*) FROM savers_kind) AS kinds, (SELECT count(*) FROM savers_owner) AS owners
        FROM savers_run
    ), made AS MATERIALIZED (
        SELECT n, n / run.in_one AS entry, short.id, kind.path || ':' || short.id AS path, kind.product, kind.version,
            kind.minor, kind.agreement, kind.rate, kind.matures_on, kind.close_on, kind.guards, owner.party_id,
            owner.payout,
            ('x' || left(encode(sha256(convert_to(kind.path || ':' || short.id, 'UTF8')), 'hex'), 16))::bit(64)::bigint
                >> 1 & 9223372036854775807 AS account_id
        FROM run
            CROSS JOIN LATERAL generate_series(p_first, p_last) AS n
            CROSS JOIN LATERAL (VALUES (run.stem || lpad(to_hex(n), 10, '0'))) AS short (id)
            JOIN savers_kind AS kind ON kind.number = n % run.kinds
            JOIN savers_owner AS owner ON owner.number = n % run.owners
    ), entries AS MATERIALIZED (
        SELECT sum.number, sum.minor, sum.legs, word.reference,
            encode(set_byte(set_byte(word.hash, 6, get_byte(word.hash, 6) & 15 | 128), 8,
                get_byte(word.hash, 8) & 63 | 128), 'hex')::uuid AS id
        FROM run CROSS JOIN LATERAL (
            SELECT entry AS number, -sum(part.value) FILTER (WHERE part.place = 2)::bigint AS minor,
                ARRAY[run.cash, -sum(part.value) FILTER (WHERE part.place = 2)::bigint]
                    || array_agg(part.value ORDER BY made.n, part.place) AS legs
            FROM made CROSS JOIN LATERAL (VALUES (1, made.account_id), (2, -made.minor)) AS part (place, value)
            GROUP BY entry
        ) AS sum CROSS JOIN LATERAL (
            SELECT 'town:savers:' || run.stem || ':' || sum.number AS reference,
                substring(sha256(convert_to('town:savers:' || run.stem || ':' || sum.number, 'UTF8')) FOR 16) AS hash
        ) AS word
    ), into_account AS (
        INSERT INTO account (id, opened_at, path, currency, sign, floor, ceiling, balance, version, recorded_at,
            effective_high, seal, guards)
        SELECT made.account_id, run.stamp, made.path, run.currency, -1, 0, 4611686018427387904, -made.minor, 1,
            run.stamp, run.opened_on,
            ledger_account_seal(made.path, run.currency, -1, 0, 4611686018427387904, run.stamp)
                # ledger_closing_seal(NULL),
            made.guards
        FROM made CROSS JOIN run
    ), into_entry AS (
        INSERT INTO entry (id, recorded_at, seal, effective_on, kind, reference, memo, legs)
        SELECT e.id, run.stamp,
            ledger_entry_seal(e.reference, 'savings.deposit', run.opened_on, run.stamp, NULL, '', e.legs),
            run.opened_on, 'savings.deposit', e.reference, '', e.legs
        FROM entries AS e CROSS JOIN run
    ), into_posting AS (
        INSERT INTO posting (account_id, version, balance, entry_id, effective_on, effective_high)
        SELECT made.account_id, 1, -made.minor, e.id, run.opened_on, run.opened_on
        FROM made JOIN entries AS e ON e.number = made.entry CROSS JOIN run
    ), into_deposit AS (
        INSERT INTO deposit (id, number, party_id, product, version, board, currency, payout, collect, agreement,
            opened_on, matures_on, rate, balance_minor, since_on, as_of_on, balance_days, leap_balance_days, lines_on,
            close_on)
        SELECT 'dep_' || made.id, 1, made.party_id, made.product, made.version, run.board, run.currency, made.payout,
            false, made.agreement, run.opened_on, made.matures_on, made.rate, made.minor, run.opened_on, run.opened_on,
            0, 0, run.opened_on, made.close_on
        FROM made CROSS JOIN run
    ), into_event AS (
        INSERT INTO deposit_event (deposit_id, number, happened_on, what, asked_minor, principal_in_minor,
            principal_out_minor, interest_minor, balance_minor, recorded_at)
        SELECT 'dep_' || made.id, 1, run.opened_on, 'open', made.minor, made.minor, 0, 0, made.minor, run.stamp
        FROM made CROSS JOIN run
    )
    INSERT INTO savers_entry SELECT number, id, minor FROM entries
$$;

-- What all deposits together did to the bank's cash and to the figures of its guards.
CREATE FUNCTION pg_temp.savers_done(p_count bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO posting (account_id, version, balance, entry_id, effective_on, effective_high)
    SELECT run.cash, account.version + row_number() OVER run_on,
        account.balance + (sum(e.minor) OVER run_on)::bigint, e.id, run.opened_on,
        greatest(account.effective_high, run.opened_on)
    FROM savers_run AS run JOIN account ON account.id = run.cash CROSS JOIN savers_entry AS e
    WINDOW run_on AS (ORDER BY e.number ROWS UNBOUNDED PRECEDING);
    UPDATE account SET balance = account.balance + made.minor, version = account.version + made.entries,
        effective_high = greatest(account.effective_high, made.opened_on)
    FROM (
        SELECT run.cash, run.opened_on, sum(e.minor)::bigint AS minor, count(*) AS entries
        FROM savers_run AS run CROSS JOIN savers_entry AS e GROUP BY run.cash, run.opened_on
    ) AS made
    WHERE account.id = made.cash;
    UPDATE guard_figure SET figure = guard_figure.figure + moved.delta
    FROM (
        SELECT guards[place] AS id, sum(minor * guards[place + 1]) AS delta
        FROM (
            SELECT (SELECT sum(minor) FROM savers_entry) AS minor, account.guards
            FROM account JOIN savers_run AS run ON run.cash = account.id
            UNION ALL
            SELECT -sum(minor * (p_count / kinds + (number < p_count % kinds)::integer)), guards
            FROM savers_kind CROSS JOIN (SELECT count(*) AS kinds FROM savers_kind) AS counted
            GROUP BY guards
        ) AS side CROSS JOIN LATERAL generate_series(1, cardinality(guards), 2) AS place
        GROUP BY guards[place]
    ) AS moved
    WHERE guard_figure.id = moved.id;
    DELETE FROM account_group WHERE path <> '';
    INSERT INTO account_group (id, path, currency, accounts, balance)
    SELECT 'laid', rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS grouped, currency,
        count(*) FILTER (WHERE closed_at IS NULL), sum(balance)
    FROM account GROUP BY grouped, currency;
$$;
