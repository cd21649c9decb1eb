-- products: what one member of staff alone let go of customers' money in a business day, by currency and way.

CREATE TABLE staff_alone (
    id          text PRIMARY KEY,       -- day:currency:way:customer:party, or day:currency:way:member:person
    counted_on  date NOT NULL,
    minor       bigint NOT NULL CHECK (minor >= 0)
);
CREATE INDEX staff_alone_day ON staff_alone (counted_on);

GRANT SELECT, INSERT, DELETE ON staff_alone TO farthing_app;
GRANT UPDATE (minor) ON staff_alone TO farthing_app;
