-- Forms and what people have answered. `item` is the workbook, with the name and folder in which
-- Forms left it; `flow_columns` are the list's columns that the form's flow fills.
CREATE TABLE IF NOT EXISTS forms (
    key TEXT PRIMARY KEY, title TEXT NOT NULL, owner TEXT NOT NULL, language TEXT NOT NULL,
    questions TEXT NOT NULL, library TEXT, folder TEXT NOT NULL, list TEXT,
    anonymous INTEGER NOT NULL, last_modified INTEGER NOT NULL, quiz INTEGER NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, flow_on INTEGER NOT NULL DEFAULT 1,
    flow_columns TEXT NOT NULL DEFAULT '{}', item TEXT, item_name TEXT, item_parent TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS responses (
    form TEXT NOT NULL, id INTEGER NOT NULL, started TEXT NOT NULL, completed TEXT NOT NULL,
    mail TEXT NOT NULL, name TEXT NOT NULL, answers TEXT NOT NULL, changed TEXT,
    PRIMARY KEY (form, id)
) WITHOUT ROWID;
