"""What a command writes to a terminal of 80 columns, where programs are told of one."""

import os
import pty
import subprocess
from collections.abc import Sequence


def said_on_a_terminal(command: Sequence[str], **environment: str) -> str:
    """All that a command writes until it ends well, codes for colour and cursor among it."""
    mine, its = pty.openpty()
    process = subprocess.Popen(command, stdout=its, stderr=its, env={**os.environ, "COLUMNS": "80", **environment})
    os.close(its)
    said = b""
    try:
        while part := os.read(mine, 65536):
            said += part
    except OSError:  # the other side has closed
        pass
    os.close(mine)
    assert process.wait() == 0, said.decode()
    return said.decode()
