"""HydrateAll: a curriculum becomes reviewed, published, learnable content."""
