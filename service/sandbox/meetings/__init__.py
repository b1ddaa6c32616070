"""Online meetings and what is left of them: recordings, transcripts, attendance."""
