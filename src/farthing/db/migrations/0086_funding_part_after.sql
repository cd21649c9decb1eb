-- funding: parts of loans from before are laid, now that only those write who keep them.
LOCK TABLE funding_part, loan_flow IN SHARE ROW EXCLUSIVE MODE;   -- nothing is shared out meanwhile

-- Loans of partners that are being repaid, as they stand: each part by the rule that shares repayments out (lending/held.py).
CREATE FUNCTION pg_temp.part_of(weights bigint[], whole numeric, place integer) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    first integer := 1;
    last integer := cardinality(weights);
    amount numeric := whole;
    middle integer;
    upper numeric;
    weight numeric;
    given numeric;
BEGIN
    WHILE first < last LOOP
        middle := (first - 1 + last + 1) / 2;
        SELECT sum(one) INTO upper FROM unnest(weights[first:middle]) AS one;
        SELECT sum(one) INTO weight FROM unnest(weights[first:last]) AS one;
        given := div(2 * amount * upper + weight, 2 * weight);
        IF place <= middle THEN
            last := middle;
            amount := given;
        ELSE
            first := middle + 1;
            amount := amount - given;
        END IF;
    END LOOP;
    RETURN amount;
END
$$;

INSERT INTO funding_part (loan_id, partner, position, programme, version, currency, share_minor, left_minor, own_left_minor,
                          taken_on, annual, of_annual, lent, given_up)
SELECT held.id, held.partner, row_number() OVER (PARTITION BY held.id ORDER BY held.place), '', '', held.currency, held.share,
    CASE WHEN held.given_up THEN 0 ELSE held.share - pg_temp.part_of(held.weights, held.repaid, held.place) END,
    CASE WHEN held.given_up OR held.own IS NULL THEN 0
        ELSE held.weights[held.own] - pg_temp.part_of(held.weights, held.repaid, held.own) END,
    held.accepted_on, held.annual, held.annual, held.state <> 'funded', held.given_up
FROM (
    SELECT loan.id, loan.currency, loan.state, loan.accepted_on, (loan.conditions ->> 'annual')::numeric AS annual,
        loan.given_up_on IS NOT NULL AS given_up, holder.place::integer AS place,
        substr(holder.about ->> 'name', 9) AS partner, (holder.about -> 'share' ->> 'minor')::bigint AS share,
        (SELECT array_agg((one -> 'share' ->> 'minor')::bigint ORDER BY at)
            FROM jsonb_array_elements(loan.holders) WITH ORDINALITY AS every (one, at)) AS weights,
        (SELECT min(at)::integer FROM jsonb_array_elements(loan.holders) WITH ORDINALITY AS every (one, at)
            WHERE one ->> 'name' = 'own') AS own,
        coalesce((SELECT sum(principal_minor) FROM loan_flow WHERE loan_flow.loan_id = loan.id AND kind = 'repaid'
            AND NOT waits), 0) AS repaid
    FROM loan CROSS JOIN LATERAL jsonb_array_elements(loan.holders) WITH ORDINALITY AS holder (about, place)
    WHERE loan.state IN ('funded', 'active', 'closed') AND holder.about ->> 'name' LIKE 'partner:%'
) AS held
ON CONFLICT (loan_id, partner) DO UPDATE SET left_minor = excluded.left_minor, own_left_minor = excluded.own_left_minor,
    lent = excluded.lent, given_up = excluded.given_up;
DROP FUNCTION pg_temp.part_of(bigint[], numeric, integer);
