"""The restructuring problem as arithmetic: opens no file, prints nothing."""

__all__ = ["PROJECT"]

PROJECT = "psu-planner"
