"""``python -m zwkprognose`` is the command ``zwkprognose``."""

import sys

from zwkprognose.cli import main

if __name__ == "__main__":
    sys.exit(main())
