"""Commands without a window, for scripts, batches and tests; each returns a process exit code."""
