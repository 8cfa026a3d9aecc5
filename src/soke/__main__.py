"""``python -m soke``."""

from soke.cli import main

if __name__ == "__main__":
    main()
