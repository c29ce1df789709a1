"""The literature room: printed formulas, typed as printed, one file per source."""
