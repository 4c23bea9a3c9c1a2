"""The cascade's job engine: submit, claim, work, complete, reconcile."""
