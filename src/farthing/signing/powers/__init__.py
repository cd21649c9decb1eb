"""Powers of attorney: an agreement in whose form a customer lets a helper act for her, and the power that begins with it."""
