"""`python -m vms` is the command line."""

from vms.cli import main

main()
