-- The application's role logs in by itself. A session that logged in as the owner and took the role on could put it
-- off again (SET ROLE NONE); one that logged in as the role is the role. Its password, where one is asked for, is set by
-- `farthing migrate`, since it belongs to the server and not to this database.

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'farthing_app' AND NOT rolcanlogin) THEN
        ALTER ROLE farthing_app LOGIN;
    END IF;
END $$;
