-- The tenant's state. Times are ISO 8601 in UTC; people and apps are `user:ID` and `app:ID`.

CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (act INTEGER PRIMARY KEY);

-- What will happen by itself when the clock gets there; `payload` is JSON.
CREATE TABLE IF NOT EXISTS due (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS due_at ON due (at, id);

-- Every request of an app to the tenant, refused ones too.
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, app TEXT, write INTEGER NOT NULL,
    units INTEGER NOT NULL
);

-- What was asked for and is not built, or failed in the sandbox itself.
CREATE TABLE IF NOT EXISTS unbuilt (
    number INTEGER PRIMARY KEY, template TEXT NOT NULL, why TEXT NOT NULL
);
