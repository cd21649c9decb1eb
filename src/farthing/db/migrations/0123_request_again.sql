-- payments: a request whose payment was not let go is paid again, by a transfer of a name of its own.

ALTER TABLE pay_request ADD COLUMN tries integer NOT NULL DEFAULT 0;    -- payments of it that waited and did not go
