"""Is a formula that is not ours right, and if not, where is it wrong? Decided exactly; nothing is fitted."""
