-- Crowdfunding: projects, their milestones, what was given, votes, and words to backers.
CREATE TABLE crowd_project (
    id text PRIMARY KEY,
    owner text NOT NULL,                -- party
    kind text NOT NULL CHECK (kind IN ('reward', 'donation', 'lending')),
    title text NOT NULL,
    words text NOT NULL,
    risks text NOT NULL,
    gives_back text NOT NULL,
    currency text NOT NULL,
    minimum bigint NOT NULL CHECK (minimum > 0),
    optimum bigint NOT NULL CHECK (optimum >= minimum),
    days integer NOT NULL,
    second_days integer NOT NULL,
    state text NOT NULL,
    proposed_on date NOT NULL,
    opened_on date,
    ends_on date,
    digest text NOT NULL,
    reason text NOT NULL,
    backers bigint NOT NULL,
    held bigint NOT NULL CHECK (held >= 0),
    captured bigint NOT NULL CHECK (captured >= 0),
    released bigint NOT NULL CHECK (released >= 0),
    fee bigint NOT NULL CHECK (fee >= 0),
    refunded bigint NOT NULL CHECK (refunded >= 0),
    CHECK (released + fee + refunded <= captured),
    CHECK (held + captured <= optimum)
);
CREATE INDEX crowd_project_state ON crowd_project (state, id);
CREATE INDEX crowd_project_owner ON crowd_project (owner);

CREATE TABLE crowd_milestone (
    project_id text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    name text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    stage text NOT NULL CHECK (stage IN ('planned', 'asked', 'approved', 'released', 'refused')),
    words text NOT NULL,
    vote_ends_on date,
    agreed bigint NOT NULL,
    against bigint NOT NULL,
    PRIMARY KEY (project_id, number)
);

CREATE TABLE crowd_gift (
    project_id text NOT NULL,
    id text NOT NULL,
    party_id text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    state text NOT NULL CHECK (state IN ('held', 'captured', 'back', 'let_go', 'refunded')),
    refunded bigint NOT NULL CHECK (refunded BETWEEN 0 AND amount),
    given_at timestamptz NOT NULL,
    digest text NOT NULL,               -- of the text that whoever gave had read
    PRIMARY KEY (project_id, id)
);
CREATE INDEX crowd_gift_party ON crowd_gift (party_id, id);
CREATE INDEX crowd_gift_id ON crowd_gift (id);
CREATE INDEX crowd_gift_state ON crowd_gift (project_id, state, id);

CREATE TABLE crowd_vote (
    project_id text NOT NULL,
    number integer NOT NULL,
    party_id text NOT NULL,
    agree boolean NOT NULL,
    voted_at timestamptz NOT NULL,
    PRIMARY KEY (project_id, number, party_id)
);

CREATE TABLE crowd_word (
    project_id text NOT NULL,
    id text NOT NULL,
    said_on date NOT NULL,
    words text NOT NULL,
    PRIMARY KEY (project_id, id)
);

GRANT SELECT, INSERT ON crowd_project, crowd_milestone, crowd_gift, crowd_vote, crowd_word TO farthing_app;
GRANT UPDATE (state, opened_on, ends_on, digest, reason, backers, held, captured, released, fee, refunded) ON crowd_project TO farthing_app;
GRANT UPDATE (stage, words, vote_ends_on, agreed, against) ON crowd_milestone TO farthing_app;
GRANT UPDATE (state, refunded) ON crowd_gift TO farthing_app;
