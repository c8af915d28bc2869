"""Plans that people draw up by hand, in CSV or Excel: read, completed, and followed."""
