"""What the house tells about itself: metrics for Prometheus, and messages to those who asked to know."""
