-- Whoever has a passkey changes the password by it: a challenge that is answered allows one change. A seed of app codes that nobody
-- has shown a code of is guessed at so often only.
ALTER TABLE challenge DROP CONSTRAINT challenge_purpose_check;
ALTER TABLE challenge ADD CONSTRAINT challenge_purpose_check CHECK (purpose IN ('add', 'sign_in', 'confirm', 'password'));
ALTER TABLE login_code ADD COLUMN tries integer NOT NULL DEFAULT 0;
