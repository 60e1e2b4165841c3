"""Accounts: units, people, roles with their scope, sign-in, and the phones that people enrol."""
