"""What people say about themselves, one file a part of life: each reads a scene and hands back facts."""
