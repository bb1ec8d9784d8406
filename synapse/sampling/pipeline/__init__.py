"""The whole path of one report without pages: dictionary and population in, samples out."""
