"""What an output says: facts, numbers, limits, demand, and the sentences beside them."""
