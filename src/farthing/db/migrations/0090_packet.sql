-- payments: red packets, how far each is taken, for whom it is, and who took which part.

CREATE TABLE packet (
    id text PRIMARY KEY,
    sender text NOT NULL,               -- party
    kind text NOT NULL,                 -- normal, lucky
    currency text NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor >= shares),
    shares integer NOT NULL CHECK (shares > 0),
    greeting text NOT NULL,
    members integer NOT NULL CHECK (members >= 0),  -- packet_member; 0: whoever has the link
    seed bytea NOT NULL,                -- told to nobody before the packet has ended
    commitment text NOT NULL,
    sent_at timestamptz NOT NULL,
    sent_on date NOT NULL
);
CREATE INDEX packet_sender ON packet (sender, id);
CREATE INDEX packet_sender_day ON packet (sender, sent_on);

-- The one row that whoever takes a part of a packet, or ends it, writes first.
CREATE TABLE packet_taken (
    id text PRIMARY KEY,                -- packet
    shares integer NOT NULL,
    taken integer NOT NULL CHECK (taken >= 0 AND taken <= shares),
    ends_at timestamptz NOT NULL,
    ended_at timestamptz
) WITH (fillfactor = 50);
CREATE INDEX packet_taken_open ON packet_taken (ends_at, id) WHERE ended_at IS NULL;

CREATE TABLE packet_member (
    packet_id text NOT NULL,            -- packet
    party_id text NOT NULL,             -- party
    PRIMARY KEY (packet_id, party_id)
);

CREATE TABLE packet_claim (
    packet_id text NOT NULL,            -- packet
    claimer text NOT NULL,              -- party
    place integer NOT NULL CHECK (place > 0),
    entry integer NOT NULL CHECK (entry > 0 AND entry <= place),   -- the first place of the entry that paid it
    minor bigint NOT NULL CHECK (minor > 0),
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (packet_id, claimer),
    UNIQUE (packet_id, place)
);
CREATE INDEX packet_claim_claimer ON packet_claim (claimer, claimed_at);

GRANT SELECT, INSERT ON packet, packet_member, packet_claim TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON packet_taken TO farthing_app;
