"""Derivations of renp, physics in exact algebra: from Lagrangian terms to the spectral function.

Pipeline (each stage a pure function between frozen objects; every stage appends a named step to a ``Derivation``)::

    lagrangian        TOML text                  -> Interaction
    nonrelativistic   electron bilinear          -> AtomicOperator
    amplitude         Interactions               -> Amplitude (terms over neutrino bilinears with one open index)
    structure         two neutrino bilinears     -> spin-summed trace, a polynomial in E_nu
    phase_space       polynomial in E_nu         -> closed form in (t, m_i, m_j, omega)
    spectrum          Gram matrix                -> SpectralFunction

No floats, no NumPy: exact numbers only.
"""
