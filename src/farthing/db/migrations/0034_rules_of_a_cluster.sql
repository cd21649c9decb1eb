-- What a cluster of several nodes asks of the ledger's functions: none that reads a table is called in a statement over a
-- table that is spread over nodes, and no statement goes by two tables that lie differently. One machine sees no difference.

-- The guards an account counts towards, with the weight of one debited minor unit; NULL if there are none. The guards in
-- force are handed in term by term, as ledger_guard_terms tells them.
CREATE FUNCTION ledger_counts_towards(
    p_path text, p_currency text, p_sign integer, g_id bigint[], g_currency text[], g_pattern text[], g_weight bigint[]
) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(part.value ORDER BY counted.id, part.place)
    FROM (
        SELECT t.id, p_sign * sum(t.weight)::bigint AS weight
        FROM unnest(g_id, g_currency, g_pattern, g_weight) AS t (id, currency, pattern, weight)
        WHERE t.currency = p_currency AND p_path LIKE replace(replace(t.pattern, '_', '\_'), '*', '%')
        GROUP BY t.id
        HAVING sum(t.weight) <> 0
    ) AS counted
        CROSS JOIN LATERAL (VALUES (1, counted.id), (2, counted.weight)) AS part (place, value)
$$;

-- The guards in force, a row a term, as four arrays.
CREATE FUNCTION ledger_guard_terms(
    OUT g_id bigint[], OUT g_currency text[], OUT g_pattern text[], OUT g_weight bigint[]
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(g.id), '{}'), coalesce(array_agg(g.currency), '{}'), coalesce(array_agg(t.pattern), '{}'),
        coalesce(array_agg(t.weight), '{}')
    FROM guard AS g CROSS JOIN LATERAL unnest(g.patterns, g.weights) AS t (pattern, weight)
    WHERE g.retired_at IS NULL
$$;

