-- Online meetings and what is left of them.

CREATE TABLE IF NOT EXISTS meetings (
    id TEXT PRIMARY KEY, organizer TEXT NOT NULL, join_url TEXT NOT NULL UNIQUE,
    join_id TEXT NOT NULL, thread TEXT NOT NULL, event TEXT NOT NULL, channel TEXT,
    created_at TEXT NOT NULL
);
-- `item` is the file that a recording is as well, where there is a drive for it.
CREATE TABLE IF NOT EXISTS artifacts (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, meeting TEXT NOT NULL, call TEXT NOT NULL,
    correlation TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, blob TEXT NOT NULL,
    transcribed INTEGER NOT NULL, blocked INTEGER NOT NULL, item TEXT, expires TEXT,
    seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS artifacts_meeting ON artifacts (meeting, kind);
CREATE INDEX IF NOT EXISTS artifacts_expires ON artifacts (expires);
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY, meeting TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL,
    records TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS reports_meeting ON reports (meeting);
