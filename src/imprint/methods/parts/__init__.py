"""What methods are built from and may share; the methods themselves do not import each other."""
