"""The sample: an invented world in Hanzhong's eleven counties, the same for the same seed, for trying everything out.

The makers are pure: a seed and a day in, rows out; the product's own import commands do the loading.
"""
