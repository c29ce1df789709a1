"""The neutrino line: bilinears as rows, spin sums, phase space of the pair, weak couplings, form factors."""
