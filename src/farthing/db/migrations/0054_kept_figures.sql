-- ledger: what each group of accounts comes to, kept with every posting that moves it.
--
-- A group is the accounts whose paths begin with the same two words. What it comes to is the sum of its rows: each
-- transaction that moves it adds a row of its own, so that nobody waits for anybody; the close of the day makes one row of
-- many (ledger_fold_groups). A payment between accounts of one group moves none and adds nothing.
--
-- Until the release before has left off posting, it posts beside these rows. They count from when the next migration has
-- laid them, which the row of no path and no currency says.
CREATE TABLE account_group (
    id       text    NOT NULL,   -- of the transaction: its first entry, or the account it opened or closed
    path     text    NOT NULL,   -- the first two words of the accounts' paths
    currency text    NOT NULL,
    accounts bigint  NOT NULL,   -- how many more are open
    balance  numeric NOT NULL,   -- by how much it is more, debit positive; the sum may be wider than any single balance
    PRIMARY KEY (id, path, currency)
);
GRANT SELECT ON account_group TO farthing_app;

CREATE FUNCTION ledger_open_v2(
    p_now timestamptz, p_id bigint[], p_path text[], p_currency text[], p_sign integer[],
    p_floor bigint[], p_ceiling bigint[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    opened     integer;
    first      bigint;
    terms      record;
    groups     text[];
    currencies text[];
BEGIN
    LOCK TABLE guard IN ROW SHARE MODE;   -- only against a guard that is being installed
    SELECT * INTO terms FROM ledger_guard_terms();
    WITH made AS (
        INSERT INTO account (id, opened_at, path, currency, sign, floor, ceiling, recorded_at, seal, guards)
        SELECT o.id, p_now, o.path, o.currency, o.sign, o.floor, o.ceiling, p_now,
            ledger_account_seal(o.path, o.currency, o.sign, o.floor, o.ceiling, p_now) # ledger_closing_seal(NULL),
            ledger_counts_towards(
                o.path, o.currency, o.sign, terms.g_id, terms.g_currency, terms.g_pattern, terms.g_weight
            )
        FROM unnest(p_id, p_path, p_currency, p_sign, p_floor, p_ceiling)
            AS o (id, path, currency, sign, floor, ceiling)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, path, currency
    )
    SELECT count(*), min(id), array_agg(rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':')),
        array_agg(currency)
    INTO opened, first, groups, currencies
    FROM made;
    IF opened > 0 THEN
        INSERT INTO account_group (id, path, currency, accounts, balance)
        SELECT 'account ' || first, m.path, m.currency, count(*), 0
        FROM unnest(groups, currencies) AS m (path, currency)
        GROUP BY m.path, m.currency;
    END IF;
    RETURN opened;
END $$;

-- Close an account that is empty and reserved by nobody, or open it again; answers whether it changed.
CREATE FUNCTION ledger_close_v2(p_now timestamptz, p_id bigint, p_close boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed record;
BEGIN
    IF p_close THEN
        UPDATE account SET closed_at = p_now, seal = seal # ledger_closing_seal(NULL) # ledger_closing_seal(p_now)
        WHERE id = p_id AND closed_at IS NULL AND balance = 0 AND held_out = 0 AND held_in = 0
        RETURNING path, currency INTO changed;
    ELSE
        UPDATE account SET closed_at = NULL, seal = seal # ledger_closing_seal(closed_at) # ledger_closing_seal(NULL)
        WHERE id = p_id AND closed_at IS NOT NULL
        RETURNING path, currency INTO changed;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO account_group (id, path, currency, accounts, balance)
    VALUES ('account ' || p_id, rtrim(split_part(changed.path, ':', 1) || ':' || split_part(changed.path, ':', 2), ':'),
        changed.currency, CASE WHEN p_close THEN -1 ELSE 1 END, 0)
    ON CONFLICT (id, path, currency) DO UPDATE SET accounts = account_group.accounts + excluded.accounts;
    RETURN true;
END $$;

-- The posting door. Answers the instant under which the batch was recorded, or NULL and no change at all if any
-- account, floor, ceiling, reference or hold is not as the batch supposes; then the slow path decides one by one.
--
-- Accounts come sorted by id and are updated in that order (the settings force a nested loop driven by the
-- array), so that two batches never wait for each other in a ring. Everything a posting records is computed
-- here from (entry, account, amount): the caller supplies no balance and no version. An entry's legs stand together,
-- from e_first to e_last; without holds, a_out and a_in are empty. Arrays of texts are only ever unnested: to reach
-- the n-th text is to walk there.
--
-- c_id, c_reference and c_hold: the references that holds and releases of the batch take. They lie apart from the
-- entries', so that entries, which are many, pay for them by one question of the index alone. What keeps two
-- transactions from taking one reference for two things is the entries' own key: a hold puts a row there and takes it
-- away again, so that an entry of that reference waits until the hold is committed or undone (its insert finds a row of
-- a transaction in progress), and only then asks; and a hold whose reference is an entry's already fails there.
--
-- What moves a group of accounts is written beside the others' moves of it, never over them (account_group).
CREATE FUNCTION ledger_post_v2(
    p_now timestamptz,
    a_id bigint[], a_currency text[], a_delta bigint[], a_fall bigint[], a_rise bigint[], a_out bigint[],
    a_in bigint[], a_count integer[], a_high date[],
    e_id uuid[], e_reference text[], e_kind text[], e_on date[], e_memo text[], e_asked bigint[],
    e_first integer[], e_last integer[], l_entry integer[], l_account integer[], l_amount bigint[],
    h_id uuid[], h_reference text[], h_kind text[], h_on date[], h_memo text[], h_legs text[],
    h_expires timestamptz[],
    g_hold integer[], g_account bigint[], g_out bigint[], g_in bigint[],
    r_id uuid[], r_state text[], r_resolution text[],
    c_id uuid[], c_reference text[], c_hold text[]
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $$
DECLARE
    stamp    timestamptz;
    moved    bigint;
    balances bigint[];
    versions bigint[];
    highs    date[];   -- never below the latest date before this batch, and above no posting's true one
    prior    record;
    guarded  bigint;   -- how many of the accounts count towards a guard
    alike    boolean;  -- whether all count the same
    lowest   text;
    highest  text;
    groups   text[];   -- of each account, the first two words of its path
    together boolean;  -- whether all are of one group, which nothing between them moves
    counted  bigint;
BEGIN
    WITH change AS (
        UPDATE account AS a
        SET balance = a.balance + d.delta,
            held_out = a.held_out + coalesce(d.outgoing, 0),
            held_in = a.held_in + coalesce(d.incoming, 0),
            version = a.version + d.postings,
            recorded_at = greatest(a.recorded_at, p_now),
            effective_high = greatest(a.effective_high, d.high)
        FROM unnest(a_id, a_currency, a_delta, a_fall, a_rise, a_out, a_in, a_count, a_high)
            WITH ORDINALITY AS d (id, currency, delta, fall, rise, outgoing, incoming, postings, high, place)
        WHERE a.id = d.id AND a.currency = d.currency AND a.closed_at IS NULL
            AND a.sign * a.balance - a.held_out + d.fall >= a.floor
            AND a.sign * a.balance + a.held_in + d.rise <= a.ceiling
        RETURNING d.place, a.balance - d.delta AS balance, a.version - d.postings AS version, a.effective_high,
            a.recorded_at, a.currency, a.guards,
            rtrim(split_part(a.path, ':', 1) || ':' || split_part(a.path, ':', 2), ':') COLLATE "C" AS grouped
    )
    SELECT count(*), count(c.guards), min(c.guards) = max(c.guards), max(recorded_at), min(currency), max(currency),
        array_agg(balance ORDER BY place), array_agg(version ORDER BY place), array_agg(effective_high ORDER BY place),
        array_agg(grouped ORDER BY place), min(grouped) = max(grouped)
    INTO moved, guarded, alike, stamp, lowest, highest, balances, versions, highs, groups, together
    FROM change AS c;
    IF moved <> cardinality(a_id) THEN
        RAISE EXCEPTION 'ledger: not as supposed' USING ERRCODE = 'FA001';
    END IF;
    stamp := greatest(stamp, p_now);
    IF stamp > p_now THEN
        -- Another batch, of a later instant, came first: this one is recorded no earlier, on all its accounts.
        UPDATE account SET recorded_at = stamp WHERE id = ANY (a_id) AND recorded_at < stamp;
    END IF;

    IF cardinality(e_id) > 0 THEN
        -- Entry by entry the legs stand together, from e_first to e_last, without a gap, and sum to zero.
        PERFORM 1 FROM unnest(e_first, e_last) WITH ORDINALITY AS e (first, last, number)
        WHERE e.last <= e.first OR e.first <> 1 + coalesce(e_last[e.number - 1], 0)
            OR CASE WHEN e.last = e.first + 1 THEN
                l_entry[e.first] <> e.number OR l_entry[e.last] <> e.number
                OR l_amount[e.first] + l_amount[e.last] <> 0
            ELSE (
                SELECT bool_or(l_entry[leg] <> e.number) OR sum(l_amount[leg]) <> 0
                FROM generate_series(e.first, e.last) AS leg
            ) END;
        IF FOUND OR cardinality(l_entry) <> e_last[cardinality(e_last)] THEN
            RAISE EXCEPTION 'ledger: an entry does not sum to zero, or its legs do not stand together';
        END IF;
        IF lowest <> highest THEN
            PERFORM 1 FROM unnest(l_entry, l_account, l_amount) AS leg (entry, account, amount)
            GROUP BY leg.entry, a_currency[leg.account] HAVING sum(leg.amount) <> 0;
            IF FOUND THEN
                RAISE EXCEPTION 'ledger: an entry does not sum to zero in each currency';
            END IF;
        END IF;

        INSERT INTO entry (id, recorded_at, asked, seal, effective_on, kind, reference, memo, legs)
        SELECT made.id, stamp, made.asked,
            ledger_entry_seal(
                made.reference, made.kind, made.effective_on, stamp, made.asked, made.memo, made.legs
            ),
            made.effective_on, made.kind, made.reference, made.memo, made.legs
        FROM (
            SELECT e.id, nullif(e.asked, 0) AS asked, e.effective_on, e.kind, e.reference, e.memo,
                CASE WHEN e.last = e.first + 1 THEN ARRAY[
                    a_id[l_account[e.first]], l_amount[e.first], a_id[l_account[e.last]], l_amount[e.last]
                ] ELSE (
                    SELECT array_agg(part.value ORDER BY leg.place, part.place)
                    FROM generate_series(e.first, e.last) AS leg (place)
                        CROSS JOIN LATERAL (
                            VALUES (1, a_id[l_account[leg.place]]), (2, l_amount[leg.place])
                        ) AS part (place, value)
                ) END AS legs
            FROM unnest(e_id, e_reference, e_kind, e_on, e_memo, e_asked, e_first, e_last)
                AS e (id, reference, kind, effective_on, memo, asked, first, last)
            OFFSET 0
        ) AS made;
        -- A reference that a hold or a release has is no entry's. Asked after the insert: see the note above.
        PERFORM 1 FROM hold_reference WHERE id = ANY (e_id);
        IF FOUND THEN
            RAISE EXCEPTION 'ledger: not as supposed' USING ERRCODE = 'FA001';
        END IF;

        -- A posting's effective_high is the greatest date so far. Where the account's is above this batch's own, it
        -- was so before; where the batch's postings to it have one date, they all reach it. Only of an account
        -- with several dates, which reached its latest by this batch, the version before must be asked.
        IF (SELECT min(day) < max(day) FROM unnest(e_on) AS day) THEN
            FOR prior IN
                SELECT mixed.account, coalesce(p.effective_high, date '0001-01-01') AS effective_high
                FROM (
                    SELECT leg.account FROM unnest(l_entry, l_account) AS leg (entry, account)
                    GROUP BY leg.account
                    HAVING min(e_on[leg.entry]) < max(e_on[leg.entry])
                        AND max(e_on[leg.entry]) = highs[leg.account]
                ) AS mixed
                    LEFT JOIN posting AS p
                        ON p.account_id = a_id[mixed.account] AND p.version = versions[mixed.account]
            LOOP
                highs[prior.account] := prior.effective_high;
            END LOOP;
        END IF;

        INSERT INTO posting (account_id, version, balance, entry_id, effective_on, effective_high)
        SELECT a_id[leg.account],
            versions[leg.account] + row_number() OVER run,
            balances[leg.account] + ledger_sum(leg.amount) OVER run,
            e_id[leg.entry],
            e_on[leg.entry],
            greatest(highs[leg.account], max(e_on[leg.entry]) OVER run)
        FROM unnest(l_entry, l_account, l_amount) WITH ORDINALITY AS leg (entry, account, amount, place)
        WINDOW run AS (PARTITION BY leg.account ORDER BY leg.place ROWS UNBOUNDED PRECEDING);
    END IF;

    -- A batch whose accounts all count alike towards every guard moves none: its entries sum to zero.
    IF guarded > 0 AND cardinality(e_id) > 0 AND (guarded < moved OR NOT alike)
        AND NOT ledger_guard_moves(a_id, l_entry, l_account, l_amount)
    THEN
        RAISE EXCEPTION 'ledger: not as supposed' USING ERRCODE = 'FA001';
    END IF;

    IF cardinality(e_id) > 0 AND NOT together THEN
        INSERT INTO account_group (id, path, currency, accounts, balance)
        SELECT 'entry ' || e_id[1], m.path, m.currency, 0, sum(m.delta)
        FROM unnest(groups, a_currency, a_delta) AS m (path, currency, delta)
        GROUP BY m.path, m.currency
        HAVING sum(m.delta) <> 0;
    END IF;

    IF cardinality(h_id) > 0 THEN
        INSERT INTO hold (id, recorded_at, effective_on, expires_at, kind, reference, memo, legs, seal)
        SELECT h.id, stamp, h.effective_on, h.expires_at, h.kind, h.reference, h.memo, h.legs::bigint[],
            ledger_hold_seal(h.reference, h.kind, h.effective_on, stamp, h.expires_at, h.memo, h.legs::bigint[])
                # ledger_resolution_seal('pending', NULL, NULL)
        FROM unnest(h_id, h_on, h_expires, h_kind, h_reference, h_memo, h_legs)
            AS h (id, effective_on, expires_at, kind, reference, memo, legs);
        INSERT INTO hold_leg (account_id, hold_id, outgoing, incoming, expires_at)
        SELECT g.account, h_id[g.hold], g.outgoing, g.incoming, h_expires[g.hold]
        FROM unnest(g_hold, g_account, g_out, g_in) AS g (hold, account, outgoing, incoming);
    END IF;

    IF cardinality(c_id) > 0 THEN
        INSERT INTO hold_reference (id, reference, hold)
        SELECT c.id, c.reference, c.hold FROM unnest(c_id, c_reference, c_hold) AS c (id, reference, hold);
        INSERT INTO entry (id, recorded_at, seal, effective_on, kind, reference, memo, legs)
        SELECT c.id, stamp, 0, date '0001-01-01', '', '', '', '{}' FROM unnest(c_id) AS c (id);
        DELETE FROM entry WHERE id = ANY (c_id);
    END IF;

    IF cardinality(r_id) > 0 THEN
        UPDATE hold SET state = r.state, resolution = nullif(r.resolution, ''), resolved_at = stamp,
            seal = hold.seal # ledger_resolution_seal('pending', NULL, NULL)
                # ledger_resolution_seal(r.state, nullif(r.resolution, ''), stamp)
        FROM unnest(r_id, r_state, r_resolution) AS r (id, state, resolution)
        WHERE hold.id = r.id AND hold.state = 'pending';
        GET DIAGNOSTICS counted = ROW_COUNT;
        IF counted <> cardinality(r_id) THEN
            RAISE EXCEPTION 'ledger: not as supposed' USING ERRCODE = 'FA001';
        END IF;
        DELETE FROM hold_leg WHERE account_id = ANY (a_id) AND hold_id = ANY (r_id);
    END IF;
    RETURN stamp;
EXCEPTION
    -- A unique violation is a reference that is known; a plain insert costs less than one that asks first.
    WHEN SQLSTATE 'FA001' OR unique_violation OR numeric_value_out_of_range OR check_violation THEN
        RETURN NULL;
    WHEN internal_error THEN
        -- A row that another node refused comes back with the words of the refusal and without its code. The name of the
        -- key or the check is in every language's words.
        IF SQLERRM ~ '"\w+_(pkey|check)(_\d+)?"' THEN
            RETURN NULL;
        END IF;
        RAISE;
END $$;

-- Make one row a group of the rows that are there now; answers how many there were. Whoever reads meanwhile sees either the
-- many or the one, which keeps the id of one of them. Two at once are no matter: what one has taken, the other does not find.
CREATE FUNCTION ledger_fold_groups() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    folded     bigint;
    ids        text[];
    paths      text[];
    currencies text[];
    counts     bigint[];
    balances   numeric[];
BEGIN
    WITH gone AS (
        DELETE FROM account_group RETURNING id, path, currency, accounts, balance
    )
    SELECT count(*), array_agg(id), array_agg(path), array_agg(currency), array_agg(accounts), array_agg(balance)
    INTO folded, ids, paths, currencies, counts, balances
    FROM gone;
    INSERT INTO account_group (id, path, currency, accounts, balance)
    SELECT min(g.id), g.path, g.currency, sum(g.accounts), sum(g.balance)
    FROM unnest(ids, paths, currencies, counts, balances) AS g (id, path, currency, accounts, balance)
    GROUP BY g.path, g.currency;
    RETURN folded;
END $$;

GRANT EXECUTE ON FUNCTION ledger_open_v2, ledger_post_v2, ledger_close_v2, ledger_fold_groups TO farthing_app;

-- credit: what a decision came to, beside the decision, which is long and lies apart from its row: so that decisions are counted
-- without opening each. They cannot say anything else than it does; the release before leaves them empty.
ALTER TABLE credit_decision
    ADD COLUMN score integer CHECK (score = (decision ->> 'score')::integer),
    ADD COLUMN approved boolean CHECK (approved = (decision ->> 'approved')::boolean);
