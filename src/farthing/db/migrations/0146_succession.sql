-- Models of credit in use: what was brought, each act upon it, and what a model said of a decision.
CREATE TABLE credit_model (
    id text PRIMARY KEY,                -- SHA-256 of its text
    slot text NOT NULL,                 -- the scorecard that products name
    name text NOT NULL,
    version text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('scorecard', 'artefact')),
    source text NOT NULL,
    measures jsonb NOT NULL,            -- of its training
    brought_on date NOT NULL,
    brought_by text NOT NULL
);

CREATE TABLE credit_model_turn (
    slot text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    act text NOT NULL CHECK (act IN ('brought', 'shadow', 'stopped', 'promoted', 'rolled_back')),
    model text NOT NULL,                -- upon which: credit_model
    champion text NOT NULL,             -- which decides after it; empty: the one that ships with the program
    happened_on date NOT NULL,
    happened_at timestamptz NOT NULL,
    done_by text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (slot, number)
);

CREATE TABLE credit_model_score (
    decision_id text NOT NULL,          -- credit_decision
    model text NOT NULL,                -- SHA-256 of the model that says it
    champion text NOT NULL,             -- SHA-256 of the model that decided; the same: it is said of itself
    party_id text NOT NULL,
    decided_at timestamptz NOT NULL,
    approved boolean NOT NULL,
    score integer NOT NULL,
    probability numeric NOT NULL CHECK (probability BETWEEN 0 AND 1),
    champion_score integer NOT NULL,
    champion_probability numeric NOT NULL CHECK (champion_probability BETWEEN 0 AND 1),
    figures jsonb NOT NULL,             -- what the model asked for
    PRIMARY KEY (decision_id, model)
);
CREATE INDEX credit_model_score_model ON credit_model_score (model, decided_at);
CREATE INDEX credit_commitment_decision ON credit_commitment (decision_id);

GRANT SELECT, INSERT ON credit_model, credit_model_turn, credit_model_score TO farthing_app;
