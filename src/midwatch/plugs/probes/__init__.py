"""Looks at the world for the watch: is it well, is it bad, or can nobody tell?"""
