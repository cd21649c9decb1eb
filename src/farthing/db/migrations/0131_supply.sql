-- supply: invoices, the receivables that confirmed payables are, their pieces, and who may confirm and at which grade.

CREATE TABLE supply_invoice (
    id text PRIMARY KEY,                -- derived from seller's code and number: the same invoice in whichever file
    seller_id text NOT NULL,            -- party
    seller_code text NOT NULL,          -- unified social credit codes
    buyer_code text NOT NULL,
    buyer_name text NOT NULL,           -- as the file says
    number text NOT NULL,
    issued_on date NOT NULL,
    due_on date,                        -- as the file says
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    credited_minor bigint NOT NULL DEFAULT 0 CHECK (credited_minor >= 0),
    confirmed_minor bigint NOT NULL DEFAULT 0 CHECK (confirmed_minor >= 0),
    format text NOT NULL,               -- ubl, cii, cn
    sha256 text NOT NULL,               -- of the file as it came
    content bytea NOT NULL,
    registered_on date NOT NULL,
    registered_at timestamptz NOT NULL,
    CHECK (credited_minor + confirmed_minor <= amount_minor)
);
CREATE INDEX supply_invoice_seller ON supply_invoice (seller_id, registered_at);
CREATE INDEX supply_invoice_buyer ON supply_invoice (buyer_code, registered_at);

CREATE TABLE supply_credit (
    id text PRIMARY KEY,                -- derived from seller's code and number of the credit note
    invoice_id text NOT NULL,           -- supply_invoice
    number text NOT NULL,
    issued_on date NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    sha256 text NOT NULL,
    content bytea NOT NULL,
    registered_on date NOT NULL
);
CREATE INDEX supply_credit_invoice ON supply_credit (invoice_id);

CREATE TABLE supply_receivable (
    id text PRIMARY KEY,
    invoice_id text NOT NULL,           -- supply_invoice
    supplier text NOT NULL,             -- party
    debtor text NOT NULL,               -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    due_on date NOT NULL,
    state text NOT NULL,                -- proposed, live, settled, void
    agreement_id text NOT NULL,         -- agreement
    made_on date NOT NULL,
    version integer NOT NULL            -- counts its changes
);
CREATE INDEX supply_receivable_invoice ON supply_receivable (invoice_id);
CREATE INDEX supply_receivable_debtor ON supply_receivable (debtor, due_on);
CREATE INDEX supply_receivable_due ON supply_receivable (due_on, id) WHERE state = 'live';
CREATE INDEX supply_receivable_waits ON supply_receivable (id) WHERE state = 'proposed';

CREATE TABLE supply_piece (
    receivable_id text NOT NULL,        -- supply_receivable
    number integer NOT NULL,
    parent integer NOT NULL,            -- the piece that it came of; 0: of none
    holder text NOT NULL,               -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    paid_minor bigint NOT NULL CHECK (paid_minor >= 0 AND paid_minor <= amount_minor),
    state text NOT NULL,                -- held, passing, pledged, split, passed
    since_on date NOT NULL,
    about text NOT NULL,                -- supply_transfer; loan_offer
    PRIMARY KEY (receivable_id, number)
);
CREATE INDEX supply_piece_holder ON supply_piece (holder) WHERE state IN ('held', 'passing', 'pledged');
CREATE INDEX supply_piece_waits ON supply_piece (state, receivable_id) WHERE state IN ('passing', 'pledged');

CREATE TABLE supply_event (
    receivable_id text NOT NULL,        -- supply_receivable
    number integer NOT NULL,
    kind text NOT NULL,                 -- confirmed, voided, split, offered, taken_back, passed, pledged, released, paid
    piece integer NOT NULL,
    party_id text NOT NULL,             -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    about text NOT NULL,                -- agreement, supply_transfer, loan_offer, entry
    happened_on date NOT NULL,
    happened_at timestamptz NOT NULL,
    actor text NOT NULL,
    PRIMARY KEY (receivable_id, number)
);

CREATE TABLE supply_transfer (
    id text PRIMARY KEY,
    receivable_id text NOT NULL,        -- supply_receivable
    piece integer NOT NULL,
    giver text NOT NULL,                -- party
    taker text NOT NULL,                -- party
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    agreement_id text NOT NULL,         -- agreement
    state text NOT NULL,                -- offered, done, over
    offered_on date NOT NULL
);
CREATE INDEX supply_transfer_giver ON supply_transfer (giver);
CREATE INDEX supply_transfer_taker ON supply_transfer (taker);

CREATE TABLE supply_debtor (
    id text PRIMARY KEY,                -- party
    grade integer NOT NULL CHECK (grade BETWEEN 1 AND 5),
    currency text NOT NULL,
    most_minor bigint NOT NULL CHECK (most_minor >= 0),
    graded_on date NOT NULL
);

GRANT SELECT, INSERT ON supply_invoice, supply_credit, supply_receivable, supply_piece, supply_event, supply_transfer,
    supply_debtor TO farthing_app;
GRANT UPDATE (credited_minor, confirmed_minor) ON supply_invoice TO farthing_app;
GRANT UPDATE (state, version) ON supply_receivable TO farthing_app;
GRANT UPDATE (paid_minor, state, since_on, about) ON supply_piece TO farthing_app;
GRANT UPDATE (state) ON supply_transfer TO farthing_app;
GRANT UPDATE (grade, currency, most_minor, graded_on) ON supply_debtor TO farthing_app;
