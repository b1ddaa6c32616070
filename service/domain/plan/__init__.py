"""The operations plan: what is to come, from the calendar and from rows without an event."""
