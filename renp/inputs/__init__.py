"""What nature and the papers provide: atoms, oscillation parameters, bounds, constants."""
