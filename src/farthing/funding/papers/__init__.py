"""What a partner lender has in hand of each loan that it has a part of: certificate, schedule, contract."""
