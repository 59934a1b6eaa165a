"""What a verdict rests on

What is not known cannot pass.
"""
