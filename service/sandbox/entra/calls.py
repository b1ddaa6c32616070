"""The table's rows on the directory."""

from service.sandbox.entra import access, users
from service.sandbox.routes import Row, row

DIRECTORY: tuple[Row, ...] = (*row("GET", "/users/{user}", access.user, "user", 1, users.get_user),)
