-- Loans by the million, written as the owner of the database: what paying each out would have written, set by set. Every
-- borrower is one person over again with a wallet that holds what was paid out; contracts and leaves of evidence there are none,
-- and names lie in plain, as those from before there was a keyring.

CREATE TEMP TABLE lent_kind (
    number     bigint PRIMARY KEY,
    minor      bigint NOT NULL,
    on_day     date   NOT NULL,   -- of payment out
    rows       jsonb  NOT NULL,   -- as loan_plan keeps them
    instalment bigint NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE lent_row (number bigint, instalment integer, component text, due_on date, minor bigint) ON COMMIT DROP;
CREATE TEMP TABLE lent_path (path text PRIMARY KEY, sign integer NOT NULL, guards bigint[]) ON COMMIT DROP;
CREATE TEMP TABLE lent_run (
    stem  text        NOT NULL,   -- how the ids of these loans and parties begin, without the prefix
    model text        NOT NULL,   -- the loan, made by the bank's own operations, that the others are like
    stamp timestamptz NOT NULL
) ON COMMIT DROP;

CREATE FUNCTION pg_temp.lent_ready() RETURNS void LANGUAGE sql AS $$
    LOCK TABLE guard IN ROW SHARE MODE;
    INSERT INTO lent_row
    SELECT kind.number, place.at, part.component, (place.one ->> 0)::date, (place.one ->> part.at)::bigint
    FROM lent_kind AS kind CROSS JOIN LATERAL jsonb_array_elements(kind.rows) WITH ORDINALITY AS place (one, at)
        CROSS JOIN (VALUES (1, 'principal'), (2, 'interest'), (3, 'fee')) AS part (at, component)
    WHERE (place.one ->> part.at)::bigint > 0;
    UPDATE lent_path SET guards = ledger_counts_towards(lent_path.path || ':' || run.stem || '0000000000', 'CNY',
        lent_path.sign, terms.g_id, terms.g_currency, terms.g_pattern, terms.g_weight)
    FROM lent_run AS run CROSS JOIN ledger_guard_terms() AS terms;
$$;

CREATE FUNCTION pg_temp.lent_account(p_path text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || left(encode(sha256(convert_to(p_path, 'UTF8')), 'hex'), 16))::bit(64)::bigint >> 1 & 9223372036854775807
$$;

-- The loans from number p_first to p_last.
CREATE FUNCTION pg_temp.lent_piece(p_first bigint, p_last bigint) RETURNS void LANGUAGE sql AS $$
    WITH made AS MATERIALIZED (
        SELECT short.id, kind.number, kind.minor, kind.on_day, kind.rows, kind.instalment, run.stamp, run.model,
            'loan:' || short.id || ':disbursement' AS reference,
            pg_temp.lent_account('assets:loans:' || short.id) AS principal,
            pg_temp.lent_account('liabilities:wallets:' || short.id) AS wallet
        FROM lent_run AS run CROSS JOIN LATERAL generate_series(p_first, p_last) AS n
            CROSS JOIN LATERAL (VALUES (run.stem || lpad(n::text, 10, '0'))) AS short (id)
            JOIN lent_kind AS kind ON kind.number = n % (SELECT count(*) FROM lent_kind)
    ), entries AS MATERIALIZED (
        SELECT made.*, ARRAY[principal, minor, wallet, -minor] AS legs,
            encode(set_byte(set_byte(word.hash, 6, get_byte(word.hash, 6) & 15 | 128), 8,
                get_byte(word.hash, 8) & 63 | 128), 'hex')::uuid AS entry
        FROM made CROSS JOIN LATERAL (
            SELECT substring(sha256(convert_to(reference, 'UTF8')) FOR 16) AS hash
        ) AS word
    ), into_account AS (
        INSERT INTO account (id, opened_at, path, currency, sign, floor, ceiling, balance, version, recorded_at,
            effective_high, seal, guards)
        SELECT pg_temp.lent_account(under.path || ':' || made.id), made.stamp, under.path || ':' || made.id, 'CNY', under.sign, 0,
            4611686018427387904, made.minor * side.way, abs(side.way), made.stamp,
            CASE side.way WHEN 0 THEN '0001-01-01' ELSE made.on_day END,
            ledger_account_seal(under.path || ':' || made.id, 'CNY', under.sign, 0, 4611686018427387904, made.stamp)
                # ledger_closing_seal(NULL),
            under.guards
        FROM made CROSS JOIN lent_path AS under
            JOIN (VALUES ('assets:loans', 1), ('liabilities:wallets', -1), ('assets:interest-receivable', 0)) AS side (path, way)
                ON side.path = under.path
    ), into_entry AS (
        INSERT INTO entry (id, recorded_at, seal, effective_on, kind, reference, memo, legs)
        SELECT entry, stamp, ledger_entry_seal(reference, 'disbursement', on_day, stamp, NULL, '放款 disbursement', legs),
            on_day, 'disbursement', reference, '放款 disbursement', legs
        FROM entries
    ), into_posting AS (
        INSERT INTO posting (account_id, version, balance, entry_id, effective_on, effective_high)
        SELECT side.account, 1, side.minor, entry, on_day, on_day
        FROM entries CROSS JOIN LATERAL (VALUES (principal, minor), (wallet, -minor)) AS side (account, minor)
    ), into_party AS (
        INSERT INTO party (id, kind, name, number, phone, level_until, registered_at)
        SELECT 'party_' || made.id, one.kind, '借款人', '', '', one.level_until, made.stamp
        FROM made JOIN loan AS model ON model.id = made.model JOIN party AS one ON one.id = model.party_id
    ), into_loan AS (
        INSERT INTO loan (id, party_id, offer_id, decision_id, purpose, currency, principal_minor, conditions, state, holders,
            pays_on, accepted_at, accepted_on, disbursed_on, as_of_on)
        SELECT 'loan_' || made.id, 'party_' || made.id, 'offer_' || made.id, model.decision_id, model.purpose, 'CNY', made.minor,
            model.conditions, 'active',
            jsonb_build_array(jsonb_set(model.holders -> 0, '{share,minor}', to_jsonb(made.minor))),
            made.on_day, made.stamp, made.on_day, made.on_day, made.on_day
        FROM made JOIN loan AS model ON model.id = made.model
    ), into_plan AS (
        INSERT INTO loan_plan (loan_id, number, from_on, made_by, rows) SELECT 'loan_' || id, 1, on_day, 0, rows FROM made
    ), into_event AS (
        INSERT INTO loan_event (loan_id, number, id, kind, on_day, currency, amount_minor, about, moves, outstanding_minor,
            loan_state, recorded_at)
        SELECT 'loan_' || id, 1, 'out_' || id, 'pay_out', on_day, 'CNY', minor, '{}', '[]', minor, 'active', stamp FROM made
    ), into_obligation AS (
        INSERT INTO loan_obligation (loan_id, instalment, component, due_on, amount_minor, paid_minor, waived_minor,
            written_off_minor, recognised_minor, left_minor, open)
        SELECT 'loan_' || made.id, due.instalment, due.component, due.due_on, due.minor, 0, 0, 0, 0, due.minor, true
        FROM made JOIN lent_row AS due ON due.number = made.number
    )
    INSERT INTO credit_commitment (id, party_id, decision_id, product, use, currency, agreed_minor, owed_minor,
        instalment_minor, state, taken_on, drawn_on)
    SELECT 'loan_' || made.id, 'party_' || made.id, like_it.decision_id, like_it.product, like_it.use, 'CNY', made.minor,
        made.minor, made.instalment, 'drawn', made.on_day, made.on_day
    FROM made JOIN credit_commitment AS like_it ON like_it.id = made.model
$$;

-- What all loans together did to the figures of the bank's guards and to the sums of groups.
CREATE FUNCTION pg_temp.lent_done(p_count bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE guard_figure SET figure = guard_figure.figure + moved.delta
    FROM (
        SELECT under.guards[place] AS id, sum(lent.minor * side.way * under.guards[place + 1]) AS delta
        FROM lent_path AS under
            JOIN (VALUES ('assets:loans', 1), ('liabilities:wallets', -1)) AS side (path, way) ON side.path = under.path
            CROSS JOIN (
                SELECT sum(minor * (p_count / kinds + (number < p_count % kinds)::integer)) AS minor
                FROM lent_kind CROSS JOIN (SELECT count(*) AS kinds FROM lent_kind) AS counted
            ) AS lent
            CROSS JOIN LATERAL generate_series(1, cardinality(under.guards), 2) AS place
        GROUP BY under.guards[place]
    ) AS moved
    WHERE guard_figure.id = moved.id;
    DELETE FROM account_group WHERE path <> '';
    INSERT INTO account_group (id, path, currency, accounts, balance)
    SELECT 'laid', rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':') AS grouped, currency,
        count(*) FILTER (WHERE closed_at IS NULL), sum(balance)
    FROM account GROUP BY grouped, currency;
$$;
