"""`psu-planner doctor`."""

from typing import Any

import click

from planner.cli.command import Stop, command


@click.command(short_help="Check this installation: versions, files, engines.")
@command
def doctor(talk: Any) -> None:
    """Check this installation: versions, shipped files, the three solvers.

    Example: psu-planner doctor
    """
    from planner.doctor import doctor_command

    raise Stop(doctor_command(talk))
