"""The whole path of one report without pages."""
