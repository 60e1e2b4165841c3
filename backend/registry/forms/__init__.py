"""Checklist forms: XLSForm workbooks read, checked and compiled; expressions parsed and evaluated; answers judged.

``docs/checklists.md`` is the format's description. The phone has the same evaluator in ``field_api/phone/form``; both
read the vectors of ``tests/registry/form_vectors.json``.
"""
