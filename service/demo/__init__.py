"""A year in the sandbox: the whole service, played through, beside what was published."""
