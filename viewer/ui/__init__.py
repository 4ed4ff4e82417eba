"""The window (PySide6): widgets read a holder, draw, and call a command; nothing else knows Qt."""
