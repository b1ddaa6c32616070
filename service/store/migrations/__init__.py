"""The steps by which a state came to its present form. Forward only."""
