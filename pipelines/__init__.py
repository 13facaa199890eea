"""Writes: deliveries to a published file of protected figures."""
