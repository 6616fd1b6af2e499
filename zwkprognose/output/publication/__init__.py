"""What may leave the house: rounded and protected."""
