-- A seed of app codes that nobody has shown a code of is guessed at so often only.
ALTER TABLE login_code ADD COLUMN tries integer NOT NULL DEFAULT 0;
