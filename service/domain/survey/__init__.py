"""Survey responses in, exact figures out, and what of them may be shown to whom."""
