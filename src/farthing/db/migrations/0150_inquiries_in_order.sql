-- exchange: where an inquiry stands among all that is recorded of its person. An instant does not say: who began first may be
-- done last, and a report shows who asked before it.

ALTER TABLE exchange_inquiry ADD position integer NOT NULL DEFAULT 0;
UPDATE exchange_inquiry SET position = coalesce((revisions ->> subject_id)::integer, 0);
