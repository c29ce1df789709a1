"""The ledger: what papers print, and the proofs that decide it."""
