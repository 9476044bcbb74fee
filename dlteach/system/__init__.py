"""What lies between the program and the machine: files, streams, signals, faults, and where things are kept."""
