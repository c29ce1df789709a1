"""Code that is not ours as a black box: what it computes, product of couplings by product, against the derivation."""
