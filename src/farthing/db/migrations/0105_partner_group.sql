-- funding: the unified social credit code of whoever controls a partner in the end; nothing where nobody else does. Partners that have it in
-- common are one group.

ALTER TABLE funding_partner ADD COLUMN controlled_by text NOT NULL DEFAULT '';
