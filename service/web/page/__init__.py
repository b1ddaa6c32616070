"""
The status page: how the service stands, for an administrator and a coordinator.

Everything is read from the state alone. Reading changes nothing; buttons are forms, so that
no script is needed, and a form is believed only from our own page.
"""

from service.web.page.entrance import Entrance
from service.web.page.house import House
from service.web.page.routes import admits, page_routes

__all__ = ["Entrance", "House", "admits", "page_routes"]
