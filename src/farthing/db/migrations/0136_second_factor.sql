-- A session of the staff that was opened without a second factor, where the policy asks for one: it may set one up and nothing else.
ALTER TABLE session ADD COLUMN needs_second boolean NOT NULL DEFAULT false;
