"""What the filing of materials decides, a file for each kind of decision; all pure."""
