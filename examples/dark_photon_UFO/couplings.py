from object_library import Coupling

GC_1 = Coupling(name="GC_1", value="complex(0,1)*gd", order={"QED": 1})
GC_2 = Coupling(name="GC_2", value="-complex(0,1)*gd/2", order={"QED": 1})
