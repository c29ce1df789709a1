from object_library import Lorentz

FFV1 = Lorentz(name="FFV1", spins=[2, 2, 3], structure="Gamma(3,2,-1)*ProjM(-1,1)")
FFV2 = Lorentz(name="FFV2", spins=[2, 2, 3], structure="Gamma(3,2,1)")
FFV3 = Lorentz(name="FFV3", spins=[2, 2, 3], structure="Gamma(3,2,-1)*Gamma5(-1,1)")
