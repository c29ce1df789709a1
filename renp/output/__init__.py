"""What leaves the program: files, directory trees, the terminal."""
