"""Statistics as pure functions: arrays in, small frozen dataclasses out. Imports none of our packages."""
