"""One module per kind of task; each turns a network's outputs into statements (see inference.task)."""
