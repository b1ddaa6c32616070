"""
Figures that are measured and written down; nothing here is a test.

`upload` and `small_files` are filing beside rclone, `digest` is the letter of a busy channel,
`surveys` is 100,000 responses read beside pandas. Each runs alone: `python -m benchmarks.surveys`.
"""
