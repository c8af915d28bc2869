"""`python -m planner.cli`: the console script."""

from planner.cli import main

main()
