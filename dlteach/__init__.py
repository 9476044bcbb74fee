"""dlteach teaches the mathematics of deep learning in a terminal, and takes nothing on trust."""

__version__ = "0.1.0"
