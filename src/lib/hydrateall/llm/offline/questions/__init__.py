"""Question sets: one file per family of question types, `sets` picks from them, `cores` completes the answers."""
