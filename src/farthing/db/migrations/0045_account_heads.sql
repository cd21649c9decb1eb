-- What an account's path begins with is few words however many accounts there are. The planner is told, so that it sums the
-- groups of the books in memory and in parallel and does not sort every account first.

CREATE STATISTICS account_heads ON (rtrim(split_part(path, ':', 1) || ':' || split_part(path, ':', 2), ':')) FROM account;
