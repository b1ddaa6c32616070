-- The tenant's state. Times are ISO 8601 in UTC; people and apps are `user:ID` and `app:ID`.

CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (act INTEGER PRIMARY KEY);

-- Every request of an app to the tenant, refused ones too.
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, app TEXT, write INTEGER NOT NULL
);
