-- One reference means one thing: what a hold or a release is called is not the name of an entry, nor of another of
-- their kind, and a release's name is remembered.
--
-- Portable as 0003 is: distributed by id, beside entry, so that one node commits both for a reference.

CREATE TABLE hold_reference (
    id        uuid NOT NULL PRIMARY KEY,   -- derived from the reference
    reference text NOT NULL,
    hold      text NOT NULL                -- hold.reference: its own, or of the hold that was released under this one
);

INSERT INTO hold_reference (id, reference, hold) SELECT id, reference, reference FROM hold;
INSERT INTO hold_reference (id, reference, hold)
SELECT encode(set_byte(set_byte(substring(sha256(convert_to(resolution, 'UTF8')) FOR 16), 6,
        get_byte(sha256(convert_to(resolution, 'UTF8')), 6) & 15 | 128), 8,
        get_byte(sha256(convert_to(resolution, 'UTF8')), 8) & 63 | 128), 'hex')::uuid, resolution, min(reference)
FROM hold WHERE state = 'released' GROUP BY resolution
ON CONFLICT (id) DO NOTHING;

DROP FUNCTION ledger_post(
    timestamptz, bigint[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], integer[], date[], uuid[],
    text[], text[], date[], text[], bigint[], integer[], integer[], integer[], integer[], bigint[], uuid[],
    text[], text[], date[], text[], text[], timestamptz[], integer[], bigint[], bigint[], bigint[], uuid[],
    text[], text[]
);

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
CREATE FUNCTION ledger_post(
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
            a.recorded_at, a.currency, a.guards
    )
    SELECT count(*), count(c.guards), min(c.guards) = max(c.guards), max(recorded_at), min(currency), max(currency),
        array_agg(balance ORDER BY place), array_agg(version ORDER BY place), array_agg(effective_high ORDER BY place)
    INTO moved, guarded, alike, stamp, lowest, highest, balances, versions, highs
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
END $$;

REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_post TO farthing_app;
GRANT SELECT ON hold_reference TO farthing_app;
