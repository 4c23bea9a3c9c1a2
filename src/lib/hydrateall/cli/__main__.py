"""`python -m hydrateall.cli`."""

from hydrateall.cli.app import main

main()
