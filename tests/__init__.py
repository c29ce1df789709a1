"""The test suite; a package, so that its rooms never shadow the packages that they test."""
