"""How well a prompt version and a model do on frozen cases: asked, scored, kept, compared."""
