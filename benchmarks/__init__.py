"""Figures that are measured and written down; nothing here is a test."""
