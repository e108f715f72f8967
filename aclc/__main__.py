"""`python -m aclc`."""

from aclc.cli import main

if __name__ == "__main__":
    main()
