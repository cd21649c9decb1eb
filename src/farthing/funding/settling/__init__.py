"""The day's statement of a partner's settlement account, as a file of two forms, and the partner's own file against it."""
