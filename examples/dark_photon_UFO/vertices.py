from object_library import Vertex

import couplings as C
import lorentz as L
import particles as P

V_1 = Vertex(
    name="V_1", particles=[P.ve__tilde__, P.ve, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_2 = Vertex(
    name="V_2", particles=[P.vm__tilde__, P.vm, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_3 = Vertex(
    name="V_3", particles=[P.vt__tilde__, P.vt, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_4 = Vertex(
    name="V_4",
    particles=[P.em__tilde__, P.em, P.Zd],
    color=["1"],
    lorentz=[L.FFV2, L.FFV3],
    couplings={(0, 0): C.GC_1, (0, 1): C.GC_2},
)
