-- The pooled fund: funds, their index a day, holders, orders and assets. Days without trade: bank_holiday.
-- Money itself is in the ledger only; units and income below a fen are here, with 12 and 24 decimals.

CREATE TABLE fund (
    id              text PRIMARY KEY,       -- the product's name
    product_version text NOT NULL,          -- product_version: terms never change under holders
    policy          text NOT NULL,          -- savings policy pack whose caps apply
    currency        text NOT NULL,
    founded_on      date NOT NULL,
    index_on        date NOT NULL,          -- the last day whose income was shared out
    index_value     numeric NOT NULL,
    units           numeric NOT NULL CHECK (units >= 0),     -- earning units of all holders, rounded up
    waiting         numeric NOT NULL CHECK (waiting >= 0),   -- their income that waits for the monthly carry
    instant_on      date,
    instant_minor   bigint NOT NULL DEFAULT 0 CHECK (instant_minor >= 0),   -- paid at once on instant_on
    version         bigint NOT NULL DEFAULT 0
);

CREATE TABLE fund_index (
    id                text PRIMARY KEY,     -- "<fund>@<day>": one row a day and fund
    fund_id           text NOT NULL,
    on_date           date NOT NULL,
    value             numeric NOT NULL CHECK (value >= 0),
    units             numeric NOT NULL CHECK (units >= 0),   -- units that earned this day
    gross             numeric NOT NULL,
    fee               numeric NOT NULL,
    income            numeric NOT NULL CHECK (income >= 0),
    per_ten_thousand  numeric NOT NULL,
    carried           boolean NOT NULL      -- at its end waiting income became units (monthly carry)
);
CREATE INDEX fund_index_day ON fund_index (fund_id, on_date);

CREATE TABLE fund_holding (
    id               text PRIMARY KEY,      -- "<fund>:<party>"
    fund_id          text NOT NULL,
    party_id         text NOT NULL,         -- party
    currency         text NOT NULL,
    units            numeric NOT NULL CHECK (units >= 0),
    unpaid           numeric NOT NULL CHECK (unpaid >= 0),
    index_on         date NOT NULL,         -- units and unpaid are as of this day's index
    index_value      numeric NOT NULL,
    buying_minor     bigint NOT NULL CHECK (buying_minor >= 0),       -- ordered, not confirmed
    confirmed_minor  bigint NOT NULL CHECK (confirmed_minor >= 0),    -- confirmed, not earning yet
    redeeming_minor  bigint NOT NULL CHECK (redeeming_minor >= 0),    -- ordered out, still earning
    booked_minor     bigint NOT NULL CHECK (booked_minor >= 0),       -- what the holder's own account says
    paid_in_minor    bigint NOT NULL CHECK (paid_in_minor >= 0),
    paid_out_minor   bigint NOT NULL CHECK (paid_out_minor >= 0),
    income_on        date NOT NULL,
    income_last      numeric NOT NULL,      -- what income_on brought, where it is index_on
    instant_on       date,
    instant_minor    bigint NOT NULL CHECK (instant_minor >= 0),
    version          bigint NOT NULL
);
CREATE INDEX fund_holding_party ON fund_holding (party_id);
CREATE INDEX fund_holding_fund ON fund_holding (fund_id, id);

CREATE TABLE fund_order (
    id               text PRIMARY KEY,
    fund_id          text NOT NULL,
    holding_id       text NOT NULL,         -- fund_holding
    party_id         text NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('subscribe', 'redeem', 'instant')),
    currency         text NOT NULL,
    amount_minor     bigint NOT NULL CHECK (amount_minor > 0),
    state            text NOT NULL CHECK (state IN ('placed', 'confirmed', 'payable', 'settled', 'cancelled')),
    placed_at        timestamptz NOT NULL,
    trading_on       date NOT NULL,
    earns_change_on  date NOT NULL,         -- from this day its units earn, or earn no more
    settles_on       date NOT NULL,
    due_on           date,                  -- the close that handles it next
    confirmed_on     date,
    applied_on       date,                  -- the day at whose index the holding changed
    settled_on       date,
    units            numeric NOT NULL,      -- change of earning units when applied
    waiting          numeric NOT NULL,      -- change of waiting income when applied
    version          bigint NOT NULL,
    CHECK ((state IN ('settled', 'cancelled')) = (due_on IS NULL))
);
-- The close of a day asks which orders it concerns, never how many holders there are.
CREATE INDEX fund_order_due ON fund_order (due_on, id) WHERE due_on IS NOT NULL;
CREATE INDEX fund_order_holding ON fund_order (holding_id, id);
CREATE INDEX fund_order_applied ON fund_order (fund_id, applied_on);

CREATE TABLE fund_asset (
    id               text PRIMARY KEY,
    fund_id          text NOT NULL,
    name             text NOT NULL,
    currency         text NOT NULL,
    principal_minor  bigint NOT NULL CHECK (principal_minor > 0),
    annual_rate      numeric NOT NULL CHECK (annual_rate >= 0),
    day_count        text NOT NULL,
    from_on          date NOT NULL,
    to_on            date NOT NULL CHECK (to_on > from_on),
    accrued_minor    bigint NOT NULL CHECK (accrued_minor >= 0),      -- as booked: whole minor units
    retired_on       date,
    proceeds_minor   bigint CHECK (proceeds_minor >= 0),
    gain_minor       bigint NOT NULL CHECK (gain_minor >= 0),
    version          bigint NOT NULL,
    CHECK ((retired_on IS NULL) = (proceeds_minor IS NULL))
);
CREATE INDEX fund_asset_fund ON fund_asset (fund_id, from_on);

GRANT SELECT, INSERT ON fund_index TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON fund, fund_holding, fund_order, fund_asset TO farthing_app;
