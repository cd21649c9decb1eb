-- funding: agreements with partners, each version of each; who is asked about a loan by which of them, and in which order.

CREATE TABLE funding_programme (
    id text PRIMARY KEY,                -- programme@version
    programme text NOT NULL,
    partner text NOT NULL,
    source text NOT NULL,               -- the file
    set_at timestamptz NOT NULL,        -- the latest of a programme is the one in force, unless it ended
    set_by text NOT NULL,
    ended boolean NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON funding_programme TO farthing_app;

ALTER TABLE funding_inquiry ADD COLUMN programme text NOT NULL DEFAULT '';
ALTER TABLE funding_inquiry ADD COLUMN place integer NOT NULL DEFAULT 0;
ALTER TABLE funding_inquiry DROP CONSTRAINT funding_inquiry_state_check;
ALTER TABLE funding_inquiry ADD CONSTRAINT funding_inquiry_state_check
    CHECK (state IN ('asked', 'agreed', 'declined', 'passed_over', 'released', 'spared'));
