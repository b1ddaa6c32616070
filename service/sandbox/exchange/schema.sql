-- Mailboxes.

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
