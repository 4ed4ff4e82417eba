"""Use cases, commands, session, jobs and settings: everything the program does, without Qt."""
