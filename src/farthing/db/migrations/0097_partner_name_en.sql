-- funding: what a partner is called in English; nothing where it has the one name.

ALTER TABLE funding_partner ADD COLUMN name_en text NOT NULL DEFAULT '';
