"""Studies: sensitivities, identification, scans, figures."""
