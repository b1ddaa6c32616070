"""What is held, as something to hand out; what was deleted, as something to keep."""
