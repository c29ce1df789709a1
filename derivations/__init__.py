"""Derivations of renp, physics in exact algebra: from Lagrangian terms to the spectral function.

Pipeline (each stage a pure function between frozen objects; every stage appends a named step to a ``Derivation``)::

    interactions/reader           TOML text               -> Interaction
    atom/nonrelativistic          electron bilinear       -> AtomicOperator
    processes/renp/amplitude      Interactions            -> Amplitude (terms over neutrino bilinears with one open index)
    neutrino/spin_sums            two neutrino bilinears  -> spin-summed trace, a polynomial in E_nu
    neutrino/pair_phase_space     polynomial in E_nu      -> closed form in (t, m_i, m_j, q0, q_z)
    processes/renp/spectrum       Gram matrix             -> SpectralFunction

No floats, no NumPy: exact numbers only.
"""
