"""Actions made real, each once: claimed in the ledger, done in the tenant, recorded."""
