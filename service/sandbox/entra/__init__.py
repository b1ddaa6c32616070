"""Sign-in, tokens, the directory and who may do what."""
