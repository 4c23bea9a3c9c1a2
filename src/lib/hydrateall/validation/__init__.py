"""The gates that content passes before it is stored."""
