"""The ways a message goes out, one module each. A sender returns how it was taken and raises nothing that a receiver can cause."""
