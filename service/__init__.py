"""Nätverket: the Microsoft 365 side of a network of municipalities."""
