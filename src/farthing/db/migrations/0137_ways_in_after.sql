-- Whoever has a passkey changes the password by it: a challenge that is answered allows one change.
ALTER TABLE challenge DROP CONSTRAINT challenge_purpose_check;
ALTER TABLE challenge ADD CONSTRAINT challenge_purpose_check CHECK (purpose IN ('add', 'sign_in', 'confirm', 'password'));
