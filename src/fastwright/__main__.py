"""`python -m fastwright`."""

from fastwright.cli import main

if __name__ == "__main__":
    main()
