"""Recipe of a classifier of findings on chest films, tested without the bias of its films."""
