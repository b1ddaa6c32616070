"""`python -m service.settings` prints the example environment file."""

import sys

from service.settings.example import example

sys.stdout.write(example())
