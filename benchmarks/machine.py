"""On what a measurement was made: date, versions, machine. Seconds of two machines never compare."""

import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any

from planner.run_folder import versions


def surroundings() -> dict[str, Any]:
    """Date, versions of the program and its libraries, processor, its cores and the memory in MiB."""
    return {
        "date": datetime.now().astimezone().date().isoformat(),
        "versions": versions(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mib": _memory_mib(),
    }


def write_json(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def peak_mib() -> int | None:
    """The most memory that this process has held so far, libraries included; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (2**20 if platform.system() == "Darwin" else 2**10)


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in _lines(told) if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory_mib() -> int | None:
    told = [line.split()[1] for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")]
    return int(told[0]) // 2**10 if told else None


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
