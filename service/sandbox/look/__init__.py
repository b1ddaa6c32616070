"""
A look inside for a person with a browser: `GET /_sandbox/`, in Swedish, without a token.

It reads the tables directly and never through a call of the tenant, so looking leaves no
trace in the log of requests and uses up no faults.
"""

from service.sandbox.look.visits import Look

__all__ = ["Look"]
