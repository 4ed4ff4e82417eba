"""Dialogs, only where a decision stops everything: signing, export, settings, help."""
