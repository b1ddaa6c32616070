-- Online meetings and what is left of them; channels.

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
