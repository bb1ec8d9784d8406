"""The earlier system's way of calling a model, inside request and transaction, for comparison."""
