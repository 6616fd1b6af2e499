"""Areas: their keys, how they nest, how they change between years."""
