"""Sites, libraries, lists and the bytes of files."""
