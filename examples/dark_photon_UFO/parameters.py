from object_library import Parameter

ZERO = Parameter(name="ZERO", nature="internal", type="real", value="0.0", texname="0")
Me = Parameter(name="Me", nature="external", type="real", value=0.000511, texname="M_e")
MZd = Parameter(name="MZd", nature="external", type="real", value=10.0, texname="M_Z")
gd = Parameter(name="gd", nature="external", type="real", value=1e-12, texname="g_d")
