"""Recipes for the weights that all users share."""
