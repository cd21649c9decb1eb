"""The pages: a borrower's on a phone and an operator's at a desk. Server-rendered, whole without JavaScript."""
