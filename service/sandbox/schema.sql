-- The tenant's state. Times are ISO 8601 in UTC; people and apps are `user:ID` and `app:ID`.

CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (act INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS app_keys (
    thumbprint TEXT PRIMARY KEY, app TEXT NOT NULL, pem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS grants (
    site TEXT NOT NULL, app TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (site, app)
) WITHOUT ROWID;

-- Every request of an app to the tenant, refused ones too.
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, app TEXT, write INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL, url TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lists (
    id TEXT PRIMARY KEY, site TEXT NOT NULL, drive TEXT UNIQUE, name TEXT NOT NULL,
    name_key TEXT NOT NULL, template TEXT NOT NULL, url TEXT NOT NULL, description TEXT NOT NULL,
    version INTEGER NOT NULL, last_number INTEGER NOT NULL,
    created_at TEXT NOT NULL, created_by TEXT NOT NULL, modified_at TEXT NOT NULL,
    UNIQUE (site, name_key)
);
CREATE TABLE IF NOT EXISTS columns (
    id TEXT PRIMARY KEY, list TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
    kind TEXT NOT NULL, definition TEXT NOT NULL, indexed INTEGER NOT NULL,
    is_unique INTEGER NOT NULL, UNIQUE (list, name)
);

-- Folders and files of libraries and rows of lists: one table, as in SharePoint.
-- `kind` is root, folder, file or row. A file that was moved to another library leaves a
-- deleted row behind, which `stands_for` its id in the old library's delta.
CREATE TABLE IF NOT EXISTS items (
    id TEXT PRIMARY KEY, list TEXT NOT NULL, number INTEGER NOT NULL, guid TEXT NOT NULL,
    parent TEXT, name TEXT NOT NULL, name_key TEXT, kind TEXT NOT NULL,
    blob TEXT, size INTEGER NOT NULL DEFAULT 0, xor TEXT, mime TEXT,
    content_version INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    modified_at TEXT NOT NULL, modified_by TEXT NOT NULL,
    fs_created TEXT NOT NULL, fs_modified TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}', seq INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    stands_for TEXT,
    UNIQUE (list, number)
);
CREATE UNIQUE INDEX IF NOT EXISTS items_name
    ON items (parent, name_key) WHERE deleted = 0 AND kind IN ('folder', 'file');
CREATE INDEX IF NOT EXISTS items_seq ON items (list, seq);
CREATE TABLE IF NOT EXISTS versions (
    item TEXT NOT NULL, version INTEGER NOT NULL, blob TEXT, size INTEGER NOT NULL,
    modified_at TEXT NOT NULL, modified_by TEXT NOT NULL, PRIMARY KEY (item, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, list TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
    conflict TEXT NOT NULL, if_match TEXT, times TEXT NOT NULL, app TEXT NOT NULL,
    received INTEGER NOT NULL, total INTEGER, expires TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS copies (
    id TEXT PRIMARY KEY, polls INTEGER NOT NULL, item TEXT, error_code TEXT, error_message TEXT
);

CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, immutable_id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    mailbox TEXT NOT NULL, ical TEXT NOT NULL, organizer TEXT NOT NULL, subject TEXT NOT NULL,
    body TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, location TEXT NOT NULL,
    attendees TEXT NOT NULL, categories TEXT NOT NULL, private INTEGER NOT NULL,
    meeting TEXT, cancelled INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, modified_at TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS events_seq ON events (mailbox, seq);
CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL,
    size INTEGER NOT NULL, blob TEXT NOT NULL, inline INTEGER NOT NULL, modified_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS attachments_event ON attachments (event);

CREATE TABLE IF NOT EXISTS meetings (
    id TEXT PRIMARY KEY, organizer TEXT NOT NULL, join_url TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL, event TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS artifacts (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, meeting TEXT NOT NULL, call TEXT NOT NULL,
    correlation TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, blob TEXT NOT NULL,
    seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS artifacts_meeting ON artifacts (meeting, kind);
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY, meeting TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL,
    records TEXT NOT NULL, seq INTEGER NOT NULL
);

-- Replies carry the root's id; a reply moves its root's `seq` and `modified_at` too.
CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, id TEXT NOT NULL, reply_to TEXT, key TEXT UNIQUE, author TEXT NOT NULL,
    html TEXT NOT NULL, attachments TEXT NOT NULL, created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL, chain_at TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (channel, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_seq ON messages (channel, seq);
CREATE TABLE IF NOT EXISTS queued_posts (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, due TEXT NOT NULL, attachments TEXT NOT NULL
);
