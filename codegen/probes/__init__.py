"""Other probes than pair emission: records of derived cross sections in, a module of Python or tables in memory out."""
