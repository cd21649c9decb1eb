"""What is on offer: products, rates and holidays, as they are published."""
