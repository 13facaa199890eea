"""Tables that join sources, in plain SQL; the grain and the surprise stand above each query."""
