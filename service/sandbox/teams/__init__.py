"""Channels, flows that post to them, and online meetings."""
