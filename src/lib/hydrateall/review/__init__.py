"""People judge: the review queue, decisions that stay, corrections, and validating a bank again."""
