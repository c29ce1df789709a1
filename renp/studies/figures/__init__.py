"""The figures of the papers and their exact counterparts."""
