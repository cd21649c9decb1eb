-- Products: every version of a product or policy that was ever in force, and which one is in force now.

CREATE TABLE product_version (
    id            text PRIMARY KEY,     -- "rainy-day-loan@<version>"
    product       text NOT NULL,
    version       text NOT NULL CHECK (length(version) = 64),
    kind          text NOT NULL,
    source        text NOT NULL,        -- the file as published; terms are always decoded from it
    published_at  timestamptz NOT NULL,
    published_by  text NOT NULL
);
CREATE INDEX product_version_product ON product_version (product, published_at);

CREATE TABLE product (
    id        text PRIMARY KEY,         -- the product's name; a policy pack is named "policy"
    kind      text NOT NULL,
    version   text NOT NULL,
    since_at  timestamptz NOT NULL
);

GRANT SELECT, INSERT ON product_version TO farthing_app;
GRANT SELECT, INSERT, UPDATE ON product TO farthing_app;
