-- Channels.

-- Replies carry the root's id; whatever happens to a reply moves its root's `seq` and
-- `chain_at` too. `event` is the eventDetail of a system message.
CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, id TEXT NOT NULL, reply_to TEXT, key TEXT UNIQUE, author TEXT NOT NULL,
    html TEXT NOT NULL, attachments TEXT NOT NULL, created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL, chain_at TEXT NOT NULL, seq INTEGER NOT NULL,
    content_type TEXT NOT NULL DEFAULT 'html', subject TEXT, importance TEXT NOT NULL DEFAULT
    'normal', edited_at TEXT, deleted_at TEXT, event TEXT, mentions TEXT NOT NULL DEFAULT '[]',
    reactions TEXT NOT NULL DEFAULT '[]', policy TEXT,
    PRIMARY KEY (channel, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_seq ON messages (channel, seq);
CREATE INDEX IF NOT EXISTS messages_chain ON messages (channel, reply_to, id);
-- What a deleted message said, as JSON, should its author think better of it.
CREATE TABLE IF NOT EXISTS taken_back (
    channel TEXT NOT NULL, id TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (channel, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hosted_contents (
    channel TEXT NOT NULL, message TEXT NOT NULL, id TEXT NOT NULL, blob TEXT NOT NULL,
    content_type TEXT NOT NULL, PRIMARY KEY (channel, message, id)
) WITHOUT ROWID;

-- What has changed since the first day: who is in the team (`channel` is empty) or in a private
-- or shared channel, what a channel is called, which apps are installed or blocked.
CREATE TABLE IF NOT EXISTS roster (
    channel TEXT NOT NULL, person TEXT NOT NULL, role TEXT, PRIMARY KEY (channel, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS channel_names (
    channel TEXT PRIMARY KEY, name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS team_apps (app TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notifications (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, app TEXT NOT NULL, type TEXT NOT NULL,
    recipient TEXT NOT NULL, preview TEXT NOT NULL
);

-- Flows: what was done to one, and every run.
CREATE TABLE IF NOT EXISTS flows (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, trouble TEXT, key INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS flow_runs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flow TEXT NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT, status TEXT NOT NULL, code TEXT, message TEXT,
    messages TEXT NOT NULL DEFAULT '[]'
);

-- Calls that a limit of Teams counts, by the sandbox's clock.
CREATE TABLE IF NOT EXISTS counted (who TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS counted_who ON counted (who, at);
