"""``python -m zwkprognose.cli`` is the command ``zwkprognose``, as is ``python -m zwkprognose``."""

import sys

from zwkprognose.cli import main

if __name__ == "__main__":
    sys.exit(main())
