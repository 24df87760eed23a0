"""Lets `python -m agent_assist` do the same as the installed command."""

import sys


def main() -> int:
    """Run the command line; returns the exit code of the contract (0 done … 5 integrity check failed)."""
    from agent_assist.cli import main as cli_main  # only when the program is called

    return cli_main()


if __name__ == "__main__":
    sys.exit(main())
