"""What each known failure of the parts we stand on does to us, and that our measure is why not."""
