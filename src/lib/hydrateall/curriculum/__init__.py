"""Boards → subjects → chapters → topics → notes and questions."""
