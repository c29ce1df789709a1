"""``python -m renp`` is the command ``renp``."""

from renp.cli.main import main

if __name__ == "__main__":
    main()
