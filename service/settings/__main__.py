"""`python -m service.settings` prints the example environment file, `--reference` the page."""

import sys

from service.settings.example import example
from service.settings.reference import reference

sys.stdout.write(reference() if "--reference" in sys.argv[1:] else example())
