from object_library import Particle

import parameters as Param

ve = Particle(pdg_code=12, name="ve", antiname="ve~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
ve__tilde__ = ve.anti()
vm = Particle(pdg_code=14, name="vm", antiname="vm~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
vm__tilde__ = vm.anti()
vt = Particle(pdg_code=16, name="vt", antiname="vt~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
vt__tilde__ = vt.anti()
em = Particle(pdg_code=11, name="e-", antiname="e+", spin=2, color=1, mass=Param.Me, width=Param.ZERO, charge=-1)
em__tilde__ = em.anti()
Zd = Particle(pdg_code=32, name="Zd", antiname="Zd", spin=3, color=1, mass=Param.MZd, width=Param.ZERO, charge=0)
