"""Static INT8 networks: made, measured beside the shipped ones, and put into a package that loses nothing."""
