-- identity: how a person's pages look, kept with whoever signs in; by actor, so that a login that moves to another phone keeps it.

CREATE TABLE login_look (
    id        text PRIMARY KEY,     -- the actor
    language  text CHECK (language IN ('zh', 'en')),
    theme     text CHECK (theme IN ('auto', 'light', 'dark')),
    care      boolean
);

GRANT SELECT, INSERT, DELETE ON login_look TO farthing_app;
GRANT UPDATE (language, theme, care) ON login_look TO farthing_app;
