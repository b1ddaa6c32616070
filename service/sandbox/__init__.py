"""
A Microsoft 365 tenant in a box: the other side of the wire.

Imports nothing else of ours, so that what the service believes of Graph and what the
sandbox does are two opinions that can disagree.
"""
