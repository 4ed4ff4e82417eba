"""The second read: proposals, decisions, what the AI missed, and the signature that alone makes a report."""
