"""Disclosure: public notices against their legal clocks, with everything private kept out."""
