"""Is this turn worth remembering?"""
