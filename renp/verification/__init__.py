"""Verification: evaluators against independent routes, the ledger, claims on the benchmark."""
