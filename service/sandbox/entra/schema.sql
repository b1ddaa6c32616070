-- Keys that apps sign in with, and what was granted to them.

CREATE TABLE IF NOT EXISTS app_keys (
    thumbprint TEXT PRIMARY KEY, app TEXT NOT NULL, pem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
    site TEXT NOT NULL, app TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (site, app)
) WITHOUT ROWID;
