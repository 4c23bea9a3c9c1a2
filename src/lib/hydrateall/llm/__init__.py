"""The model gateway: providers, prompts, prices, the log of every call."""
