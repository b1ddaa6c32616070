"""Mailboxes: their calendars and what hangs on events."""
