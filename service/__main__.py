"""`python -m service` is `natverket`."""

from service.cli import main

main()
