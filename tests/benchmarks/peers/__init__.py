"""Other engines that are compared, each in a virtual environment of its own."""
