"""The main job before your eyes: one report from its dictionary to approved samples."""
