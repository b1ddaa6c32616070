-- Mailboxes: their calendars, their mail and what is attached.

CREATE TABLE IF NOT EXISTS calendars (
    id TEXT PRIMARY KEY, mailbox TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (mailbox, name)
);

-- `kind` as Graph's eventType. Occurrences are rows of their own, made as far ahead as anybody
-- has looked. An event that was moved to another calendar leaves a deleted row under its old id.
-- `widest_start` and `widest_end` are the hull of all times that the event has ever had.
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, immutable_id TEXT NOT NULL, key TEXT UNIQUE, mailbox TEXT NOT NULL,
    calendar TEXT NOT NULL, kind TEXT NOT NULL, master TEXT, original_start TEXT,
    recurrence TEXT, zone TEXT NOT NULL, all_day INTEGER NOT NULL, ical TEXT NOT NULL,
    organizer TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, start TEXT NOT NULL,
    "end" TEXT NOT NULL, location TEXT NOT NULL, attendees TEXT NOT NULL,
    categories TEXT NOT NULL, private INTEGER NOT NULL, importance TEXT NOT NULL,
    response TEXT NOT NULL, responded_at TEXT NOT NULL, meeting TEXT,
    cancelled INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
    widest_start TEXT NOT NULL, widest_end TEXT NOT NULL,
    created_at TEXT NOT NULL, modified_at TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS events_immutable ON events (immutable_id) WHERE deleted = 0;
CREATE INDEX IF NOT EXISTS events_seq ON events (calendar, seq);
CREATE INDEX IF NOT EXISTS events_mailbox ON events (mailbox, start);
CREATE INDEX IF NOT EXISTS events_master ON events (master);

-- Of events and of mails: `event` is the id of either. `kind` is file, item or reference.
CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    content_type TEXT, size INTEGER NOT NULL, blob TEXT NOT NULL, inline INTEGER NOT NULL,
    content_id TEXT, item TEXT, modified_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS attachments_event ON attachments (event);

CREATE TABLE IF NOT EXISTS mail_folders (
    id TEXT PRIMARY KEY, mailbox TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL,
    UNIQUE (mailbox, parent, name)
);
-- A mail that was moved or deleted leaves a row under its old id, `deleted`.
CREATE TABLE IF NOT EXISTS mails (
    id TEXT PRIMARY KEY, immutable_id TEXT NOT NULL, key TEXT, mailbox TEXT NOT NULL,
    folder TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, body_type TEXT NOT NULL,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, importance TEXT NOT NULL,
    categories TEXT NOT NULL, internet_id TEXT NOT NULL, conversation TEXT NOT NULL,
    draft INTEGER NOT NULL, read INTEGER NOT NULL, sent_at TEXT, received_at TEXT,
    deleted INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, modified_at TEXT NOT NULL,
    seq INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS mails_seq ON mails (folder, seq);
CREATE TABLE IF NOT EXISTS attachment_uploads (
    id TEXT PRIMARY KEY, mail TEXT NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL,
    size INTEGER NOT NULL, inline INTEGER NOT NULL, content_id TEXT,
    received INTEGER NOT NULL, app TEXT NOT NULL, expires TEXT NOT NULL
);
