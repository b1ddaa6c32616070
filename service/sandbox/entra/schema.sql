-- What apps prove themselves with, what was granted to them, and who has signed in where.
-- Of several `rights` on the same thing the latest counts whose `since` has passed: a change
-- may take its time to be felt. An empty value or role is a withdrawal.

CREATE TABLE IF NOT EXISTS app_keys (
    thumbprint TEXT PRIMARY KEY, app TEXT NOT NULL, pem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS app_secrets (
    app TEXT NOT NULL, secret TEXT NOT NULL, expires TEXT, PRIMARY KEY (app, secret)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used_assertions (
    jti TEXT PRIMARY KEY, until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
    site TEXT NOT NULL, app TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (site, app)
) WITHOUT ROWID;
-- Grants on sites that are decided but not felt yet.
CREATE TABLE IF NOT EXISTS coming_grants (
    number INTEGER PRIMARY KEY, site TEXT NOT NULL, app TEXT NOT NULL, role TEXT NOT NULL,
    since TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rights (
    number INTEGER PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL,
    value TEXT NOT NULL, since TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS rights_of ON rights (app, kind);

-- Accounts that are not as they were on the first day: `standing` is blocked or gone.
CREATE TABLE IF NOT EXISTS accounts (
    person TEXT PRIMARY KEY, standing TEXT NOT NULL
) WITHOUT ROWID;
-- An empty person or app stands for everybody, the person `workload` for apps by themselves;
-- `control` is block or mfa.
CREATE TABLE IF NOT EXISTS access_policies (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, app TEXT NOT NULL, control TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS consents (
    app TEXT NOT NULL, person TEXT NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (app, person, scope)
) WITHOUT ROWID;

-- Codes of the browser (`kind` code) and of devices (`kind` device), which wait for a person.
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, kind TEXT NOT NULL, user_code TEXT, app TEXT NOT NULL, person TEXT,
    request TEXT NOT NULL, state TEXT NOT NULL, expires TEXT NOT NULL, mfa INTEGER NOT NULL,
    polled REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refresh_tokens (
    token TEXT PRIMARY KEY, app TEXT NOT NULL, person TEXT NOT NULL, proved INTEGER NOT NULL,
    mfa INTEGER NOT NULL, issued TEXT NOT NULL, revoked TEXT
) WITHOUT ROWID;
