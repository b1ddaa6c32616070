"""Everything that is held on a meeting or a year: gathered, laid out, told."""
