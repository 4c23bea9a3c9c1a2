"""The labelled corpus: questions known to be good, and ways to spoil them."""
