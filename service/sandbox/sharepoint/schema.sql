-- Sites, lists, folders, files and rows; uploads and copies under way.

CREATE TABLE IF NOT EXISTS sites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL, url TEXT NOT NULL,
    created_at TEXT NOT NULL, key TEXT, owner TEXT
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
-- `deleted` is 1 in the recycle bin and 2 for good. `depth` counts folders from the root;
-- `children` and `below` (bytes) are what lies in a folder, kept by the triggers.
CREATE TABLE IF NOT EXISTS items (
    id TEXT PRIMARY KEY, list TEXT NOT NULL, number INTEGER NOT NULL, guid TEXT NOT NULL,
    parent TEXT, name TEXT NOT NULL, name_key TEXT, kind TEXT NOT NULL,
    blob TEXT, size INTEGER NOT NULL DEFAULT 0, xor TEXT, mime TEXT,
    content_version INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    modified_at TEXT NOT NULL, modified_by TEXT NOT NULL,
    fs_created TEXT NOT NULL, fs_modified TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}', seq INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    stands_for TEXT, description TEXT, deleted_at TEXT,
    depth INTEGER NOT NULL DEFAULT 0, children INTEGER NOT NULL DEFAULT 0,
    below INTEGER NOT NULL DEFAULT 0,
    UNIQUE (list, number)
);
CREATE UNIQUE INDEX IF NOT EXISTS items_name
    ON items (parent, name_key) WHERE deleted = 0 AND kind IN ('folder', 'file');
CREATE INDEX IF NOT EXISTS items_seq ON items (list, seq);
CREATE INDEX IF NOT EXISTS items_depth ON items (list, deleted, depth, number);
CREATE TRIGGER IF NOT EXISTS items_put AFTER INSERT ON items
WHEN NEW.parent IS NOT NULL AND NEW.deleted = 0 BEGIN
    UPDATE items SET children = children + 1, below = below + NEW.size + NEW.below
    WHERE id = NEW.parent;
END;
CREATE TRIGGER IF NOT EXISTS items_weighed AFTER UPDATE OF size, below ON items
WHEN NEW.parent IS OLD.parent AND NEW.deleted = 0 AND OLD.deleted = 0
    AND NEW.size + NEW.below <> OLD.size + OLD.below BEGIN
    UPDATE items SET below = below + NEW.size + NEW.below - OLD.size - OLD.below
    WHERE id = NEW.parent;
END;
CREATE TRIGGER IF NOT EXISTS items_taken AFTER UPDATE OF parent, deleted ON items
WHEN NEW.parent IS NOT OLD.parent OR (NEW.deleted = 0) <> (OLD.deleted = 0) BEGIN
    UPDATE items SET children = children - 1, below = below - OLD.size - OLD.below
    WHERE id = OLD.parent AND OLD.deleted = 0;
    UPDATE items SET children = children + 1, below = below + NEW.size + NEW.below
    WHERE id = NEW.parent AND NEW.deleted = 0;
END;
CREATE TABLE IF NOT EXISTS versions (
    item TEXT NOT NULL, version INTEGER NOT NULL, blob TEXT, size INTEGER NOT NULL, xor TEXT,
    modified_at TEXT NOT NULL, modified_by TEXT NOT NULL, PRIMARY KEY (item, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, list TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
    conflict TEXT NOT NULL, if_match TEXT, if_none_match TEXT, times TEXT NOT NULL,
    description TEXT, app TEXT NOT NULL, defer INTEGER NOT NULL, received INTEGER NOT NULL,
    total INTEGER, xor TEXT, expires TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS copies (
    id TEXT PRIMARY KEY, polls INTEGER NOT NULL, polled INTEGER NOT NULL, expires TEXT NOT NULL,
    item TEXT, error_code TEXT, error_message TEXT
);

-- What holds an item besides permissions. An item without a row is free.
-- `kept` is what a discarded check-out goes back to; `checked_in` is 0 until the first check-in.
CREATE TABLE IF NOT EXISTS item_states (
    item TEXT PRIMARY KEY, open_by TEXT, checked_out_by TEXT, kept TEXT,
    checked_in INTEGER NOT NULL DEFAULT 1, comment TEXT,
    label TEXT, label_by TEXT, label_at TEXT, record_locked INTEGER NOT NULL DEFAULT 0,
    moderation INTEGER, was_approved INTEGER NOT NULL DEFAULT 0,
    no_download INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS library_settings (
    list TEXT PRIMARY KEY, force_checkout INTEGER NOT NULL DEFAULT 0,
    approval INTEGER NOT NULL DEFAULT 0, no_download INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Who may what: a site's people, an item's own grants and links, and items that inherit nothing.
CREATE TABLE IF NOT EXISTS site_people (
    site TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (site, person)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS permissions (
    id TEXT NOT NULL, item TEXT NOT NULL, role TEXT NOT NULL, person TEXT, mail TEXT,
    link_type TEXT, link_scope TEXT, app TEXT, share TEXT, expires TEXT,
    created_at TEXT NOT NULL, created_by TEXT NOT NULL, PRIMARY KEY (item, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS own_scopes (item TEXT PRIMARY KEY) WITHOUT ROWID;
