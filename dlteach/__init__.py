"""dlteach teaches the mathematics of deep learning in a terminal, and takes nothing on trust."""

__version__ = "0.1.0"

if hasattr(__spec__.loader, "archive"):  # inside a zip
    from dlteach.system.archive import enter

    enter(__path__, __spec__.loader)
