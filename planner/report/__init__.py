"""The report of a run: one page that needs no network and no program, made from the run folder alone."""
