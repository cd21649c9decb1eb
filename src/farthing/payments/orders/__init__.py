"""Files of payment orders that a customer brings: understood, agreed to, made one by one, told of at any time."""
