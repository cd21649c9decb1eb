-- payments: who paid whom before anybody was looked at is known too, or everybody's landlord would be new.

INSERT INTO payment_pair (payer, payee, first_at)
SELECT w.party_id, v.party_id, min(e.recorded_at)
FROM entry AS e
    JOIN account AS a ON a.id = e.legs[1] JOIN wallet AS w ON w.id = a.path
    JOIN account AS b ON b.id = e.legs[3] JOIN wallet AS v ON v.id = b.path
WHERE e.kind = 'transfer' AND e.legs[2] >= 10000
GROUP BY w.party_id, v.party_id
ON CONFLICT (payer, payee) DO NOTHING;
