"""Every way a model fails, provoked over real HTTP, with its calls and tokens counted."""