CREATE OR REPLACE FUNCTION ledger_open(
    p_now timestamptz, p_id bigint[], p_path text[], p_currency text[], p_sign integer[],
    p_floor bigint[], p_ceiling bigint[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    opened integer;
    terms  record;
BEGIN
    LOCK TABLE guard IN ROW SHARE MODE;   -- only against a guard that is being installed
    SELECT * INTO terms FROM ledger_guard_terms();
    INSERT INTO account (id, opened_at, path, currency, sign, floor, ceiling, recorded_at, seal, guards)
    SELECT o.id, p_now, o.path, o.currency, o.sign, o.floor, o.ceiling, p_now,
        ledger_account_seal(o.path, o.currency, o.sign, o.floor, o.ceiling, p_now) # ledger_closing_seal(NULL),
        ledger_counts_towards(
            o.path, o.currency, o.sign, terms.g_id, terms.g_currency, terms.g_pattern, terms.g_weight
        )
    FROM unnest(p_id, p_path, p_currency, p_sign, p_floor, p_ceiling)
        AS o (id, path, currency, sign, floor, ceiling)
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS opened = ROW_COUNT;
    RETURN opened;
END $$;

-- Put a guard in force, or another in the place of one of its name, or (p_retire) out of force. Its figure is
-- derived again from the accounts, all of them locked in the order of their ids. Answers the figure; one below
-- zero was not installed and nothing has changed.
CREATE OR REPLACE FUNCTION ledger_guard(
    p_now timestamptz, p_id bigint, p_name text, p_title text, p_currency text, p_constant bigint,
    p_patterns text[], p_weights bigint[], p_retire boolean
) RETURNS numeric LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    concerned record;
    terms     record;
    margin    numeric := 0;
BEGIN
    LOCK TABLE guard IN EXCLUSIVE MODE;   -- no account may be opened beside it: it would not be counted
    INSERT INTO guard AS g (id, installed_at, retired_at, name, title, currency, constant, patterns, weights, seal)
    VALUES (p_id, p_now, CASE WHEN p_retire THEN p_now END, p_name, p_title, p_currency, p_constant, p_patterns,
        p_weights, ledger_guard_seal(p_name, p_title, p_currency, p_constant, p_patterns, p_weights, p_now,
            CASE WHEN p_retire THEN p_now END))
    ON CONFLICT (id) DO UPDATE SET installed_at = excluded.installed_at, retired_at = excluded.retired_at,
        name = excluded.name, title = excluded.title, currency = excluded.currency, constant = excluded.constant,
        patterns = excluded.patterns, weights = excluded.weights, seal = excluded.seal;
    SELECT * INTO terms FROM ledger_guard_terms();
    FOR concerned IN
        SELECT a.id, ledger_counts_towards(
                a.path, a.currency, a.sign, terms.g_id, terms.g_currency, terms.g_pattern, terms.g_weight
            ) AS guards
        FROM account AS a
        WHERE a.guards IS DISTINCT FROM ledger_counts_towards(
                a.path, a.currency, a.sign, terms.g_id, terms.g_currency, terms.g_pattern, terms.g_weight
            ) OR a.guards @> ARRAY[p_id]
        ORDER BY a.id
    LOOP
        UPDATE account SET guards = concerned.guards WHERE id = concerned.id;
    END LOOP;
    SELECT p_constant + coalesce(sum(a.balance::numeric * a.guards[n + 1]), 0) INTO margin
    FROM account AS a CROSS JOIN LATERAL generate_series(1, cardinality(a.guards), 2) AS n
    WHERE a.guards[n] = p_id;
    IF p_retire THEN
        DELETE FROM guard_figure WHERE id = p_id;
    ELSIF margin < 0 THEN
        RAISE EXCEPTION 'ledger: the guard is broken already' USING ERRCODE = 'FA002';
    ELSE
        INSERT INTO guard_figure AS f (id, figure) VALUES (p_id, margin)
        ON CONFLICT (id) DO UPDATE SET figure = excluded.figure;
    END IF;
    RETURN margin;
EXCEPTION
    WHEN SQLSTATE 'FA002' THEN
        RETURN margin;
END $$;

-- The balance of an account as known at an instant and as of an effective date (either may be NULL: now, all).
-- recorded_at and effective_high never fall along an account's versions, so both are found by halving; what was
-- back-dated after that point is added from its own small index. An entry is asked for by its id, which the posting says:
-- the two lie apart.
CREATE OR REPLACE FUNCTION ledger_balance_at(
    p_account bigint, p_version bigint, p_known timestamptz, p_effective date,
    OUT version bigint, OUT balance bigint
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    low    bigint := 0;
    high   bigint := p_version;
    middle bigint;
    known  bigint;
    late   numeric;
    moving uuid;
BEGIN
    WHILE p_known IS NOT NULL AND low < high LOOP
        middle := (low + high + 1) / 2;
        SELECT p.entry_id INTO moving FROM posting AS p WHERE p.account_id = p_account AND p.version = middle;
        IF (SELECT e.recorded_at FROM entry AS e WHERE e.id = moving) <= p_known THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    known := high;
    low := 0;
    WHILE p_effective IS NOT NULL AND low < high LOOP
        middle := (low + high + 1) / 2;
        IF (SELECT p.effective_high FROM posting AS p
                WHERE p.account_id = p_account AND p.version = middle) <= p_effective THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    version := high;
    balance := coalesce(
        (SELECT p.balance FROM posting AS p WHERE p.account_id = p_account AND p.version = high), 0
    );
    IF high < known THEN
        SELECT sum(p.balance - before.balance) INTO late
        FROM posting AS p
            JOIN posting AS before ON before.account_id = p.account_id AND before.version = p.version - 1
        WHERE p.account_id = p_account AND p.effective_on < p.effective_high AND p.effective_on <= p_effective
            AND p.version > high AND p.version <= known;
        -- Only part of what moved the account is of that date: it may lie beyond the range that its balance never
        -- leaves, and is then refused by whoever reads it as an amount.
        balance := greatest(-9223372036854775807, least(9223372036854775807, balance + coalesce(late, 0)));
    END IF;
END $$;

DROP FUNCTION ledger_guards_of(text, text, integer);
