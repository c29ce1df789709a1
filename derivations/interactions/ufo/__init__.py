"""UFO models, read as data: no line of one is imported or executed.

======================  =======================================================================================
``declarations``        a file of declarations -> what it declares, by the grammar of Python and under bounds
``expressions``         expression strings -> numbers of any precision
``folder``              a folder -> particles, parameters, couplings, Lorentz structures and vertices
``lorentz``             Lorentz structures -> exact coordinates in chiral bilinears, by explicit spinor components
``selection``           vertices of electrons and neutrinos -> coupling matrices of mass states, in eV
``writing``             coupling matrices -> an ordinary interaction file, with the numbers beside it
======================  =======================================================================================
"""
